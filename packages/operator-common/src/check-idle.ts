import { type ExecutionStore, VwmpError } from '@vwmp/core';

/**
 * A workflow is not taken away from executions that have not ended.
 *
 * @param where - to look at them, for the message
 * @throws WORKFLOW_EXECUTING
 */
export async function checkIdle(
  executions: Pick<ExecutionStore, 'list'>,
  id: string,
  where?: string,
): Promise<void> {
  const { count, results } = await executions.list({
    workflow_id: id,
    status: ['pending', 'running', 'waiting'],
    limit: 1,
  });
  if (count === 0) return;
  const message = `Workflow "${id}" is executing (${count} have not ended, "${results[0]?.id}" for one). Cancel them first, or wait for their end${where === undefined ? '' : `: ${where}`}.`;
  throw new VwmpError('WORKFLOW_EXECUTING', message, { details: { count }, retryable: false });
}
