import type { Context, Span, TextMapGetter } from '@opentelemetry/api';
import type { ExecutionEvent, ExecutionObserver, Handler, HandlerContext, Plugin } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import type { AnsweredRequest } from '../app/app.ts';
import { headerOf, type RequestHeaders } from '../security/headers.ts';
import { type Followed, followExecutions } from './trace-executions.ts';

/** Spans of OpenTelemetry for requests, executions and steps. */
export interface Tracing {
  /** To be given to the platform, besides the next one and what {@link Tracing.plugins} gives. */
  readonly observer: ExecutionObserver;
  /** The trace context that an execution is accepted in; for the options of a platform. */
  readonly traceparent: (executionId: string) => string | undefined;
  /** The same plugins, whose handlers run in the context of the span of their step. */
  plugins(plugins: readonly Plugin[]): Plugin[];
  /** Tells where executions are looked up that another process has accepted. */
  attach(platform: Platform): void;
  /** Answers a request in a span of its own, below the one that its headers name. */
  request(
    method: string,
    headers: RequestHeaders,
    ended: (listener: () => void) => void,
    answer: () => void,
  ): void;
  /** Names the span of the request that is being answered. */
  answered(request: AnsweredRequest): void;
}

type Api = typeof import('@opentelemetry/api');

/** Where `@opentelemetry/api` keeps what an SDK has registered, whichever copy of it. */
const registered: unique symbol = Symbol.for('opentelemetry.js.api.1') as never;

/**
 * Makes spans where the program has registered an SDK of OpenTelemetry before, with `node --import ./tracing.js` say. Else nothing is
 * loaded, and nothing is done.
 */
export async function loadTracing(): Promise<Tracing | undefined> {
  const there = (globalThis as { [registered]?: { trace?: unknown } })[registered];
  if (there?.trace === undefined) return undefined;
  try {
    return createTracing(await import('@opentelemetry/api'));
  } catch {
    // An SDK that brought a copy which cannot be seen from here.
    return undefined;
  }
}

const getter: TextMapGetter<RequestHeaders> = {
  keys: () => ['traceparent', 'tracestate'],
  get: headerOf,
};

/** @param api - with an SDK registered */
function createTracing(api: Api): Tracing {
  const { context, propagation, SpanKind, SpanStatusCode, trace } = api;
  const tracer = trace.getTracer('vwmp');
  const followed: Followed = followExecutions(api, tracer);

  const carried = (from: Context): string | undefined => {
    const carrier: Record<string, string> = {};
    propagation.inject(from, carrier);
    return carrier.traceparent;
  };

  /** Runs what a handler does where other instrumentations, and `http.request`, find the span of its step. */
  const within = async (given: HandlerContext<never>, run: () => unknown): Promise<unknown> => {
    const { execution, step, attempt } = given;
    const { id: step_id, index } = step;
    const { span, settle } = await followed.stepSpan(execution.id, { step_id, index, attempt });
    if (!span) return run();
    try {
      const result = await context.with(trace.setSpan(context.active(), span), run);
      settle?.();
      return result;
    } catch (error) {
      settle?.(error ?? 'nothing');
      throw error;
    }
  };

  const traced = (handler: Handler): Handler => {
    // What only computes is not worth a context.
    if (handler.pure) return handler;
    const { execute, resume, load } = handler;
    return {
      ...handler,
      ...(execute && { execute: (given) => within(given, () => execute(given)) }),
      ...(resume && { resume: (given, payload) => within(given, () => resume(given, payload)) }),
      ...(load && {
        load: async () => {
          const { execute: run, resume: goOn } = await load();
          return {
            execute: (given) => within(given, () => run(given)),
            ...(goOn && { resume: (given, payload) => within(given, () => goOn(given, payload)) }),
          };
        },
      }),
    };
  };

  return {
    observer: { onEvent: (event: ExecutionEvent) => followed.note(event) },
    traceparent(executionId) {
      const found = carried(context.active());
      if (found !== undefined) followed.accepted(executionId, found);
      return found;
    },
    plugins: (plugins) =>
      plugins.map((plugin) => ({
        ...plugin,
        ...(plugin.handlers && {
          handlers: Object.fromEntries(
            Object.entries(plugin.handlers).map(([name, handler]) => [name, traced(handler)]),
          ),
        }),
      })),
    attach(platform) {
      followed.lookIn(async (id) => {
        const record = await platform.storage.executions.get(id);
        return (
          record && { traceparent: record.origin?.traceparent, isOurs: record.owner === platform.workerId }
        );
      });
    },
    request(method, headers, ended, answer) {
      const parent = propagation.extract(context.active(), headers, getter);
      const attributes = { 'http.request.method': method };
      const span: Span = tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, parent);
      ended(() => span.end());
      context.with(trace.setSpan(parent, span), answer);
    },
    answered({ method, route, status, requestId }) {
      const span = trace.getActiveSpan();
      if (!span) return;
      span.updateName(`${method} ${route}`);
      span.setAttributes({
        ...(route !== 'other' && { 'http.route': route }),
        'http.response.status_code': status,
        'vwmp.request_id': requestId,
      });
      if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    },
  };
}
