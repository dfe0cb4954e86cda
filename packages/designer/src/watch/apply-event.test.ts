import { type Execution, type ExecutionEvent, WorkflowEngine } from '@vwmp/core';
import { expect, it } from 'vitest';
import { applyEvent } from './apply-event.ts';

/** What an engine tells while it executes, and what came of it. */
async function executed(document: object): Promise<{ events: ExecutionEvent[]; execution: Execution }> {
  const events: ExecutionEvent[] = [];
  const engine = new WorkflowEngine();
  engine.attach({ onEvent: (event) => events.push(event) });
  const execution = await engine.executeWorkflow({ name: 'x', ...document } as never);
  return { events, execution };
}

const set = (id: string, more: object = {}): object => ({
  id,
  handler: 'core.set',
  config: { value: id },
  ...more,
});

it.each([
  [
    'a diamond',
    { steps: [set('a'), set('b', { dependencies: ['a'] }), set('c', { dependencies: ['a', 'b'] })] },
  ],
  ['a foreach', { steps: [set('a', { foreach: [1, 2, 3], config: { value: '${item}' } })] }],
  [
    'a failure with retries',
    {
      steps: [
        { id: 'a', handler: 'core.fail', config: { message: 'No.' }, retry: { attempts: 3, delay: '1ms' } },
        set('b', { dependencies: ['a'] }),
        set('c', { when: false }),
      ],
    },
  ],
])('follows %s to where the engine got to', async (_, document) => {
  const { events, execution } = await executed(document);
  const { id, workflow_id, workflow_version, parameters } = execution;
  const begin: Execution = {
    ...{ id, workflow_id, workflow_version, parameters, status: 'pending', compensated: [], started_at: '' },
    steps: Object.fromEntries(
      Object.keys(execution.steps).map((step) => [step, { status: 'pending' as const, attempts: 0 }]),
    ),
  };
  const followed = events.reduce(applyEvent, begin);
  expect(followed.status).toBe(execution.status);
  for (const [step, { status, output, error }] of Object.entries(execution.steps)) {
    expect(followed.steps[step]).toMatchObject({ status });
    expect(followed.steps[step]!.output).toEqual(output);
    if (error) expect(followed.steps[step]!.error).toMatchObject(error);
  }
});

it('keeps what did not change', () => {
  const before = { steps: {}, compensated: [] } as unknown as Execution;
  expect(applyEvent(before, { event: 'progress' } as ExecutionEvent)).toBe(before);
});
