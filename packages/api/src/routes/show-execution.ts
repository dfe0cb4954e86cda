import type { Execution } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import type { ExecutionAnswer, ProgressAnswer } from '../contract/index.ts';
import { notFound } from './common.ts';

/**
 * An execution as it is answered.
 *
 * @param isNew - it was just started, by nobody and for the first time: what it came from need not be looked up
 */
export async function showExecution(
  platform: Platform,
  execution: Execution,
  isNew = false,
): Promise<ExecutionAnswer> {
  const origin = isNew ? undefined : (await platform.storage.executions.get(execution.id))?.origin;
  const { retry_of, parent } = origin ?? {};
  return {
    ...execution,
    progress: progressOf(execution),
    ...(retry_of !== undefined && { retry_of }),
    ...(parent && {
      parent: {
        execution_id: parent.execution_id,
        step_id: parent.step_id,
        ...(parent.index !== undefined && { index: parent.index }),
      },
    }),
  };
}

function progressOf({ steps }: Execution): ProgressAnswer {
  const all = Object.values(steps);
  const open = all.filter(({ status }) => ['pending', 'running', 'waiting'].includes(status)).length;
  const completed = all.length - open;
  return {
    total: all.length,
    completed,
    failed: all.filter(({ status }) => status === 'failed').length,
    percentage: all.length === 0 ? 100 : Math.round((completed / all.length) * 100),
  };
}

export function noExecution(id: string): Error {
  return notFound('EXECUTION_NOT_FOUND', `There is no execution "${id}".`);
}

/** @throws EXECUTION_NOT_FOUND */
export async function findExecution(platform: Platform, id: string): Promise<Execution> {
  const execution = await platform.execution(id);
  if (execution) return execution;
  throw noExecution(id);
}
