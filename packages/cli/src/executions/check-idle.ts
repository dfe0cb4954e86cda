import { type ExecutionStore, VwmpError } from '@vwmp/core';
import { safe } from '../terminal/safe.ts';

/** A workflow is not taken away from executions that have not ended: the API refuses it, too. @throws WORKFLOW_EXECUTING */
export async function checkIdle(executions: ExecutionStore, id: string): Promise<void> {
  const { count, results } = await executions.list({
    workflow_id: id,
    status: ['pending', 'running', 'waiting'],
    limit: 1,
  });
  if (count === 0) return;
  const list = `vwmp executions list --workflow ${safe(id)} --status pending,running,waiting`;
  const message = `Workflow "${safe(id)}" is executing (${count} have not ended, "${results[0]?.id}" for one). Cancel them first, or wait for their end: ${list}.`;
  throw new VwmpError('WORKFLOW_EXECUTING', message, { details: { count }, retryable: false });
}
