import { type ErrorInfo, toErrorInfo, VwmpError } from '../errors.ts';
import type { LogLevel, RunRef } from '../model/event.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import type { Executions } from '../plugin/handler.ts';
import { type HandlerModule, isEmitted, isSuspended, type Progress } from '../plugin/handler.ts';
import { type ContextHost, type ContextSource, StepContext } from './context.ts';
import type { PayloadGuard } from './payload.ts';
import { permanent } from './permanent.ts';
import type { Starter } from './services.ts';
import { toWait } from './wait.ts';
import type { PreparedCall } from './workflow.ts';

/** What came of an attempt: an input for the machine without its time. */
export type AttemptResult =
  | { type: 'succeeded'; output: JsonValue; port?: string }
  | { type: 'suspended'; wait: ReturnType<typeof toWait> }
  | { type: 'failed'; error: ErrorInfo }
  | { type: 'cancelled' };

/** What an attempt needs of its execution. */
export interface AttemptHost extends ContextSource {
  readonly gracePeriod: number;
  now(): number;
  setTimer(milliseconds: number, callback: () => void): () => void;
  executions(starter: Starter): Executions;
  cancelChild(executionId: string): void;
  readonly payload: PayloadGuard;
  log(ref: RunRef, level: LogLevel, message: string, data: unknown): void;
  progress(ref: RunRef, progress: Progress): void;
}

/** What is to be attempted. */
export interface AttemptSpec {
  readonly ref: RunRef;
  readonly call: PreparedCall;
  /** Fills in the config. */
  readonly config: () => JsonObject;
  readonly attempt: number;
  /** In the idempotency key and shown to the handler: the item, or the iteration of a repeat. */
  readonly index?: number;
  /** In milliseconds. */
  readonly timeout?: number;
  /** There when it goes on after a wait. */
  readonly resume?: { readonly payload: JsonValue };
  /** How often it was parked before. */
  readonly waits?: number;
  readonly compensation?: boolean;
}

/**
 * One attempt of a handler, from filling in its config to its result, which is reported exactly once.
 * When it is aborted or times out the handler gets the grace period to end; after that it is
 * given up, and whatever it still returns is ignored.
 */
export class Attempt implements ContextHost {
  readonly #host: AttemptHost;
  readonly #spec: AttemptSpec;
  readonly #report: (result: AttemptResult) => void;
  #controller: AbortController | undefined;
  #abortReason: 'cancel' | 'timeout' | undefined;
  #clearTimer: (() => void) | undefined;
  #ended = false;
  #hasFailed = false;
  /** Attached ones that it has started: when it fails, the attempt after it starts its own. */
  readonly #children: string[] = [];

  constructor(host: AttemptHost, spec: AttemptSpec, report: (result: AttemptResult) => void) {
    this.#host = host;
    this.#spec = spec;
    this.#report = report;
  }

  /** True once its result was reported. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Runs it. A handler that answers at once is reported before this returns. */
  begin(): void {
    let config: JsonObject;
    let module: HandlerModule<never> | Promise<HandlerModule<never>>;
    try {
      config = this.#spec.config();
      module = this.#spec.call.handler.load();
    } catch (error) {
      return this.#failed(error);
    }
    if (!(module instanceof Promise)) return this.#invoke(module, config);
    this.#armTimeout();
    module.then(
      (loaded) => this.#invoke(loaded, config),
      (error: unknown) => this.#failed(error),
    );
  }

  /** Asks it to end; `cancelled` is reported when it has, or after the grace period. */
  abort(): void {
    this.#end('cancel', permanent('STEP_CANCELLED', `Step "${this.#spec.ref.step_id}" was cancelled.`));
  }

