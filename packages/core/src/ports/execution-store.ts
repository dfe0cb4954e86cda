import type { StoredEvent } from '../model/event.ts';
import type { ExecutionStatus } from '../model/execution.ts';
import type { JsonValue } from '../model/json.ts';
import type { WorkflowDocument } from '../model/workflow.ts';
import type { Lifecycle, Page, PageQuery } from './lifecycle.ts';

/** What lists show of an execution. */
export interface ExecutionSummary {
  id: string;
  workflow_id: string;
  workflow_version: string;
  status: ExecutionStatus;
  /** ISO 8601. */
  started_at: string;
  completed_at?: string;
  /** Why it failed, cut to 1000 characters. */
  error?: { code: string; message: string };
}

/** What an execution is given when it is created and keeps for good. */
export interface Origin {
  /** Creating another one of the same workflow with the same key is refused with the id of this one. */
  idempotency_key?: string;
  /** The run that started it. When `attached`, it is told of the end by a message. */
  parent?: { execution_id: string; step_id: string; index?: number; attached: boolean };
  /** How many executions called each other to get here. @defaultValue 0 */
  depth?: number;
  /** The execution that this one tries again. */
  retry_of?: string;
  /** Of those with the same key, only so many may have begun and not ended. */
  concurrency?: { key: string; limit: number; policy: 'queue' | 'skip' };
  /** Of the task that begins it, and not of those with which it goes on. Higher goes first. @defaultValue 0 */
  priority?: number;
  /** Trace context of whoever started it, as the header `traceparent` of W3C. */
  traceparent?: string;
  /** Encrypted: parameters as given and secrets, where the history shows `***`. */
  sealed?: string;
}

/** An execution as stored: its summary, how far its history goes and who works on it. */
export interface ExecutionRecord extends ExecutionSummary {
  /** Number of the last event. */
  seq: number;
  /** Of the owner that appended last. */
  epoch: number;
  /** The document that it started with and runs to its end. */
  document: WorkflowDocument;
  origin?: Origin;
  /** The worker that works on it. Missing when nobody does. */
  owner?: string;
  /** When it is to be taken up if nobody owns it, ISO 8601. Missing when it waits for a message, or has ended. */
  wake_at?: string;
}

/** An execution that was claimed. A store may bring along what its new owner reads next, which saves the way there and back. */
export interface Claimed extends ExecutionRecord {
  /** All of its events, where they are few and small. */
  history?: readonly StoredEvent[];
  /** What waits for it, in the order of arrival. */
  inbox?: readonly Message[];
}

/** Something sent to an execution; the store does not look into it. */
export interface Message {
  /** Unique; posting the same one again changes nothing as long as it waits. */
  id: string;
  execution_id: string;
  body: JsonValue;
}

/** Facts that became true together. */
export interface Append {
  summary: ExecutionSummary;
  /** The number of the last event before these; 0 creates the execution, and `document` has to be there. */
  expected_seq: number;
  /** Fencing: refused when a higher one was seen. */
  epoch: number;
  events: readonly StoredEvent[];
  document?: WorkflowDocument;
  /** Only when it creates. */
  origin?: Origin;
  /**
   * Who works on it from now on; null: nobody. Missing leaves it as it is, and creates an execution that nobody
   * owns. Whatever is given, one that has ended (a summary with `completed_at`) belongs to nobody.
   */
  owner?: string | null;
  /**
   * When it is to be taken up if nobody owns it, ISO 8601; null: when a message comes. Missing means at once, whatever
   * the clock of the worker that asks says, for one that is created or handed back (`owner` null), null for one that
   * has ended, and else no change.
   */
  wake_at?: string | null;
  /** Ids of the messages that these events answer; they are removed. Unknown ones do not matter. */
  handled?: readonly string[];
  /** Posted along, to other executions, for which there is always room; those to one that has ended or is not there are dropped. */
  messages?: readonly Message[];
}

/** An execution that became ready, or whose owner should look for messages. */
export interface Woken {
  execution_id: string;
  /** The worker that owns it; missing when it has to be claimed. */
  owner?: string;
}

export interface ExecutionQuery extends PageQuery {
  workflow_id?: string;
  status?: readonly ExecutionStatus[];
  /** ISO 8601, inclusive. */
  started_after?: string;
  /** ISO 8601, exclusive. */
  started_before?: string;
  /** Children of this execution. */
  parent_id?: string;
  /** With this concurrency key. */
  concurrency_key?: string;
  /** The beginning of the id or of the workflow id, or words of the error message, all of them; case does not matter. */
  q?: string;
}

