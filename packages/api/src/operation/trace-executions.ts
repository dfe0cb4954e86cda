import type { Context, Span, Tracer } from '@opentelemetry/api';
import { type ErrorInfo, type ExecutionEvent, toErrorInfo } from '@vwmp/core';

/** The spans of executions and steps. */
export interface Followed {
  /** Takes an event of an execution that this process works on. */
  note(event: ExecutionEvent): void;
  /** Notes the trace context of an execution that was accepted here. */
  accepted(executionId: string, traceparent: string): void;
  /**
   * The span of a step that runs; it may have to wait until its execution was looked up. Made now when nothing was told of the step yet: the
   * first ones of an execution begin before their beginning is recorded.
   */
  stepSpan(executionId: string, step: StepAttempt): Promise<StepSpan>;
  /** How the origin of an execution is found that another process has accepted, or works on. */
  lookIn(look: (executionId: string) => Promise<ExecutionOrigin | undefined>): void;
}

/** Where an execution comes from, and who works on it. */
export interface ExecutionOrigin {
  /** The context that it was accepted in. */
  readonly traceparent: string | undefined;
  /** True when this process works on it, and is told how its steps end; else it has but some of its steps. */
  readonly isOurs: boolean;
}

export interface StepSpan {
  readonly span: Span | undefined;
  /** Ends a span whose end nobody tells. @param error - what the step failed with */
  readonly settle?: (error?: unknown) => void;
}

/** Which step it is, and which attempt of it. */
export type StepAttempt = Pick<
  Extract<ExecutionEvent, { event: 'step_started' }>,
  'step_id' | 'index' | 'attempt'
>;

type Api = typeof import('@opentelemetry/api');

interface Entry {
  span?: Span;
  inside?: Context;
  /** By step and index. */
  steps: Map<string, { span: Span; attempt: number }>;
  /** As long as its trace context is looked up; then what happened meanwhile is made up for. */
  looking?: Promise<void>;
  /** As in {@link ExecutionOrigin}, once that is known. */
  isOurs?: boolean;
}

/** What is told where a step runs; the rest where its execution is worked on. */
const toldAnywhere: ReadonlySet<string> = new Set(['step_started', 'log', 'progress']);

/** So many executions are followed; the span of the one that was heard of least recently ends. */
const most = 10_000;

/**
 * Makes a span of each stretch in which a process works on an execution, below the trace context that was kept with it, and in it one for
 * each attempt of a step. A stretch ends with the execution, or when nothing of it runs any more: nobody holds a span open for a wait
 * of days, and another process goes on with a span of its own in the same trace.
 */
