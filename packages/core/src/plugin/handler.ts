import { isObject } from '../errors.ts';
import type { LogLevel } from '../model/event.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import type { Duration } from '../model/workflow.ts';
import type { Infer, Schema } from '../schema.ts';

/** Writes lines that are kept with the execution. Secrets are replaced by `***`. */
export interface StepLogger {
  debug(message: string, data?: unknown): void;
  info(message: string, data?: unknown): void;
  warn(message: string, data?: unknown): void;
  error(message: string, data?: unknown): void;
  log(level: LogLevel, message: string, data?: unknown): void;
}

/** How far a handler has come. `percentage` is made from the counts. */
export interface Progress {
  total: number;
  completed: number;
  /** @defaultValue 0 */
  failed?: number;
  message?: string;
}

/** A folder that a handler may read and write, and that its paths cannot leave, symlinks included. */
export interface Workspace {
  /** Absolute path of the folder. */
  readonly root: string;
  /**
   * The absolute path of something inside.
   *
   * @param path - relative to the root, or absolute and inside of it; need not exist
   * @throws PATH_OUTSIDE when it leads out, directly or through a symlink
   */
  resolve(path: string): Promise<string>;
}

/** Reads secrets by name. What was read is replaced by `***` wherever it would be stored or shown. */
export interface Secrets {
  /** @throws SECRET_MISSING */
  get(name: string): string;
}

/** Starts and signals other executions. */
export interface Executions {
  /**
   * Starts a child of this execution.
   *
   * @param options - `attached`: it is cancelled together with this one, which may wait for it
   * @returns its id
   * @throws WORKFLOW_NOT_FOUND, PARAMETERS_INVALID
   */
  start(workflowId: string, parameters: JsonObject, options?: { attached?: boolean }): Promise<string>;
  /**
   * @param options - `idempotencyKey`: that execution takes in one signal of this name with it, however often it is sent. With that of the
   * step, a step that is run again does not signal twice
   * @throws EXECUTION_NOT_FOUND, EXECUTION_NOT_ACTIVE
   */
  signal(
    executionId: string,
    signal: string,
    payload: JsonValue,
    options?: { idempotencyKey?: string | undefined },
  ): Promise<void>;
}

/** What a handler gets for one attempt. Its data is frozen. */
export interface HandlerContext<Config = JsonObject> {
  /** Config with its templates filled in, checked against the schema of the handler. */
  readonly config: Config;
  readonly parameters: JsonObject;
  readonly execution: { readonly id: string; readonly workflow_id: string; readonly started_at: string };
  /** `index` counts from 0 and is there inside a foreach or repeat. */
  readonly step: { readonly id: string; readonly index?: number };
  /** From 1. */
  readonly attempt: number;
  /** The same for every attempt and after every crash: `EXECUTION:STEP`, plus `:INDEX` in a loop. */
  readonly idempotencyKey: string;
  /** Aborted when the attempt times out or the execution is cancelled. */
  readonly signal: AbortSignal;
  readonly logger: StepLogger;
  readonly workspace: Workspace;
  readonly secrets: Secrets;
  readonly executions: Executions;
  /** Tells observers how far it is; not recorded. */
  progress(progress: Progress): void;
}

/** What a handler may wait for; a signal or approval that does not come within `timeout` fails with WAIT_TIMEOUT. */
export type WaitRequest =
  | { kind: 'timer'; duration: Duration }
  /** ISO 8601; one that has passed goes on at once. */
  | { kind: 'timer'; until: string }
  | { kind: 'signal'; signal: string; timeout?: Duration }
  | { kind: 'approval'; prompt: string; form?: JsonValue; timeout?: Duration }
  | { kind: 'child'; execution_id: string; timeout?: Duration };

const emitted: unique symbol = Symbol.for('vwmp.emitted') as never;
const suspended: unique symbol = Symbol.for('vwmp.suspended') as never;

/** An output together with the named port that becomes live. */
export interface Emitted<Port extends string = string> {
  readonly [emitted]: true;
  readonly port: Port;
  readonly output: unknown;
}

