import { expect, test } from 'vitest';
import { setField } from './edits.ts';
import { createDocumentStore } from './store.ts';

const text = 'name: One # kept\nsteps:\n  - { id: a, handler: core.set }\n';
const rename = (name: string) => (now: string) => setField(now, ['name'], name);

test('the last good document stays while the text is broken, and edits wait', () => {
  const store = createDocumentStore(text, text);
  store.type('name: [Two\n');
  expect(store.getState()).toMatchObject({ isBroken: true, document: { name: 'One' }, text: 'name: [Two\n' });
  expect(store.getState().source.problems[0]).toMatchObject({ code: 'SYNTAX', line: expect.any(Number) });
  expect(store.edit('Rename', rename('Three'))).toBe(false);
  store.undo();
  expect(store.getState()).toMatchObject({ isBroken: false, text });
});

test('what was saved is the last good document of a text that begins with a mistake', () => {
  const store = createDocumentStore('name: [Two\n', text);
  expect(store.getState()).toMatchObject({ isBroken: true, isChanged: true, document: { name: 'One' } });
});

test('it is changed only when the text differs from what was saved', () => {
  const store = createDocumentStore(text, text);
  expect(store.getState().isChanged).toBe(false);
  store.edit('Rename', rename('Two'));
  expect(store.getState().isChanged).toBe(true);
  store.edit('Rename', rename('One'));
  expect(store.getState()).toMatchObject({ isChanged: false, text });
  store.edit('Rename', rename('Two'));
  store.saved();
  expect(store.getState().isChanged).toBe(false);
});

test('typing into one field is undone at once, and another field is another change', () => {
  const store = createDocumentStore(text, text);
  for (const name of ['T', 'Tw', 'Two']) store.edit('Change name', rename(name), 'name');
  store.edit('Change description', (now) => setField(now, ['description'], 'x'), 'description');
  expect(store.getState().undoLabel).toBe('Change description');
  store.undo();
  expect(store.getState()).toMatchObject({ undoLabel: 'Change name', redoLabel: 'Change description' });
  store.undo();
  expect(store.getState()).toMatchObject({ text, undoLabel: undefined });
  store.redo();
  expect(store.getState().text).toContain('name: Two # kept');
});

test('what was typed is undone line by line, and place by place', () => {
  const store = createDocumentStore('');
  const lines = ['a: 1\n', 'b: 2\n', 'c: 3'];
  for (const letter of lines.join('')) store.type(store.getState().text + letter, 'typing');
  store.type(store.getState().text.replace('a: 1', 'a: 12'), 'typing');
  store.type(store.getState().text.replace('a: 12', 'a: 123'), 'typing');
  const seen: string[] = [];
  while (store.getState().undoLabel !== undefined) {
    store.undo();
    seen.push(store.getState().text);
  }
  expect(seen).toEqual(['a: 1\nb: 2\nc: 3', 'a: 1\nb: 2', 'a: 1', '']);
});

test('what was undone is gone after another change', () => {
  const store = createDocumentStore(text);
  store.edit('Rename', rename('Two'));
  store.undo();
  store.edit('Rename', rename('Three'));
  expect(store.getState().redoLabel).toBeUndefined();
});

test('listeners are told until they leave', () => {
  const store = createDocumentStore(text);
  let told = 0;
  const leave = store.subscribe(() => told++);
  store.edit('Rename', rename('Two'));
  store.edit('Rename', rename('Two'));
  leave();
  store.undo();
  expect(told).toBe(1);
});
