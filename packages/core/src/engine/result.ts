import type { Definition, ExecutionState, StepState } from '../machine/index.ts';
import type { Execution, ExecutionStatus, StepExecution } from '../model/execution.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import type { ExecutionSummary } from '../ports/execution-store.ts';

/** What an execution is apart from its state. */
export interface ExecutionIdentity {
  id: string;
  workflow_id: string;
  workflow_version: string;
  parameters: JsonObject;
  trigger?: JsonValue;
}

/** The execution as data, at any moment. */
export function toExecution(
  identity: ExecutionIdentity,
  definition: Definition,
  state: ExecutionState,
): Execution {
  const steps: Record<string, StepExecution> = {};
  definition.steps.forEach((step, position) => {
    steps[step.id] = toStepExecution(state.steps[position]!);
  });
  return {
    ...identity,
    status: statusOf(state),
    ...(state.output === undefined ? {} : { output: state.output }),
    ...(state.error === undefined ? {} : { error: state.error }),
    compensated: [...state.compensated],
    steps,
    started_at: state.started_at,
    ...(state.completed_at === undefined ? {} : { completed_at: state.completed_at }),
  };
}

/** The longest error message of a summary, in characters. */
const longestError = 1000;

/** What lists show of it. */
export function summaryOf(identity: ExecutionIdentity, state: ExecutionState): ExecutionSummary {
  const { started_at, completed_at, error } = state;
  const summary: ExecutionSummary = {
    id: identity.id,
    workflow_id: identity.workflow_id,
    workflow_version: identity.workflow_version,
    status: statusOf(state),
    started_at,
  };
  if (completed_at === undefined) return summary;
  summary.completed_at = completed_at;
  if (error) summary.error = { code: error.code, message: error.message.slice(0, longestError) };
  return summary;
}

/** `waiting` when everything that is in progress is parked. */
function statusOf(state: ExecutionState): ExecutionStatus {
  if (state.phase === 'completed') return state.status!;
  if (state.phase !== 'running') return state.phase === 'pending' ? 'pending' : 'running';
  let waiting = false;
  for (const step of state.steps) {
    if (step.status === 'waiting') waiting = true;
    else if (step.status === 'running') return 'running';
  }
  return waiting ? 'waiting' : 'running';
}

function toStepExecution(state: StepState): StepExecution {
  const step: StepExecution = { status: state.status, attempts: state.run?.attempt ?? state.attempts };
  if (state.output !== undefined) step.output = state.output;
  if (state.reason !== undefined) step.reason = state.reason;
  if (state.port !== undefined) step.port = state.port;
  if (state.error !== undefined) step.error = state.error;
  if (state.started_at !== undefined) step.started_at = state.started_at;
  if (state.completed_at !== undefined) step.completed_at = state.completed_at;
  return step;
}
