import type { LaunchHost } from '../engine/launch.ts';
import type { ExecutionObserver } from '../engine/observer.ts';
import type { JsonValue } from '../model/json.ts';
import type { PluginRegistry } from '../plugin/registry.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventBus } from '../ports/event-bus.ts';
import type { Retention } from '../ports/execution-store.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { Logger } from '../ports/logger.ts';
import type { QueueBackend } from '../ports/queue-backend.ts';
import type { Storage } from '../ports/storage.ts';
import type { WorkflowStore } from '../ports/workflow-store.ts';
import type { Settings } from '../settings/settings.ts';

/** A function that tasks can name. What it throws fails the task. */
export type TaskFunction = (
  payload: JsonValue,
  context: { readonly signal: AbortSignal; readonly attempt: number },
) => Promise<JsonValue | undefined>;

/** What a platform is made of. */
export interface PlatformParts {
  readonly settings: Settings;
  readonly plugins: PluginRegistry;
  readonly storage: Storage;
  /** Where documents are: those of the storage, or a folder of files. */
  readonly workflows: WorkflowStore;
  readonly queue: QueueBackend;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  /** Workspace, secrets and what else executions get. */
  readonly host: LaunchHost & { readonly observers: Set<ExecutionObserver> };
  /** Which executions may go besides those that the settings name, such as all but ten of one workflow. */
  readonly retention: readonly Retention[];
  /** Tasks besides those of the platform itself, by name. */
  readonly tasks: Readonly<Record<string, TaskFunction>>;
  /** Trace context that an execution is accepted in. */
  readonly traceparent?: (executionId: string) => string | undefined;
  /** Ids of executions of which something happened here that could not be recorded yet. */
  readonly unrecorded: Set<string>;
  /** Of this process, unique among all. */
  readonly workerId: string;
}
