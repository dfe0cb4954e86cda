import { expect, test } from 'vitest';
import { defineHandler, definePlugin, WorkflowEngine } from '../index.ts';
import { Type } from '../schema.ts';

test('a default of a handler may need what the document itself does not', async () => {
  const plugin = definePlugin({
    name: 'mine',
    handlers: {
      count: defineHandler({
        description: 'Gives back a number.',
        config: Type.Object({
          word: Type.String(),
          letters: Type.Unknown({ default: '${size(parameters.word)}' }),
        }),
        execute: ({ config }) => config.letters as number,
      }),
    },
  });
  const engine = new WorkflowEngine({ plugins: [plugin] });
  const { steps } = await engine.executeWorkflow(
    {
      id: 'w',
      name: 'W',
      parameters: [{ name: 'word', type: 'string' }],
      steps: [{ id: 'a', handler: 'mine.count', config: { word: '${parameters.word}' } }],
    },
    { word: 'four' },
  );
  expect(steps.a?.output).toBe(4);
});
