import { WorkflowEngine } from '@vwmp/core';
import { createMemoryStorage } from '@vwmp/core/memory';
import { expect, test } from 'vitest';
import { checkIdle } from './check-idle.ts';

test('a workflow is idle once all of its executions have ended', async () => {
  const storage = createMemoryStorage();
  await storage.open();
  const { executions } = storage;
  const engine = new WorkflowEngine({ executions });
  const waiting = (name: string) => ({
    name,
    steps: [{ id: 'a', handler: 'core.wait', config: { signal: 'go' } }],
  });
  const [one, two] = [await engine.startWorkflow(waiting('one')), await engine.startWorkflow(waiting('one'))];
  await engine.startWorkflow(waiting('other'));
  await expect(checkIdle(executions, 'one')).rejects.toMatchObject({
    code: 'WORKFLOW_EXECUTING',
    message: expect.stringMatching(
      /^Workflow "one" is executing \(2 have not ended, ".+" for one\).*their end\.$/,
    ),
    details: { count: 2 },
    retryable: false,
  });
  await engine.signal(one.id, 'go');
  await one.result;
  await expect(checkIdle(executions, 'one', 'there')).rejects.toThrow(
    `(1 have not ended, "${two.id}" for one). Cancel them first, or wait for their end: there.`,
  );
  await engine.cancel(two.id);
  await two.result;
  await checkIdle(executions, 'one');
  await checkIdle(executions, 'none');
  await engine.close();
  await storage.close();
});