  #invoke(module: HandlerModule<never>, config: JsonObject): void {
    if (this.#ended) return;
    const { ref, attempt, index, resume, compensation } = this.#spec;
    const step = index === undefined ? { id: ref.step_id } : { id: ref.step_id, index };
    const suffix = compensation ? ':compensate' : '';
    const context = new StepContext(this, this.#host, config, step, attempt, suffix) as never;
    let result: unknown;
    try {
      if (!resume) result = module.execute(context);
      else result = module.resume ? module.resume(context, resume.payload) : resume.payload;
      if (isThenable(result)) {
        this.#armTimeout();
        result.then(
          (value) => this.#succeeded(value),
          (error: unknown) => this.#failed(error),
        );
        return;
      }
    } catch (error) {
      return this.#failed(error);
    }
    this.#succeeded(result);
  }

  #succeeded(value: unknown): void {
    if (this.#ended) return;
    if (this.#abortReason === 'timeout') return this.#failed(undefined);
    let result: AttemptResult;
    try {
      result = this.#toResult(value);
    } catch (error) {
      return this.#failed(error);
    }
    this.#settle(result);
  }

  #toResult(value: unknown): AttemptResult {
    if (isSuspended(value)) {
      if (this.#abortReason) return { type: 'cancelled' };
      if (!this.#spec.compensation) return { type: 'suspended', wait: toWait(value.wait, this.#host) };
      throw permanent('OUTPUT_INVALID', 'A compensation cannot wait.');
    }
    if (!isEmitted(value)) return { type: 'succeeded', output: this.#host.payload.clean(value) };
    this.#checkPort(value.port);
    return {
      type: 'succeeded',
      output: this.#host.payload.clean(value.output),
      port: this.#host.payload.text(value.port),
    };
  }

  #checkPort(port: string): void {
    const { ports } = this.#spec.call.handler;
    if (
      typeof port === 'string' &&
      port !== 'error' &&
      (typeof ports === 'function' || ports?.includes(port))
    )
      return;
    const message = `Handler "${this.#spec.call.handler.path}" emitted the port "${String(port)}", which it does not declare.`;
    throw permanent('PORT_UNKNOWN', message);
  }

  #failed(error: unknown): void {
    if (this.#ended) return;
    if (this.#abortReason === 'cancel') return this.#settle({ type: 'cancelled' });
    this.#cancelChildren();
    const info = this.#abortReason
      ? toErrorInfo(this.#controller?.signal.reason)
      : this.#host.payload.error(toErrorInfo(error));
    this.#settle({ type: 'failed', error: info });
  }

  #settle(result: AttemptResult): void {
    this.#ended = true;
    this.#clearTimer?.();
    this.#report(result);
  }

  #armTimeout(): void {
    const { timeout, ref } = this.#spec;
    if (timeout === undefined || this.#clearTimer) return;
    this.#clearTimer = this.#host.setTimer(timeout, () => {
      this.#end(
        'timeout',
        new VwmpError('STEP_TIMEOUT', `Step "${ref.step_id}" took longer than its timeout of ${timeout} ms.`),
      );
    });
  }

  #end(reason: 'cancel' | 'timeout', error: VwmpError): void {
    if (this.#ended || this.#abortReason === 'cancel') return;
    this.#abortReason = reason;
    this.#clearTimer?.();
    this.#clearTimer = this.#host.setTimer(this.#host.gracePeriod, () => this.#failed(error));
    this.#controller ??= new AbortController();
    this.#controller.abort(error);
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  get executions(): Executions {
    const { start, signal } = this.#host.executions(this.#spec);
    return {
      signal,
      start: async (workflowId, parameters, options) => {
        const child = await start(workflowId, parameters, options);
        if (options?.attached) this.#children.push(child);
        // Starting takes a while.
        if (this.#hasFailed) this.#cancelChildren();
        return child;
      },
    };
  }

  #cancelChildren(): void {
    this.#hasFailed = true;
    for (const child of this.#children.splice(0)) this.#host.cancelChild(child);
  }

  log(level: LogLevel, message: string, data: unknown): void {
    // Whoever was given up, or has answered already, has no say any more.
    if (!this.#ended) this.#host.log(this.#spec.ref, level, message, data);
  }

  progress(progress: Progress): void {
    if (!this.#ended) this.#host.progress(this.#spec.ref, progress);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as PromiseLike<unknown>).then === 'function'
  );
}
