import type { Execution, ExecutionEvent, StepStatus, Wait } from '@vwmp/core';

/** What one bar of the timeline stands for. */
export type SpanKind = 'attempt' | 'wait' | 'pause';

/** A stretch of time in which a run of a step did one thing. Milliseconds since 1970. */
export interface Span {
  kind: SpanKind;
  from: number;
  /** Undefined while it goes on. */
  to?: number;
  /** From 1. */
  attempt: number;
  /** How an attempt ended; `retried` when another one followed. */
  outcome?: 'success' | 'failed' | 'retried' | 'cancelled';
  error?: { code?: string; message: string };
  /** What a wait waits for. */
  wait?: Wait;
  /** Of a wait: number of the event that told of it. */
  seq?: number;
}

/** One run of a step: the step itself, or an item of its foreach. */
export interface RunHistory {
  step_id: string;
  index?: number;
  /** How many items its foreach has. */
  total?: number;
  spans: Span[];
}

/** How far an execution has come, for people. */
export interface ProgressFigures {
  total: number;
  completed: number;
  failed: number;
}

/**
 * What became of each run, in the order in which they began. Works on recorded events alone; those that tell of starts while
 * they happen make it exact. Of a run to which nothing has happened since, the same object is given again.
 */
export class RunHistories {
  readonly #runs = new Map<string, RunHistory>();
  #known = 0;

  /** @param events - those that it was given before, and what came after them */
  read(events: readonly ExecutionEvent[]): RunHistory[] {
    const touched = new Set<RunHistory>();
    for (const event of events.slice(this.#known)) follow(this.#runs, touched, event);
    this.#known = events.length;
    for (const run of touched) this.#runs.set(keyOf(run.step_id, run.index), { ...run });
    return [...this.#runs.values()].filter(({ spans }) => spans.length > 0);
  }
}

const keyOf = (step: string, index: number | undefined): string => `${step}:${index ?? ''}`;

/** @param touched - gets the runs that have changed */
function follow(runs: Map<string, RunHistory>, touched: Set<RunHistory>, event: ExecutionEvent): void {
  const runOf = (step_id: string, index: number | undefined): RunHistory => {
    const key = keyOf(step_id, index);
    let run = runs.get(key);
    if (!run) {
      run = { step_id, ...(index !== undefined && { index }), spans: [] };
      runs.set(key, run);
    }
    touched.add(run);
    return run;
  };
  const time = (text: string): number => Date.parse(text);

  /** The attempt that is under way, made up where nothing told of its start. */
  const attemptOf = (run: RunHistory, from: number, attempt: number): Span => {
    const open = run.spans.findLast(({ kind, to }) => kind === 'attempt' && to === undefined);
    if (open) return open;
    // Not before what was there last has ended.
    const before = run.spans.at(-1)?.to ?? from;
    const span: Span = { kind: 'attempt', from: Math.max(from, before), attempt };
    run.spans.push(span);
    return span;
  };
  const endOthers = (run: RunHistory, at: number): void => {
    for (const span of run.spans) if (span.to === undefined && span.kind !== 'attempt') span.to = at;
  };

  const at = time(event.timestamp);
  switch (event.event) {
    case 'step_started': {
      const run = runOf(event.step_id, event.index);
      endOthers(run, at);
      if (!run.spans.some(({ to, kind }) => kind === 'attempt' && to === undefined))
        run.spans.push({ kind: 'attempt', from: at, attempt: event.attempt });
      break;
    }
    case 'foreach_started': {
      const run = runOf(event.step_id, undefined);
      run.total = event.total;
      attemptOf(run, time(event.started_at), 1);
      break;
    }
    case 'step_retrying': {
      const run = runOf(event.step_id, event.index);
      const span = attemptOf(run, time(event.started_at), event.attempt);
      Object.assign(span, { to: at, outcome: 'retried', error: event.error });
      run.spans.push({ kind: 'pause', from: at, to: time(event.retry_at), attempt: event.attempt });
      break;
    }
    case 'step_waiting': {
      const run = runOf(event.step_id, event.index);
      const span = attemptOf(run, time(event.started_at), event.attempt);
      span.to = at;
      const seq = 'seq' in event ? (event.seq as number) : undefined;
      const wait: Span = { kind: 'wait', from: at, attempt: event.attempt, wait: event.wait };
      run.spans.push(seq === undefined ? wait : { ...wait, seq });
      break;
    }
    case 'step_resumed': {
      const run = runOf(event.step_id, event.index);
      endOthers(run, at);
      run.spans.push({ kind: 'attempt', from: at, attempt: run.spans.at(-1)?.attempt ?? 1 });
      break;
    }
    case 'step_completed':
    case 'step_failed':
    case 'step_cancelled': {
      const run = runOf(event.step_id, undefined);
      endOthers(run, at);
      const outcome = event.status;
      const error = event.event === 'step_failed' ? { error: event.error } : {};
      Object.assign(attemptOf(run, time(event.started_at), event.attempts), { to: at, outcome, ...error });
      break;
    }
    case 'item_completed':
    case 'item_failed': {
      const run = runOf(event.step_id, event.index);
      endOthers(run, at);
      const span = attemptOf(run, at, event.attempts);
      Object.assign(span, {
        to: at,
        outcome: event.event === 'item_completed' ? 'success' : 'failed',
        ...(event.event === 'item_failed' && { error: event.error }),
      });
      break;
    }
    case 'iteration_completed': {
      const run = runOf(event.step_id, undefined);
      const span = attemptOf(run, time(event.started_at), event.attempts);
      Object.assign(span, { to: at, outcome: 'success' });
      break;
    }
    case 'workflow_completed':
      for (const run of runs.values()) {
        if (run.spans.some(({ to }) => to === undefined)) touched.add(run);
        for (const span of run.spans) span.to ??= at;
      }
      break;
    default:
  }
}

/** Counts what has settled. */
export function progressOf({ steps }: Pick<Execution, 'steps'>): ProgressFigures {
  const all = Object.values(steps);
  const settled: ReadonlySet<StepStatus> = new Set(['success', 'failed', 'skipped', 'cancelled']);
  return {
    total: all.length,
    completed: all.filter(({ status }) => settled.has(status)).length,
    failed: all.filter(({ status }) => status === 'failed').length,
  };
}
