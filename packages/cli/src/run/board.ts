import type {
  ErrorInfo,
  EventOf,
  ExecutionEvent,
  FinalStatus,
  JsonValue,
  SkipReason,
  StepStatus,
  Wait,
  Workflow,
} from '@vwmp/core';

/** One step as the views show it. */
export interface BoardStep {
  readonly id: string;
  readonly name: string;
  readonly handler: string;
  status: StepStatus;
  attempt: number;
  /** In milliseconds since the epoch, as are all moments here. */
  startedAt?: number;
  endedAt?: number;
  reason?: SkipReason;
  port?: string;
  error?: ErrorInfo;
  wait?: Wait;
  /** The next attempt or iteration begins then. */
  dueAt?: number;
  items?: { total: number; completed: number; failed: number; running: number };
  progress?: { percentage: number; message?: string };
  iteration?: number;
  compensated?: boolean;
  /** What it comes after and what has not settled yet. */
  after?: readonly string[];
  /** It could run, and nobody works on it. */
  ready?: boolean;
}

/** How an execution stands, kept up to date by its events. */
export interface Board {
  readonly workflow: Workflow;
  readonly steps: ReadonlyMap<string, BoardStep>;
  startedAt: number;
  phase: 'running' | 'cancelling' | 'compensating' | 'ended';
  status?: FinalStatus;
  output?: JsonValue;
  error?: ErrorInfo;
}

export function createBoard(workflow: Workflow): Board {
  const steps = workflow.document.steps.map(
    ({ id, name = id, handler }): BoardStep => ({ id, name, handler, status: 'pending', attempt: 0 }),
  );
  return {
    workflow,
    steps: new Map(steps.map((step) => [step.id, step])),
    startedAt: Date.now(),
    phase: 'running',
  };
}

/** Takes an event of the execution itself, not of its children. */
export function update(board: Board, event: ExecutionEvent): void {
  const at = Date.parse(event.timestamp);
  switch (event.event) {
    case 'workflow_started':
      board.startedAt = at;
      return;
    case 'workflow_cancelling':
      board.phase = 'cancelling';
      return;
    case 'workflow_failing':
      board.phase = 'compensating';
      return;
    case 'workflow_completed':
      Object.assign(board, {
        phase: 'ended',
        status: event.status,
        output: event.output,
        error: event.error,
      });
      return;
  }
  const step = 'step_id' in event && event.step_id !== undefined ? board.steps.get(event.step_id) : undefined;
  if (step) updateStep(step, event, at);
}

function updateStep(step: BoardStep, event: ExecutionEvent, at: number): void {
  const { items } = step;
  switch (event.event) {
    case 'step_started':
      step.status = 'running';
      step.startedAt ??= at;
      step.attempt = Math.max(step.attempt, event.attempt);
      step.dueAt = undefined;
      if (items && event.attempt === 1) items.running++;
      return;
    case 'step_waiting':
      step.wait = event.wait;
      step.status = 'waiting';
      return;
    case 'step_resumed':
      step.wait = undefined;
      step.status = 'running';
      return;
    case 'step_retrying':
      step.error = event.error;
      step.dueAt = Date.parse(event.retry_at);
      return;
    case 'iteration_completed':
      step.iteration = event.iteration + 1;
      step.dueAt = Date.parse(event.repeat_at);
      return;
    case 'foreach_started':
      Object.assign(step, { status: 'running', startedAt: at });
      step.items = { total: event.total, completed: 0, failed: 0, running: 0 };
      return;
    case 'item_completed':
    case 'item_failed':
      if (!items) return;
      items[event.event === 'item_failed' ? 'failed' : 'completed']++;
      items.running--;
      return;
    case 'progress':
      step.progress = { percentage: event.percentage, message: event.message };
      return;
    case 'compensation_completed':
      step.compensated = true;
      return;
    case 'step_completed':
    case 'step_failed':
    case 'step_cancelled':
      return settle(step, event, at);
    case 'step_skipped':
      Object.assign(step, { status: 'skipped', reason: event.reason });
      return;
  }
}

function settle(
  step: BoardStep,
  event: EventOf<'step_completed' | 'step_failed' | 'step_cancelled'>,
  at: number,
): void {
  step.status = event.status;
  step.attempt = event.attempts;
  step.startedAt ??= at - event.duration_ms;
  step.endedAt = at;
  step.wait = undefined;
  step.dueAt = undefined;
  step.error = event.event === 'step_failed' ? event.error : undefined;
  if (event.event === 'step_completed') step.port = event.port;
}
