import type { JsonObject, JsonValue } from '../model/json.ts';
import type { Emitted, HandlerContext, Suspended } from '../plugin/handler.ts';
import type { FakeClock } from './fake-clock.ts';

/** The outcome of a mock that never answers: what is to be tested is its timeout, or that it is cancelled. */
export const hang: unique symbol = Symbol('hang');

/**
 * What stands for a handler or a step: its output, what `emit` or `suspend` gives, an error that it fails with, {@link hang}, or a function in
 * place of the handler, which may return any of these as well.
 */
export type Mock =
  | JsonValue
  | Emitted
  | Suspended
  | Error
  | typeof hang
  | ((context: HandlerContext) => unknown);

/** A call of a handler, mocked or not. */
export interface HandlerCall {
  /** Path of the handler. */
  readonly handler: string;
  readonly step: { readonly id: string; readonly index?: number };
  /** From 1. */
  readonly attempt: number;
  readonly config: JsonObject;
  /** It was called to undo the step. */
  readonly compensation: boolean;
}

export function toCall(handler: string, context: HandlerContext): HandlerCall {
  const { step, attempt, config, idempotencyKey } = context;
  return { handler, step, attempt, config, compensation: idempotencyKey.endsWith(':compensate') };
}

/** Does what a mock says. What it takes real time for holds the clock; to hang does not. */
export function answer(mock: Mock, context: HandlerContext, clock: FakeClock): unknown {
  const outcome = typeof mock === 'function' ? clock.hold(() => mock(context)) : mock;
  return outcome instanceof Promise
    ? outcome.then((late: unknown) => conclude(late, context))
    : conclude(outcome, context);
}

function conclude(outcome: unknown, { signal }: HandlerContext): unknown {
  if (outcome instanceof Error) throw outcome;
  if (outcome !== hang) return outcome;
  return new Promise((_, reject) => {
    const end = (): void => reject(signal.reason);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
