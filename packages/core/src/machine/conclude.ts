import type { ErrorInfo } from '../errors.ts';
import type { FinalStatus } from '../model/execution.ts';
import type { JsonValue } from '../model/json.ts';
import { executionTimer } from './command.ts';
import type { Definition } from './definition.ts';
import type { ExecutionState } from './state.ts';
import { clearTimer, record, type Turn } from './turn.ts';

type Judged = Pick<Turn, 'state' | 'definition'>;

interface Verdict {
  status: FinalStatus;
  error?: ErrorInfo;
}

/**
 * Takes the next step towards the end once every step has settled: the output, then what has to be
 * undone, then the end. Safe to call at any time, also after a replay.
 */
export function conclude(turn: Turn): void {
  const { state, definition, commands } = turn;
  if (state.unsettled > 0 || state.phase === 'pending' || state.phase === 'completed') return;
  // Every compensation comes by here: judging all steps again each time would be quadratic.
  if (state.phase === 'compensating' && nextToUndo(turn) !== undefined) return undoNext(turn);
  const verdict = judge(turn);
  if (verdict.status === 'success' || verdict.status === 'partial') {
    if (definition.hasOutput) {
      if (state.phase !== 'output') commands.push({ type: 'evaluate_output' });
      state.phase = 'output';
    } else complete(turn, verdict, null);
    return;
  }
  if (nextToUndo(turn) === undefined) complete(turn, verdict);
  else undoNext(turn);
}

/** One compensation after another: the next begins when the one before has ended. */
function undoNext({ state, events, commands, definition }: Turn): void {
  const begins = state.phase !== 'compensating';
  state.phase = 'compensating';
  const next = nextToUndo({ state, definition });
  if (next === undefined || !(begins || events.some(({ event }) => event.startsWith('compensation_'))))
    return;
  commands.push({ type: 'compensate', step_id: next });
}

/**
 * True while what succeeded is being undone. The phase of a state that was replayed does not tell yet: that comes with
 * its resumption.
 */
export function isUndoing(definition: Definition, state: ExecutionState): boolean {
  if (state.phase === 'compensating') return true;
  if (state.unsettled > 0 || (state.phase !== 'running' && state.phase !== 'stopping')) return false;
  const { status } = judge({ definition, state });
  return status !== 'success' && status !== 'partial' && nextToUndo({ definition, state }) !== undefined;
}

/** Ends an execution that succeeded with its output. */
export function completeWith(turn: Turn, output: JsonValue): void {
  complete(turn, judge(turn), output);
}

/** What the execution would end as, by what its steps have become. */
function judge(turn: Judged): Verdict {
  const { state, definition } = turn;
  if (state.stop) {
    const status = state.stop.cause === 'timeout' ? 'failed' : 'cancelled';
    return { status, error: withCompensationErrors(turn, state.stop.error) };
  }
  if (state.error) return { status: 'failed', error: withCompensationErrors(turn, state.error) };
  let partial = false;
  for (const step of definition.steps) {
    const { status, error } = state.steps[step.index]!;
    if (status !== 'failed' || step.errorHandled) continue;
    if (step.required)
      return { status: 'failed', error: withCompensationErrors(turn, stepFailure(step.id, error)) };
    partial = true;
  }
  return { status: partial ? 'partial' : 'success' };
}

function stepFailure(id: string, cause: ErrorInfo | undefined): ErrorInfo {
  const message = `Step "${id}" failed: ${cause?.message ?? 'unknown error'}`;
  return { code: 'STEP_FAILED', message, details: { step_id: id }, ...(cause ? { cause } : {}) };
}

function withCompensationErrors(turn: Judged, error: ErrorInfo): ErrorInfo {
  const failures = turn.state.compensation_errors;
  if (failures.length === 0) return error;
  const list = failures.map(({ step_id, error: { code, message } }) => ({ step_id, code, message }));
  return { ...error, details: { ...asObject(error.details), compensation_errors: list } };
}

function asObject(details: ErrorInfo['details']): Record<string, never> {
  return typeof details === 'object' && details !== null && !Array.isArray(details)
    ? (details as Record<string, never>)
    : {};
}

/** The step whose compensation is due or under way. */
export function nextToUndo({ state, definition }: Judged): string | undefined {
  // Compensations run one after another, so their number tells how far it has come.
  const tried = state.compensated.length + state.compensation_errors.length;
  const position = state.undoable[state.undoable.length - 1 - tried];
  return position === undefined ? undefined : definition.steps[position]!.id;
}

function complete(turn: Turn, verdict: Verdict, output?: JsonValue): void {
  record(turn, { event: 'workflow_completed', ...verdict, ...(output === undefined ? {} : { output }) });
  if (turn.definition.timeout !== undefined) clearTimer(turn, executionTimer);
  turn.commands.push({ type: 'finish' });
}
