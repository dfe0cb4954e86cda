import { expect, test } from 'vitest';
import { corePlugin } from '../handlers/index.ts';
import type { WorkflowDocument } from '../model/workflow.ts';
import { PluginRegistry } from '../plugin/registry.ts';
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