/** A request to be parked until something happens. */
export interface Suspended {
  readonly [suspended]: true;
  readonly wait: WaitRequest;
}

/**
 * Makes the named port of the step live besides its plain edge.
 *
 * @example
 * ```ts
 * return emit('rejected', { reason: 'too late' });
 * ```
 */
export function emit<Port extends string>(port: Port, output: unknown = null): Emitted<Port> {
  return { [emitted]: true, port, output };
}

/**
 * Parks the step: no memory, no worker is held until what it waits for has come. Then `resume` of
 * the handler is called, or, without one, the step completes with what came as its output.
 */
export function suspend(wait: WaitRequest): Suspended {
  return { [suspended]: true, wait };
}

export function isEmitted(value: unknown): value is Emitted {
  return isObject(value) && emitted in value;
}

export function isSuspended(value: unknown): value is Suspended {
  return isObject(value) && suspended in value;
}

/** What a handler may give, at once or later: its output, one of its ports, or what it waits for. */
export type HandlerResult<Output = unknown, Port extends string = string> =
  | Output
  | Emitted<Port>
  | Suspended
  | PromiseLike<Output | Emitted<Port> | Suspended>;

/** Does the work: returns the output (JSON), {@link emit} or {@link suspend}, or throws. */
export type Execute<Config = JsonObject, Result = unknown> = (context: HandlerContext<Config>) => Result;

/** Goes on after a {@link suspend} with what it waited for. */
export type Resume<Config = JsonObject, Result = unknown> = (
  context: HandlerContext<Config>,
  payload: JsonValue,
) => Result;

/** The code of a handler. */
export interface HandlerModule<Config = JsonObject, Result = unknown> {
  execute: Execute<Config, Result>;
  resume?: Resume<Config, Result>;
}

/** What a handler is, apart from its code. */
export interface HandlerInfo {
  /** For people, short. @defaultValue the name in the plugin */
  title?: string;
  description: string;
  /** Group in the palette. @defaultValue the name of the plugin */
  category?: string;
  /** Name of an icon of the designer. */
  icon?: string;
  /** Schema of the output, for people, completion and the compiler; it is not checked when a step runs. */
  output?: Schema;
  /**
   * True for a handler that only computes its output from its config: it changes and reads nothing outside, and answers at once.
   * Such a step is run before what it follows from is recorded, and recorded together with it: a write less for each.
   *
   * @defaultValue false
   */
  pure?: boolean;
  /** Named ports that it may emit; a function when they depend on the config. `error` is always there. */
  ports?: readonly string[] | ((config: JsonObject) => readonly string[] | undefined);
}

/** A handler: what it is, the schema of its config, and its code, at once or on first use. */
export type HandlerOptions<S extends Schema, O extends Schema = Schema, P extends string = string> = Omit<
  HandlerInfo,
  'output' | 'ports'
> & {
  config: S;
  output?: O;
  ports?: readonly P[] | ((config: JsonObject) => readonly string[] | undefined);
} & (
    | HandlerModule<Infer<S>, HandlerResult<Infer<O>, NoInfer<P>>>
    | {
        /** Imported on first use, once. */
        load: () => Promise<HandlerModule<Infer<S>, HandlerResult<Infer<O>, NoInfer<P>>>>;
      }
  );

/** A handler as a plugin holds it. Made by {@link defineHandler}. */
export interface Handler extends HandlerInfo {
  readonly config: Schema;
  readonly execute?: Execute<never>;
  readonly resume?: Resume<never>;
  readonly load?: () => Promise<HandlerModule<never>>;
}

/**
 * Declares a handler; the schema gives `context.config` its static type. With `output` the compiler also refuses what has another
 * type, and ports that are not in a list of `ports`.
 *
 * @example
 * ```ts
 * const greet = defineHandler({
 *   description: 'Greets someone.',
 *   config: Type.Object({ name: Type.String() }),
 *   execute: ({ config }) => `Hello ${config.name}`,
 * });
 * ```
 */
export function defineHandler<S extends Schema, O extends Schema = Schema, P extends string = string>(
  options: HandlerOptions<S, O, P>,
): Handler {
  return Object.freeze({ ...options }) as Handler;
}
