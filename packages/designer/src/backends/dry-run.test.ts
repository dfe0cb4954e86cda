import { expect, it } from 'vitest';
import { createDryRun } from './dry-run.ts';

it('executes in the page, and calls nothing: other handlers give what their step gave before', async () => {
  const handlers = [
    { path: 'http.request', description: 'Would call.', config: { type: 'object' as const } },
    { path: 'core.set', description: 'Is there already.', config: {} },
  ];
  const backend = createDryRun(handlers, { load: { body: [1, 2, 3] } });
  const text = `id: x
name: X
steps:
  - { id: load, handler: http.request, config: { url: 'https://example.com' } }
  - { id: other, handler: http.request, config: {} }
  - { id: count, handler: core.set, dependencies: [load], config: { value: '\${size(steps.load.output.body)}' } }
`;
  const id = await backend.execute('x', {}, { text });
  await expect.poll(async () => (await backend.readExecution(id)).status).toBe('success');
  expect((await backend.readExecution(id)).steps).toMatchObject({
    load: { output: { body: [1, 2, 3] } },
    other: { output: null },
    count: { output: 3 },
  });
});
