import { type JsonValue, WorkflowEngine } from '@vwmp/core';
import { expect, it } from 'vitest';
import { documentOfStep, upstreamOf } from './test-step.ts';

const document: JsonValue = {
  id: 'orders',
  name: 'Orders',
  parameters: [{ name: 'factor', type: 'number', default: 2 }],
  steps: [
    { id: 'a', handler: 'core.fail', config: { message: 'Never called.' } },
    { id: 'b', handler: 'core.fail', dependencies: ['a'], config: { message: 'Never called.' } },
    {
      id: 'c',
      handler: 'core.set',
      dependencies: ['b', 'a:error'],
      when: false,
      config: { value: '${steps.b.output.n * parameters.factor}' },
    },
    { id: 'd', handler: 'core.set', dependencies: ['c'], config: { value: 1 } },
  ],
};

it('finds what a step depends on, once each and in order', () => {
  expect(upstreamOf(document, 'c')).toEqual(['a', 'b']);
  expect(upstreamOf(document, 'a')).toEqual([]);
  expect(
    upstreamOf(
      {
        steps: [
          { id: 'x', dependencies: ['y'] },
          { id: 'y', dependencies: ['x'] },
        ],
      },
      'x',
    ),
  ).toEqual(['y']);
});

it('executes one step alone with given outputs, whatever is in them', async () => {
  const value = { n: 21, text: 'costs ${5} or $${6}' };
  const one = documentOfStep(document, 'c', { b: value });
  const execution = await new WorkflowEngine().executeWorkflow(one as never);
  expect(execution).toMatchObject({ status: 'success', steps: { b: { output: value }, c: { output: 42 } } });
  expect(Object.keys(execution.steps)).toEqual(['a', 'b', 'c']);
});