export interface Retention {
  /** Executions that completed longer ago than this many milliseconds go. */
  max_age?: number;
  /** Of each workflow, so many completed executions stay: those that completed last. */
  max_count?: number;
  workflow_id?: string;
}

/**
 * Keeps executions: append-only events, a summary, and who works on them.
 *
 * An execution is **owned** by one worker or by nobody. One that nobody owns is **ready** once its `wake_at` has come,
 * one whose owner's lease has expired is ready at once; workers claim what is ready. An execution with a concurrency
 * key that has not begun (`status` is `pending`) is not ready while as many others with that key as its limit allows have begun and not
 * ended; those that wait get their turn in the order of creation, and one that was claimed takes a place from then on. Leases count by
 * the clock of the store where it has one, so that workers need not agree on the time.
 */
export interface ExecutionStore extends Lifecycle {
  /**
   * Adds events, all or none, and returns once they would survive a crash of the process. Without events
   * (of an execution that is there) it replaces the rest and raises the epoch, so that a new owner can
   * shut out the one before. One that is left without an owner while messages wait for it is ready at once. An
   * execution that ends takes its messages with it, and lets the next one with its concurrency key be ready.
   *
   * @returns executions that this made ready or sent a message to, itself included
   * @throws ALREADY_EXISTS when `expected_seq` is 0 and the execution is there, or another one of its workflow has
   * its idempotency key (`details.execution_id` names it); CONCURRENCY_LIMIT when `policy` is `skip` and as many with its key have not
   * ended; else FENCED; else VERSION_CONFLICT when `expected_seq` is not the last; STORE_FULL when there is no room; STORE_UNAVAILABLE, which
   * leaves open whether the events are there (a lost connection, say): read before trying again
   */
  append(append: Append): Promise<readonly Woken[]>;
  get(id: string): Promise<ExecutionRecord | undefined>;
  /** The execution of a workflow that was created with this key. */
  findByKey(workflowId: string, idempotencyKey: string): Promise<ExecutionSummary | undefined>;
  /** In order of `seq`, those after the given one; none for an unknown id. @throws STORE_CORRUPT */
  events(id: string, after?: number): AsyncIterable<StoredEvent>;
  /** Newest start first, equal ones by id. */
  list(query?: ExecutionQuery): Promise<Page<ExecutionSummary>>;
  /**
   * Removes completed executions that are over either limit, those that completed first before others, with
   * everything that belongs to them.
   *
   * @param now - milliseconds since 1970
   * @param batch - at most so many in one go
   * @returns how many went
   */
  prune(retention: Retention, now: number, batch: number): Promise<number>;

  /**
   * Begins or renews the lease of a worker. What it owns belongs to it for so long.
   *
   * @param ttl - milliseconds from now
   */
  heartbeat(worker: string, ttl: number): Promise<void>;
  /** Ends the lease at once; what the worker still owns is ready. Idempotent. */
  retire(worker: string): Promise<void>;
  /**
   * Executions that are ready, those that waited longest first.
   *
   * @param now - milliseconds since 1970; `wake_at` is compared with it, and nothing else
   */
  ready(now: number, limit: number): Promise<string[]>;
  /**
   * When something is ready next, in milliseconds since 1970, the end of a lease included when its worker owns
   * something; a time that has passed when something is ready already; undefined when only an append or a message can
   * make something ready. So nobody has to poll.
   */
  nextReady(): Promise<number | undefined>;
  /**
   * Makes the worker the owner of an execution that is ready by now, raises its epoch by one, and clears its `wake_at`. Only one of those
   * that try at the same time gets it; the lease of the worker must be running.
   *
   * @param now - milliseconds since 1970
   * @returns undefined when it is not ready (another one has it, it has ended, its turn has not come, it is not
   * there), or the lease of the worker has expired
   */
  claim(id: string, worker: string, now: number): Promise<Claimed | undefined>;

  /**
   * Sends a message. It is kept until an append names it as handled. When nobody owns the execution it is ready at once.
   *
   * @throws EXECUTION_NOT_FOUND; EXECUTION_NOT_ACTIVE when it has ended; INBOX_FULL when 10,000 messages wait
   */
  post(message: Message): Promise<Woken>;
  /** What waits for an execution, in the order of arrival. */
  messages(executionId: string): Promise<Message[]>;
  /** Executions that this worker owns and for which messages wait: for hints that went astray. */
  mail(worker: string): Promise<string[]>;
}
