import { expect, test } from 'vitest';
import { parse } from './read.ts';
import { createDocumentStore } from './store.ts';
import { places, stillUnread, type Unread } from './unread.ts';
import type { Path } from './value.ts';

const unread = (address: Path): Unread => ({ address, label: 'Field', text: '{a: [', value: undefined });
const a = { name: 'a', type: 'enum' };
const b = { name: 'b', type: 'string' };
const c = { name: 'c', type: 'string' };

test('tells where the items of a list are', () => {
  const where = (before: unknown, now: unknown) => [0, 1, 2].map(places(before, now));
  expect(where([a, b], [b])).toEqual([undefined, 0, undefined]);
  expect(where([b], [a, b])).toEqual([1, undefined, undefined]);
  expect(where([a, b, c], [a, { ...b, label: 'B' }, c])).toEqual([0, 1, 2]);
  expect(where([a, b, c], [a, c, b])).toEqual([0, undefined, undefined]);
  // One edit of several, as when a parameter is renamed that others name.
  const named = (text: string) => ({ name: 'd', visible_when: text });
  expect(where([a, named('a'), c], [{ ...a, name: 'x' }, named('x'), c])).toEqual([0, 1, 2]);
  expect(where([{ name: 'a' }, 1, c], [{ name: 'x' }, 2, c])).toEqual([0, 1, 2]);
  // They also changed their places.
  expect(where([a, b, c], [{ ...b, label: 'B' }, { ...a, label: 'A' }, c])).toEqual([
    undefined,
    undefined,
    2,
  ]);
  expect(where([1, 2, 3], [2, 5, 3])).toEqual([undefined, 1, 2]);
  expect(where([a, a], [a])).toEqual([0, undefined, undefined]);
  expect(where(undefined, [a])).toEqual([undefined, undefined, undefined]);
});

test('what cannot be read follows its item, and goes where that is not known', () => {
  const addresses = (before: unknown[], now: unknown[]) =>
    stillUnread([unread(['parameters', 1, 'validation'])], { parameters: now }, { parameters: before }).map(
      ({ address }) => address,
    );
  expect(addresses([a, b], [c, a, b])).toEqual([['parameters', 2, 'validation']]);
  expect(addresses([a, b, c], [b, c])).toEqual([['parameters', 0, 'validation']]);
  expect(addresses([a, b, c], [a, c])).toEqual([]);
  expect(addresses([a, b, c], [a, c, b])).toEqual([]);
});

test.each<[string, Path, string, string]>([
  ['Options', ['parameters', 0, 'options'], 'enum', 'string'],
  ['Default', ['parameters', 0, 'default'], 'string', 'secret'],
  ['Form', ['steps', 'ask', 'config', 'form'], 'core.approval', 'core.log'],
  ['Events', ['triggers', 0, 'events'], 'webhook', 'schedule'],
])('%s that cannot be read goes with its field', (label, address, before, now) => {
  const text = `parameters: [{ name: a, type: ${before} }]
steps: [{ id: ask, handler: ${before} }]
triggers: [{ ${before}: x }]
`;
  const store = createDocumentStore(text, text);
  store.leaveUnread(address, { label, text: '[a', value: undefined });
  store.type(text.replaceAll('name: a', 'name: b'));
  expect(store.getState().unread).toHaveLength(1);
  store.type(text.replaceAll(before, now));
  expect(parse(store.getState().text).problems).toEqual([]);
  expect(store.getState().unread).toEqual([]);
});

test('what has no field is let go by who does not find it', () => {
  const store = createDocumentStore('name: a\n', 'name: a\n', [unread(['gone'])]);
  expect(store.getState().isChanged).toBe(true);
  let found: Unread | undefined | null = null;
  expect(store.goToUnread((each) => (found = each))).toBe(true);
  store.getState().goTo!.arrived(false);
  expect(found).toBeUndefined();
  expect(store.getState()).toMatchObject({ unread: [], isChanged: false });
  expect(store.goToUnread(() => {})).toBe(false);
});
