import { expect, test, vi } from 'vitest';
import type { HandlerDescription } from '../backend.ts';
import * as edits from '../document/edits.ts';
import { createDocumentStore } from '../document/index.ts';
import { validate } from '../graph/validate.ts';
import { layOutGraph } from '../layout/layout.ts';
import type { Editor } from './editor.ts';
import { createEditor } from './store.ts';

const handlers: HandlerDescription[] = [{ path: 'core.set', title: 'Set', description: '', config: {} }];
const text = `name: x
steps:
  - { id: a, handler: core.set }
  - { id: b, handler: core.set, dependencies: [a] }
`;

function make(
  given = text,
  document = createDocumentStore(given, given),
  kept = new Map<string, string>(),
  readOnly?: string,
): { editor: Editor; kept: Map<string, string> } {
  const editor = createEditor({
    document,
    edits: () => edits,
    handlers,
    types: [],
    workflowId: 'x',
    readOnly,
    keeper: {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    },
    layOut: layOutGraph,
    check: async ({ source }, known, types) => validate(source, known, types),
  });
  return { editor, kept };
}

const edges = (editor: Editor) => editor.getState().graph.edges.map(({ id }) => id);
const textOf = (editor: Editor) => editor.getState().document.text;

test('what is added is selected and said', () => {
  const { editor } = make();
  expect(editor.add({ handler: 'core.set', after: [{ step: 'b' }] })).toBe('set');
  expect([...editor.getState().selected]).toEqual(['set']);
  expect(editor.getState().announcement.text).toBe('Add step: set');
  expect(edges(editor)).toEqual(['a→b', 'b→set']);
});

test('what is read only stays as it is, and each try says why', () => {
  const why = 'Your key may only read.';
  const { editor } = make(text, undefined, undefined, why);
  const tries: readonly (() => unknown)[] = [
    () => editor.add({ handler: 'core.set', after: [] }),
    () => editor.remove(['a']),
    () => editor.duplicate(['a']),
    () => editor.rename('a', 'c'),
    () => editor.disconnect({ step: 'a' }, 'b'),
    () => editor.set(['name'], 'y'),
    () => editor.paste('- { id: c, handler: core.set }'),
  ];
  for (const attempt of tries) {
    editor.dismissRefusal();
    attempt();
    expect(editor.getState().refusal).toBe(why);
  }
  expect(textOf(editor)).toBe(text);
  expect(editor.copy(['a'])).toContain('id: a');
});

test('a move is undone in an editor that came after the one in which it was made', () => {
  const { editor, kept } = make();
  const before = editor.getState().positions.get('a');
  editor.move({ a: { x: 500, y: 7 } });
  editor.dispose();
  const { editor: next } = make(text, editor.document, kept);
  expect(next.getState().positions.get('a')).toEqual({ x: 500, y: 7 });
  next.undo();
  expect(next.getState().positions.get('a')).toEqual(before);
  next.redo();
  expect(next.getState().positions.get('a')).toEqual({ x: 500, y: 7 });
});

test('a step that is renamed keeps its place and stays selected', () => {
  const { editor } = make();
  editor.move({ a: { x: 500, y: 7 } });
  editor.select(['a']);
  expect(editor.rename('a', 'first')).toBe(true);
  expect([...editor.getState().selected]).toEqual(['first']);
  expect(editor.getState().positions.get('first')).toEqual({ x: 500, y: 7 });
  editor.undo();
  expect(editor.getState().positions.get('a')).toEqual({ x: 500, y: 7 });
  editor.redo();
  expect(editor.getState().positions.get('first')).toEqual({ x: 500, y: 7 });
  expect(editor.rename('first', 'b')).toBe(false);
  expect(editor.getState().refusal).toContain('"b"');
  expect(editor.rename('first', 'not good')).toBe(false);
});

test('what is gone is no longer selected', () => {
  const { editor } = make();
  editor.select(['a', 'b'], ['a→b']);
  editor.remove(['a']);
  expect([...editor.getState().selected]).toEqual(['b']);
  expect(editor.getState().selectedEdges.size).toBe(0);
  editor.undo();
  expect(textOf(editor)).toBe(text);
});

test('places are kept apart from the document, and undone with the rest', () => {
  const { editor, kept } = make();
  const before = editor.getState().positions;
  editor.move({ b: { x: 900, y: 900 } });
  editor.layOut('right');
  expect(textOf(editor)).toBe(text);
  expect(editor.getState().document.isChanged).toBe(false);
  expect([...kept.values()]).toEqual(['{"direction":"right","moved":{}}']);
  editor.undo();
  expect(editor.getState().positions.get('b')).toEqual({ x: 900, y: 900 });
  editor.undo();
  expect(editor.getState().positions).toEqual(before);
  editor.redo();
  expect(editor.getState().positions.get('b')).toEqual({ x: 900, y: 900 });
});

test('steps and edges are deleted at once, and come back at once', () => {
  const { editor } = make();
  editor.remove([], ['a→b']);
  expect(edges(editor)).toEqual([]);
  expect(editor.connect({ step: 'a' }, 'b')).toBe(true);
  expect(edges(editor)).toEqual(['a→b']);
  editor.reconnect({ from: { step: 'a' }, to: 'b' }, { from: { step: 'a', port: 'error' }, to: 'b' });
  expect(edges(editor)).toEqual(['a:error→b']);
});

test('a circle is refused', () => {
  const { editor } = make();
  expect(editor.connect({ step: 'b' }, 'a')).toBe(false);
  expect(editor.getState().refusal).toContain('wait for each other');
  expect(textOf(editor)).toBe(text);
});

test('while the text is broken the canvas stays and nothing is edited by it', () => {
  const { editor } = make();
  editor.document.type('name: [');
  expect(editor.getState().graph.nodes).toHaveLength(2);
  expect(editor.add({ handler: 'core.set' })).toBeUndefined();
  expect(editor.getState().refusal).toContain('mistake');
  expect(textOf(editor)).toBe('name: [');
});

test('nodes that did not change are the same as before', () => {
  const { editor } = make();
  const [a, b] = editor.getState().graph.nodes;
  editor.set(['steps', 1, 'name'], 'Other');
  expect(editor.getState().graph.nodes[0]).toBe(a);
  expect(editor.getState().graph.nodes[1]).not.toBe(b);
  expect(editor.getState().graph.edges).toHaveLength(1);
});

test('the document is checked once it stays as it is, and an old outcome is dropped', async () => {
  const { editor } = make();
  editor.set(['steps', 0, 'when'], 'steps.b.output');
  await vi.waitUntil(() => editor.getState().marks.all.length > 0, { timeout: 10_000 });
  expect(editor.getState().marks.ofStep.get('a')).toMatchObject([
    { code: 'NOT_UPSTREAM', path: 'steps.a.when' },
  ]);
  editor.undo();
  await vi.waitUntil(() => editor.getState().marks.all.length === 0, { timeout: 10_000 });
  editor.dispose();
});

test('what was copied is pasted under ids that are free', () => {
  const { editor } = make();
  const clipboard = editor.copy(['b', 'a']);
  expect(clipboard.indexOf('id: a')).toBeLessThan(clipboard.indexOf('id: b'));
  expect(editor.paste(clipboard)).toBe(true);
  expect(edges(editor)).toEqual(['a→b', 'a_2→b_2']);
  expect(editor.paste('nothing')).toBe(false);
});
