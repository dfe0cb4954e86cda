// VWMP inside of a program, as the other libraries are: its settings come from the environment.
import { defineHandler, definePlugin } from '@vwmp/core';
import { createPlatform } from '@vwmp/core/platform';
import { readSettings } from '@vwmp/core/settings';
import { order, serve, steps } from './serve.mjs';

const handler = (description, execute) =>
  defineHandler({ description, config: { type: 'object' }, execute: ({ config }) => execute(config.value) });
const handlers = {
  read: handler('Reads an order.', steps.read),
  count: handler('Counts.', steps.count),
  total: handler('Doubles.', steps.total),
};
const { settings } = readSettings(process.env, { cwd: '/nowhere' });
const platform = await createPlatform(settings, {
  from: import.meta.dirname,
  logger: { log() {} },
  plugins: [definePlugin({ name: 'bench', handlers })],
});
await platform.open();
const workflow = {
  id: 'three-steps',
  name: 'Three steps',
  parameters: [{ name: 'order', type: 'object' }],
  output: { total: '${steps.total.output}' },
  steps: [
    { id: 'read', handler: 'bench.read', config: { value: '${parameters.order}' } },
    {
      id: 'count',
      handler: 'bench.count',
      dependencies: ['read'],
      config: { value: '${steps.read.output}' },
    },
    {
      id: 'total',
      handler: 'bench.total',
      dependencies: ['count'],
      config: { value: '${steps.count.output}' },
    },
  ],
};
serve(async () => {
  const { execution_id } = await platform.start(workflow, { order });
  const { output } = await platform.wait(execution_id);
  return output?.total;
});
