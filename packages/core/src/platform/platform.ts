import type { ApprovalDecision } from '../engine/options.ts';
import type { Execution } from '../model/execution.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import type { WorkflowDocument } from '../model/workflow.ts';
import type { PluginRegistry } from '../plugin/registry.ts';
import type { EventBus } from '../ports/event-bus.ts';
import type { Page } from '../ports/lifecycle.ts';
import type { QueueBackend } from '../ports/queue-backend.ts';
import type { ScheduleQuery, ScheduleRecord } from '../ports/schedule-store.ts';
import type { Storage } from '../ports/storage.ts';
import type { WorkflowRecord, WorkflowStore } from '../ports/workflow-store.ts';
import type { Settings } from '../settings/settings.ts';
import type { ScheduleExplanation } from './schedules/index.ts';

export interface StartOptions {
  /** Starting the same workflow again with the same key, of 1,000 bytes at most, gives the execution of the first time. */
  idempotencyKey?: string | undefined;
  /** What started it; read as `trigger` in expressions. */
  trigger?: JsonValue;
  /**
   * Higher is begun first where executions wait in the queue for a worker; one that goes on after a wait or a restart goes in its turn.
   *
   * @defaultValue 0
   */
  priority?: number;
  /** @defaultValue a new one */
  id?: string;
  /** The stored workflow with the id that is started, where it was just read: it is not read again then. */
  record?: Pick<WorkflowRecord, 'id' | 'text'>;
}

export interface Started {
  execution_id: string;
  /** False when it was there already, by its idempotency key. */
  created: boolean;
}

export interface RetryOptions {
  /** The step to begin from, with everything that depends on it. @defaultValue all that did not succeed */
  from?: string;
  /** A corrected document. @defaultValue the one that it ran with */
  workflow?: string | WorkflowDocument;
  /** As for a start: the same one gives what the first retry, or start, with it has made. */
  idempotencyKey?: string | undefined;
}

export interface SignalOptions {
  /**
   * Of 1,000 bytes at most. A signal with the same name and key that the execution has taken in, or that waits for it, stands for this
   * one: nothing is sent again, also when it was handled long ago or the execution has ended since.
   */
  idempotencyKey?: string | undefined;
}

/** What came to a webhook. */
export interface WebhookDelivery {
  /** By name, in any case. */
  headers: Readonly<Record<string, string>>;
  /** As it came: signatures are of bytes. */
  body: Uint8Array | string;
  query?: Readonly<Record<string, string>>;
}

export interface WebhookAnswer {
  /** `ignored` when no trigger of that path wants it: other events, or a condition that does not hold. */
  status: 'queued' | 'ignored';
  /** One for each workflow that wants it. `created` is false for a delivery that was accepted before. */
  executions: { workflow_id: string; execution_id: string; created: boolean }[];
}

/** The schedules of the stored workflows. Which there are is written in their documents. */
export interface Schedules {
  list(query?: ScheduleQuery): Promise<Page<ScheduleRecord>>;
  /**
   * Says when it fires next, what became of earlier times, and why.
   *
   * @param options - `now` in milliseconds since 1970; `count` of each kind, 5 when not given
   * @throws NOT_FOUND
   */
  explain(id: string, options?: { now?: number; count?: number }): Promise<ScheduleExplanation>;
  /**
   * Says where the trigger of a schedule stands among those of a document of its workflow: two of them may differ in nothing but their parameters.
   *
   * @param document - as it was read; it may have mistakes
   * @returns undefined where it has none
   */
  locate(id: string, document: unknown): Promise<number | undefined>;
  /** Nothing starts until `resume`. Idempotent. @throws NOT_FOUND */
  pause(id: string): Promise<ScheduleRecord>;
  /** What was to start meanwhile counts as missed. Idempotent. @throws NOT_FOUND */
  resume(id: string): Promise<ScheduleRecord>;
}

/** How one part of a platform is doing. */
export interface PartHealth {
  /** `database`, `queue` or `events`. */
  name: string;
  ok: boolean;
  /** Which adapter, such as `sqlite`. */
  backend: string;
  /** How long it took to answer, in milliseconds. */
  latency?: number;
  /** What is wrong and what to do. Never a password. */
  message?: string;
}

export interface Health {
  /** True when everything that is needed to accept work is there. */
  ready: boolean;
  parts: PartHealth[];
  /** So many executions of this process went on further than could be recorded yet; it tries until it can. */
  unrecorded?: number;
}

/**
 * Durable workflows: a storage, a queue, an event bus and, unless the settings say otherwise, a worker in this process.
 * What it accepted is carried out to its end by whichever process can, also when this one is killed.
 */
