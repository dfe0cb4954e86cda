import { expect, it } from 'vitest';
import { keepDraft, readDraft } from './draft.ts';

function keeper(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as Storage;
}

it('keeps a draft until it is saved', () => {
  const storage = keeper();
  expect(readDraft(storage, 'a')).toBeUndefined();
  expect(keepDraft(storage, 'a', { text: 'name: x', rev: '1' })).toBe(true);
  expect(readDraft(storage, 'a')).toEqual({ text: 'name: x', rev: '1' });
  expect(readDraft(storage, 'b')).toBeUndefined();
  keepDraft(storage, 'a', undefined);
  expect(readDraft(storage, 'a')).toBeUndefined();
});

it('does without a browser that keeps, and with what others left there', () => {
  const storage = keeper();
  storage.setItem('vwmp.draft.a', '{"text":');
  expect(readDraft(storage, 'a')).toBeUndefined();
  const full = {
    ...storage,
    setItem: () => {
      throw new Error('full');
    },
  } as Storage;
  expect(keepDraft(full, 'a', { text: '', rev: undefined })).toBe(false);
});
