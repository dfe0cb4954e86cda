import { expect, test, vi } from 'vitest';
import { corePlugin } from '../handlers/index.ts';
import type { WorkflowDocument } from '../model/workflow.ts';
import { PluginRegistry } from '../plugin/registry.ts';
import { toJson } from '../values/index.ts';
import { WorkflowCache } from './workflow-cache.ts';

function createCache(): WorkflowCache {
  const plugins = new PluginRegistry();
  plugins.add(corePlugin);
  return new WorkflowCache(plugins);
}

const documentOf = (value: number): WorkflowDocument => ({
  name: 'w',
  steps: [{ id: 'a', handler: 'core.set', config: { value } }],
});

test('the same document is compiled once, whether it is the same object, an equal one or its text', async () => {
  const cache = createCache();
  const document = documentOf(1);
  const first = await cache.get(document);
  expect(await cache.get(document)).toBe(first);
  expect(await cache.get(documentOf(1))).toBe(first);
  expect(await cache.get(JSON.stringify(document))).toBe(first);
  expect(await cache.get(first.document)).toBe(first);
});

test('a document that was changed since is another one, and what it was comes back with it', async () => {
  const cache = createCache();
  const document = documentOf(1);
  const first = await cache.get(document);
  for (let time = 0; time < 3; time++) {
    document.steps[0]!.config = { value: 2 };
    const second = await cache.get(document);
    expect(second.document.steps[0]!.config).toEqual({ value: 2 });
    document.steps[0]!.config = { value: 1 };
    expect(await cache.get(document)).toBe(first);
  }
  document.steps = [...document.steps, { id: 'b', handler: 'core.set', config: { value: 3 } }];
  expect((await cache.get(document)).steps).toHaveLength(2);
});

test('one that is not valid is looked at anew', async () => {
  const cache = createCache();
  const document: WorkflowDocument = { name: 'w', steps: [{ id: 'a', handler: 'core.nothing' }] };
  for (let time = 0; time < 2; time++)
    await expect(cache.get(document)).rejects.toMatchObject({ code: 'DOCUMENT_INVALID' });
  document.steps[0]!.handler = 'core.set';
  document.steps[0]!.config = { value: 1 };
  expect((await cache.get(document)).steps).toHaveLength(1);
});

test('one whose outside only is frozen may be changed all the same', async () => {
  const cache = createCache();
  const document = Object.freeze(documentOf(1));
  const first = await cache.get(document);
  document.steps[0]!.config = { value: 2 };
  expect((await cache.get(document)).steps[0]!.constant).toEqual({ value: 2 });
  document.steps[0]!.config = { value: 1 };
  expect(await cache.get(document)).toBe(first);
});

test('one that is changed while it is compiled is what it was when it was given', async () => {
  const cache = createCache();
  const document = documentOf(1);
  const compiled = cache.get(document);
  document.steps[0]!.config = { value: 2 };
  expect((await compiled).steps[0]!.constant).toEqual({ value: 1 });
  expect((await cache.get(documentOf(1))).steps[0]!.constant).toEqual({ value: 1 });
});

test('one that nobody can change is looked at once', async () => {
  const cache = createCache();
  const { document } = await cache.get(documentOf(1));
  const copy = toJson(structuredClone(document)) as unknown as WorkflowDocument;
  const stringify = vi.spyOn(JSON, 'stringify');
  try {
    for (let time = 0; time < 3; time++) await cache.get(copy);
    expect(stringify).toHaveBeenCalledTimes(1);
  } finally {
    stringify.mockRestore();
  }
});

test('one that was compiled before is not read from its text again', async () => {
  const cache = createCache();
  const first = await cache.get(documentOf(1));
  const parse = vi.spyOn(JSON, 'parse');
  try {
    expect(await cache.get(documentOf(1))).toBe(first);
    expect(parse).not.toHaveBeenCalled();
  } finally {
    parse.mockRestore();
  }
});

const itself: Record<string, unknown> = {};
itself.x = itself;
const shared = Array.from({ length: 40 }).reduce<unknown>((inner) => [inner, inner], 1);

test.each<[string, unknown, unknown]>([
  ['NaN', Number.NaN, null],
  ['Infinity', Number.POSITIVE_INFINITY, null],
  ['a date', new Date(0), new Date(0).toJSON()],
  ['a Map', new Map([[1, 2]]), {}],
  ['a bigint', 1n, 1],
  ['a function', () => 1, {}],
  ['a symbol', Symbol('a'), {}],
  ['what holds itself', itself, {}],
  ['what unfolds without end', shared, {}],
])('%s is refused, whatever was given before', async (_, value, alike) => {
  const cache = createCache();
  for (const given of [value, alike, value]) {
    const document = documentOf(given as number);
    if (given === alike) expect((await cache.get(document)).steps).toHaveLength(1);
    else await expect(cache.get(document)).rejects.toMatchObject({ code: 'DOCUMENT_INVALID' });
  }
});

test.each([null, undefined, 5, true, []])('%s is no document', async (given) => {
  await expect(createCache().get(given as never)).rejects.toMatchObject({ code: 'DOCUMENT_INVALID' });
});