export interface Platform {
  readonly settings: Settings;
  /** Under which it owns executions; unique among all processes. */
  readonly workerId: string;
  readonly plugins: PluginRegistry;
  readonly storage: Storage;
  /** Documents: those in the folder of the settings, or those of the storage. What is saved here is followed by its schedules and webhooks. */
  readonly workflows: WorkflowStore;
  readonly schedules: Schedules;
  readonly queue: QueueBackend;
  readonly bus: EventBus;
  /** Connects, and takes up what a process that died left. Idempotent. */
  open(): Promise<void>;
  /**
   * Takes nothing new, lets what runs end within the grace period, and hands the rest back. Idempotent.
   */
  close(): Promise<void>;
  /**
   * Accepts an execution: once this resolves it is recorded, and will be carried out.
   *
   * @param workflow - the id of a stored one, or a document
   * @throws WORKFLOW_NOT_FOUND, DOCUMENT_INVALID, PARAMETERS_INVALID, CONCURRENCY_LIMIT, STORE_UNAVAILABLE, ENGINE_CLOSED
   */
  start(
    workflow: string | WorkflowDocument,
    parameters?: JsonObject,
    options?: StartOptions,
  ): Promise<Started>;
  /** How an execution stands, wherever it is worked on; undefined when there is none. */
  execution(id: string): Promise<Execution | undefined>;
  /**
   * Waits until an execution has ended.
   *
   * @param options - `timeout` in milliseconds, then how it stands is returned
   * @throws EXECUTION_NOT_FOUND; ENGINE_CLOSED when the platform closes before
   */
  wait(
    id: string,
    options?: { timeout?: number | undefined; signal?: AbortSignal | undefined },
  ): Promise<Execution>;
  /**
   * Sends a signal. It is kept until a step waits for it.
   *
   * @throws EXECUTION_NOT_FOUND, EXECUTION_NOT_ACTIVE, VALUE_INVALID, INBOX_FULL
   */
  signal(id: string, signal: string, payload?: JsonValue, options?: SignalOptions): Promise<void>;
  /**
   * @param step - its id; `id:index` for an item of a foreach
   * @param options - `asked`: the number of the event that told of the question. No later question of the step is answered then, and
   * the same decision may be sent again
   * @throws EXECUTION_NOT_FOUND, EXECUTION_NOT_ACTIVE, STEP_NOT_WAITING, APPROVAL_INVALID, VALUE_INVALID
   */
  decideApproval(
    id: string,
    step: string,
    decision: ApprovalDecision,
    options?: { asked?: number | undefined },
  ): Promise<void>;
  /**
   * Always ends it, also when the worker that has it hangs. While what succeeded is being undone, cancelling once more gives that up.
   *
   * @param options - `gentle`: what is being undone goes on, so that it may be sent again when nobody knows whether it was accepted
   * @throws EXECUTION_NOT_FOUND, EXECUTION_NOT_ACTIVE
   */
  cancel(id: string, reason?: string, options?: { gentle?: boolean | undefined }): Promise<void>;
  /**
   * Starts a new execution that keeps what had succeeded in one that has ended.
   *
   * @throws EXECUTION_NOT_FOUND, RETRY_INVALID, DOCUMENT_INVALID; PARAMETERS_INVALID when a corrected document wants others
   */
  retry(id: string, options?: RetryOptions): Promise<Started>;
  /**
   * Accepts a delivery for every stored workflow that has a webhook trigger of this path whose signature it carries. Once this resolves
   * the executions are recorded. A delivery id that was seen before gives the same executions again; what failed half-way is completed
   * when it is sent again. The signature says which header the id stands in: `X-GitHub-Delivery` for `github`, `webhook-id` for
   * `standard`, for others one of these or `Idempotency-Key`.
   *
   * @param path - below `/webhooks/`
   * @throws WEBHOOK_NOT_FOUND; WEBHOOK_SIGNATURE, and nothing starts; WEBHOOK_BODY; SECRET_MISSING; EXPRESSION_ERROR, PARAMETERS_INVALID
   */
  acceptWebhook(path: string, delivery: WebhookDelivery): Promise<WebhookAnswer>;
  /**
   * Names of the secrets that are there, sorted; of those sources that tell. Never what is in them.
   *
   * @throws ENCRYPTION_KEY_MISSING, ENCRYPTION_KEY_WRONG, STORE_CORRUPT where the file of secrets cannot be read
   */
  secretNames(): readonly string[];
  /** Asks all parts. Never throws. @param parts - gets them at once, `ok` when they answer */
  health(parts?: PartHealth[]): Promise<Health>;
}