export function followExecutions(api: Api, tracer: Tracer): Followed {
  const { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } = api;
  /** Least recently heard of first. */
  const entries = new Map<string, Entry>();
  const known = new Map<string, string>();
  let look: ((executionId: string) => Promise<ExecutionOrigin | undefined>) | undefined;

  const bounded = (map: Map<string, unknown>, drop: (key: string) => void): void => {
    for (const key of map.keys()) {
      if (map.size <= most) return;
      drop(key);
    }
  };

  const fail = (span: Span, error: Pick<ErrorInfo, 'code'> | undefined): void => {
    // The code alone: messages may hold what nobody should read in a trace.
    span.setStatus({ code: SpanStatusCode.ERROR, ...(error && { message: error.code }) });
  };

  const end = (id: string, at?: Date): void => {
    const entry = entries.get(id);
    if (!entry) return;
    for (const { span } of entry.steps.values()) span.end(at);
    entry.span?.end(at);
    entries.delete(id);
  };

  const begin = (entry: Entry, id: string, traceparent: string | undefined, at: Date): void => {
    const parent =
      traceparent === undefined ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, { traceparent });
    const attributes = { 'vwmp.execution_id': id };
    entry.span = tracer.startSpan(
      'execution',
      { kind: SpanKind.CONSUMER, startTime: at, attributes },
      parent,
    );
    entry.inside = trace.setSpan(parent, entry.span);
  };

  const beginStep = (entry: Entry, id: string, { step_id, index, attempt }: StepAttempt, at: Date): void => {
    const attributes = {
      'vwmp.execution_id': id,
      'vwmp.step_id': step_id,
      'vwmp.attempt': attempt,
      ...(index !== undefined && { 'vwmp.index': index }),
    };
    const key = keyOf(step_id, index);
    entry.steps.get(key)?.span.end(at);
    const inside = entry.inside ?? context.active();
    const span = tracer.startSpan(`step ${step_id}`, { startTime: at, attributes }, inside);
    entry.steps.set(key, { span, attempt });
  };

  const carryOut = (entry: Entry, event: ExecutionEvent): void => {
    const id = event.execution_id;
    const at = new Date(event.timestamp);
    const settle = (step: string, index: number | undefined, error?: ErrorInfo): void => {
      const key = keyOf(step, index);
      const span = entry.steps.get(key)?.span;
      entry.steps.delete(key);
      if (!span) return;
      if (error) fail(span, error);
      span.end(at);
    };
    switch (event.event) {
      case 'step_started':
        if (entry.steps.get(keyOf(event.step_id, event.index))?.attempt === event.attempt) return;
        return beginStep(entry, id, event, at);
      case 'workflow_started':
        entry.span?.setAttribute('vwmp.workflow_id', event.workflow_id);
        return;
      case 'step_completed':
      case 'step_cancelled':
        return settle(event.step_id, undefined);
      case 'step_failed':
        return settle(event.step_id, undefined, event.error);
      case 'step_retrying':
        return settle(event.step_id, event.index, event.error);
      case 'item_completed':
        return settle(event.step_id, event.index);
      case 'item_failed':
        return settle(event.step_id, event.index, event.error);
      case 'iteration_completed':
        return settle(event.step_id, event.iteration);
      case 'step_waiting':
        settle(event.step_id, event.index);
        if (entry.steps.size === 0) end(id, at);
        return;
      case 'workflow_completed':
        entry.span?.setAttribute('vwmp.status', event.status);
        if (entry.span && event.status !== 'success') fail(entry.span, event.error);
        known.delete(id);
        return end(id, at);
      default:
    }
  };

  /** Does something with an execution, once it was looked up. */
  const follow = (id: string, at: Date, act: (entry: Entry) => void): Entry => {
    const entry: Entry = entries.get(id) ?? { steps: new Map() };
    entries.delete(id);
    entries.set(id, entry);
    bounded(entries, end);
    if (!entry.span && !entry.looking) {
      const traceparent = known.get(id);
      if (traceparent !== undefined || !look) begin(entry, id, traceparent, at);
      else
        entry.looking = look(id)
          .catch(() => undefined)
          .then((found) => {
            if (found) entry.isOurs ??= found.isOurs;
            begin(entry, id, found?.traceparent, at);
          });
    }
    if (!entry.looking) act(entry);
    else {
      const all: Promise<void> = entry.looking.then(() => {
        act(entry);
        // Nothing came after it: what comes now can be carried out at once.
        if (entry.looking === all) delete entry.looking;
      });
      entry.looking = all;
    }
    return entry;
  };

  return {
    accepted(id, traceparent) {
      known.set(id, traceparent);
      bounded(known, (key) => known.delete(key));
    },
    lookIn(how) {
      look = how;
    },
    note(event) {
      const { event: name, execution_id: id } = event;
      // These begin no stretch: nothing runs because of them alone.
      const passive = name === 'log' || name === 'progress' || name === 'workflow_queued';
      if (passive && !entries.has(id)) return;
      const at = new Date(event.timestamp);
      const entry = follow(id, at, (of) => carryOut(of, event));
      if (!toldAnywhere.has(name)) entry.isOurs = true;
    },
    async stepSpan(id, step) {
      const key = keyOf(step.step_id, step.index);
      const at = new Date();
      const entry = follow(id, at, (of) => {
        if (of.steps.get(key)?.attempt !== step.attempt) beginStep(of, id, step, at);
      });
      await entry.looking;
      const span = entry.steps.get(key)?.span;
      entry.isOurs ??= (await look?.(id).catch(() => undefined))?.isOurs ?? true;
      if (!span || entry.isOurs) return { span };
      const settle = (error?: unknown): void => {
        if (error !== undefined) fail(span, toErrorInfo(error));
        span.end();
        if (entry.steps.get(key)?.span === span) entry.steps.delete(key);
        if (entry.steps.size === 0 && entries.get(id) === entry) end(id);
      };
      return { span, settle };
    },
  };
}

function keyOf(step: string, index: number | undefined): string {
  return index === undefined ? step : `${step}:${index}`;
}
