import type { Execution, ExecutionEvent, StepExecution } from '@vwmp/core';

/**
 * An execution after one more event, so that what is shown follows without asking for all of it again. What did not change
 * stays the same object.
 */
export function applyEvent(execution: Execution, event: ExecutionEvent): Execution {
  const step = (id: string, change: Partial<StepExecution>): Execution => {
    const before = execution.steps[id] ?? { status: 'pending', attempts: 0 };
    const steps = { ...execution.steps, [id]: { ...before, ...change } };
    return { ...execution, steps, status: statusOf(execution, steps) };
  };
  const { timestamp } = event;
  switch (event.event) {
    case 'workflow_queued':
      return { ...execution, status: 'pending' };
    case 'workflow_started':
      return { ...execution, status: 'running', started_at: execution.started_at || timestamp };
    case 'step_started': {
      if (event.index !== undefined) return step(event.step_id, { status: 'running' });
      const started = execution.steps[event.step_id]?.started_at ?? timestamp;
      return step(event.step_id, { status: 'running', attempts: event.attempt, started_at: started });
    }
    case 'foreach_started':
      return step(event.step_id, { status: 'running', started_at: event.started_at });
    case 'step_retrying':
      if (event.index !== undefined) return execution;
      return step(event.step_id, { status: 'running', attempts: event.attempt, error: event.error });
    case 'step_waiting':
      if (event.index !== undefined || event.wait.kind === 'task') return execution;
      return step(event.step_id, {
        status: 'waiting',
        attempts: event.attempt,
        started_at: event.started_at,
      });
    case 'step_resumed':
      return event.index === undefined ? step(event.step_id, { status: 'running' }) : execution;
    case 'step_completed': {
      const { output, attempts, port, started_at } = event;
      const named = port === undefined ? {} : { port };
      const before = execution.steps[event.step_id];
      // An error of an earlier attempt is over.
      const { error: _, ...rest } = before ?? { status: 'pending' as const, attempts: 0 };
      const steps = {
        ...execution.steps,
        [event.step_id]: {
          ...rest,
          ...{ status: 'success' as const, output, attempts, started_at, completed_at: timestamp, ...named },
        },
      };
      return { ...execution, steps, status: statusOf(execution, steps) };
    }
    case 'step_failed': {
      const { error, attempts, started_at } = event;
      return step(event.step_id, { status: 'failed', error, attempts, started_at, completed_at: timestamp });
    }
    case 'step_cancelled':
      return step(event.step_id, { status: 'cancelled', attempts: event.attempts, completed_at: timestamp });
    case 'step_skipped':
      return step(event.step_id, {
        ...{ status: 'skipped', reason: event.reason },
        ...{ output: null, completed_at: timestamp },
      });
    case 'compensation_completed':
      return { ...execution, compensated: [...execution.compensated, event.step_id] };
    case 'workflow_completed': {
      const { status, output, error } = event;
      const ends = { ...(output !== undefined && { output }), ...(error && { error }) };
      return { ...execution, status, completed_at: timestamp, ...ends };
    }
    default:
      return execution;
  }
}

/** `waiting` when everything that is in progress is parked. */
function statusOf(
  { completed_at, status }: Execution,
  steps: Readonly<Record<string, StepExecution>>,
): Execution['status'] {
  if (completed_at !== undefined) return status;
  const all = Object.values(steps);
  if (all.some((each) => each.status === 'running')) return 'running';
  return all.some((each) => each.status === 'waiting') ? 'waiting' : 'running';
}
