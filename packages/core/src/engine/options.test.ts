import { expect, test } from 'vitest';
import { WorkflowEngine } from './engine.ts';
import type { EngineOptions } from './options.ts';

test.each([
  [{ secrets: { TOKEN: 'hush' } }, '"secrets" has no get(name).'],
  [{ concurrency: 0 }, '"concurrency" is 0, not a number from 1 up.'],
  [{ concurrency: Number.NaN }, '"concurrency" is NaN, not a number from 1 up.'],
])('an engine is not made with %j', (options, message) => {
  const make = () => new WorkflowEngine(options as unknown as EngineOptions);
  expect(make).toThrow(expect.objectContaining({ code: 'VALUE_INVALID', message }));
});

test('secrets may be a Map', async () => {
  const engine = new WorkflowEngine({ secrets: new Map([['TOKEN', 'hush']]) });
  const value = '${secrets.TOKEN == "hush"}';
  const steps = [{ id: 'a', handler: 'core.set', config: { value } }];
  expect(await engine.executeWorkflow({ name: 'w', steps })).toMatchObject({
    steps: { a: { output: true } },
  });
});
