import { beforeEach, expect, it, vi } from 'vitest';
import { createDrafts, type Drafts } from './draft.ts';

function keeper(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as Storage;
}
/** Whether it is asked before the page is left. */
let asks: () => boolean;
beforeEach(() => {
  const page = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  asks = () => !page.dispatchEvent(new Event('beforeunload', { cancelable: true }));
});

const tabOf = (storage: Storage): Drafts => createDrafts(() => storage);

it('keeps a draft until it is saved', () => {
  const storage = keeper();
  const drafts = tabOf(storage);
  expect(drafts.read('a')).toBeUndefined();
  expect(drafts.keep('a', { text: 'name: x', rev: '1' })).toBe('kept');
  expect(drafts.keep('a', { text: 'name: xy', rev: '1' })).toBe('kept');
  expect(tabOf(storage).read('a')).toEqual({ text: 'name: xy', rev: '1' });
  expect(tabOf(storage).read('b')).toBeUndefined();
  drafts.keep('a', undefined);
  expect(tabOf(storage).read('a')).toBeUndefined();
});

it('leaves the draft of another tab alone until that tab has saved', () => {
  const storage = keeper();
  const [one, other] = [tabOf(storage), tabOf(storage)];
  for (const tab of [one, other]) tab.read('a');
  other.keep('a', { text: 'other', rev: '1' });
  expect(one.keep('a', { text: 'one', rev: '1' })).toBe('taken');
  expect(one.read('a')?.text).toBe('one');
  expect(one.keep('a', undefined)).toBe('kept');
  expect(tabOf(storage).read('a')?.text).toBe('other');
  other.keep('a', undefined);
  expect(one.keep('a', { text: 'one', rev: '1' })).toBe('kept');
});

it('discards a draft whichever tab has kept it', () => {
  const storage = keeper();
  tabOf(storage).keep('a', { text: 'other', rev: '1' });
  const one = tabOf(storage);
  one.keep('a', { text: 'one', rev: '1' });
  one.discard('a');
  expect(one.read('a')).toBeUndefined();
  expect(asks()).toBe(false);
});

it('does without a browser that keeps: it keeps it as long as the page is there, and asks before that is left', () => {
  const drafts = createDrafts(() => {
    throw new Error('not allowed');
  });
  expect(drafts.read('b')).toBeUndefined();
  expect(drafts.keep('b', { text: 'mine', rev: undefined })).toBe('refused');
  expect(drafts.read('b')?.text).toBe('mine');
  expect(asks()).toBe(true);
  drafts.keep('b', undefined);
  expect(drafts.read('b')).toBeUndefined();
  expect(asks()).toBe(false);
});

it('asks nothing when all is kept, and does with what others left there', () => {
  const storage = keeper();
  storage.setItem('vwmp.draft.a', '{"text":');
  const drafts = tabOf(storage);
  expect(drafts.read('a')).toBeUndefined();
  expect(drafts.keep('a', { text: 'mine', rev: '1' })).toBe('kept');
  expect(asks()).toBe(false);
});
