import type { ApprovalDecision } from '@vwmp/core';
import { expect, test } from 'vitest';
import { openExample } from '../testing/example.ts';

/** Decides each review as it comes up, and sends the revision when it is waited for. */
async function open(decisions: Record<string, ApprovalDecision>) {
  const example = await openExample('document-approval');
  const { engine } = example;
  engine.attach({
    onStepWaiting({ execution_id, step_id, wait }) {
      const decision = decisions[step_id];
      if (decision) setImmediate(() => engine.decideApproval(execution_id, step_id, decision));
      if (wait.kind === 'signal' && 'second' in decisions) {
        setImmediate(() => engine.signal(execution_id, wait.signal, { version: 2 }));
      }
    },
  });
  return example;
}

const no = { approved: false, by: 'bo', comment: 'Add the trains.' };

test('publishes what was approved', async () => {
  const { run, logs } = await open({
    review: { approved: true, by: 'ana', values: { classification: 'public' } },
  });
  const execution = await run();
  expect(execution).toMatchObject({
    status: 'success',
    output: { published: true, by: 'ana', classification: 'public' },
  });
  expect(logs).toEqual(['info "Travel policy 2027" is published as public, approved by ana']);
});

test('asks again once it was revised', async () => {
  const { run, engine } = await open({ review: no, second: { approved: true, by: 'cy' } });
  const prompts: string[] = [];
  engine.attach({ onStepWaiting: ({ wait }) => wait.kind === 'approval' && prompts.push(wait.prompt) });
  const execution = await run();
  expect(execution.output).toMatchObject({ published: true, by: 'cy' });
  expect(prompts[1]).toBe('Approve version 2 of "Travel policy 2027"? What was asked for: Add the trains.');
});

test('closes what was rejected twice', async () => {
  const { run } = await open({ review: no, second: no });
  const execution = await run();
  expect(execution).toMatchObject({ status: 'success', output: { published: false, by: 'bo' } });
  expect(execution.steps.close?.status).toBe('success');
});

test('closes what nobody looks at', async () => {
  const { run, logs } = await open({});
  const execution = await run({ review_time: '5ms' });
  expect(execution).toMatchObject({ status: 'success', output: { published: false, by: null } });
  expect(execution.steps.review?.error?.code).toBe('WAIT_TIMEOUT');
  expect(logs).toEqual(['warn "Travel policy 2027" was closed without being published.']);
});

test('closes what is not revised in time', async () => {
  const { run } = await open({ review: no });
  const execution = await run({ revision_time: '5ms' });
  expect(execution.steps.close?.status).toBe('success');
  expect(execution.output).toMatchObject({ published: false });
});

test('refuses parameters that are none, all at once', async () => {
  const { run } = await open({});
  const wrong = run({ title: 'x', author: 'ana', review_time: 'soon' });
  await expect(wrong).rejects.toMatchObject({ code: 'PARAMETERS_INVALID', details: { length: 3 } });
});
