import type { JsonObject, JsonValue } from '../model/json.ts';
import type { Plugin } from '../plugin/plugin.ts';
import type { Clock } from '../ports/clock.ts';
import type { ExecutionStore } from '../ports/execution-store.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { Logger } from '../ports/logger.ts';
import type { SecretSource } from '../ports/secret-source.ts';
import type { WorkflowStore } from '../ports/workflow-store.ts';
import type { ExecutionObserver } from './observer.ts';

/** In milliseconds. */
export const defaultGracePeriod = 5000;

/** 16 MiB. */
export const defaultMaxPayload: number = 16 * 1024 * 1024;

/** How an engine is made. Everything has a default: `new WorkflowEngine()` runs in memory. */
export interface EngineOptions {
  /** Besides the built-in `core`. */
  plugins?: readonly Plugin[];
  /** Records every execution, so that it survives a crash. @defaultValue none: nothing outlives the process */
  executions?: ExecutionStore;
  /** Where `core.workflow` finds workflows that were not added by {@link WorkflowEngine.add}. */
  workflows?: WorkflowStore;
  /** @defaultValue none */
  secrets?: SecretSource;
  /** What expressions read as `env`. @defaultValue empty */
  env?: Readonly<Record<string, string>>;
  /** The folder that handlers may read and write. @defaultValue the working directory */
  workspace?: string;
  /** How long an aborted handler may take to end before it is given up, in milliseconds. @defaultValue 5000 */
  gracePeriod?: number;
  /** How many attempts of one execution run at a time, from 1 up. @defaultValue 256 */
  concurrency?: number;
  /** The longest that outputs, signals and parameters may be, in bytes of JSON. @defaultValue 16 MiB */
  maxPayload?: number;
  /** @defaultValue warnings and errors to the console */
  logger?: Logger;
  clock?: Clock;
  ids?: IdSource;
  /** From 0 up to 1, for the jitter of retries. @defaultValue Math.random */
  random?: () => number;
}

/** How one execution is started. */
export interface ExecuteOptions {
  /** Aborting it cancels the execution. */
  signal?: AbortSignal | undefined;
  /** Watch this execution only. */
  observers?: readonly ExecutionObserver[] | undefined;
  /** @defaultValue a new one */
  id?: string | undefined;
  /** What started it; read as `trigger` in expressions. */
  trigger?: JsonValue;
}

/** What a person decided. */
export interface ApprovalDecision {
  approved: boolean;
  by?: string;
  comment?: string;
  values?: JsonObject;
}
