import type { ErrorInfo } from '../errors.ts';
import type { JsonValue } from '../model/json.ts';
import type { Lifecycle, Page, PageQuery } from './lifecycle.ts';

/** A unit of work. Its name stands for a registered function, so that it can cross a process. */
export interface Task {
  id: string;
  name: string;
  payload: JsonValue;
  queue: string;
  /** From 1. */
  attempt: number;
}

export type NewTask = Pick<Task, 'name' | 'payload'>;

export interface EnqueueOptions {
  /** Milliseconds. @defaultValue 0 */
  delay?: number;
  /**
   * Higher goes first; equal ones in the order of arrival. Whole numbers between ±1,000,000 are told apart.
   *
   * @defaultValue 0
   */
  priority?: number;
  /** While a task with this key has not ended, another one is not added; its id is returned. */
  dedupe?: string;
  /** In total, the first included. @defaultValue 1 */
  attempts?: number;
  /** Before the second attempt, in milliseconds; doubles with each. @defaultValue 1000 */
  backoff?: number;
}

export interface QueueCounts {
  waiting: number;
  delayed: number;
  active: number;
  dead: number;
  /** When the oldest dead letter failed for good, in ISO 8601; missing while there is none. */
  dead_since?: string;
  /** There while the queue is paused, so that it is known why nothing goes on. */
  paused?: true;
}

/** A task that no attempt could carry out. Its `attempt` says how often it was tried. */
export interface DeadLetter {
  task: Task;
  /** Of the last attempt. */
  error: ErrorInfo;
  /** When it failed for good, in ISO 8601. */
  failed_at: string;
}

export interface ConsumeOptions {
  /** @defaultValue 1 */
  concurrency?: number;
  /** At most `limit` tasks begin within `per` milliseconds, over all consumers of the queue. */
  rate?: { limit: number; per: number };
}

/** A running consumer. `close` takes nothing new and resolves when what was under way has ended. */
export interface Consumer {
  close(): Promise<void>;
}

/**
 * Named queues with at-least-once delivery: a task that was taken and neither completed nor failed
 * in time (its worker died) is given out again.
 */
export interface QueueBackend extends Lifecycle {
  /**
   * @returns the id of the task
   * @throws QUEUE_FULL; QUEUE_UNAVAILABLE, which leaves open whether the task was added; VALUE_INVALID for a payload
   * without a JSON form or too large
   */
  enqueue(queue: string, task: NewTask, options?: EnqueueOptions): Promise<string>;
  /**
   * Takes back a task that nobody has been given: it waits, or its delay or backoff is not over.
   *
   * @param dedupe - the key that it was added with
   * @returns true when it was taken back and will not be given out; false when somebody has it, it has ended or it is not known
   * @throws QUEUE_UNAVAILABLE, which leaves open whether the task was taken back
   */
  withdraw(queue: string, dedupe: string): Promise<boolean>;
  /**
   * Takes the next task.
   *
   * @param timeout - how long to wait for one, in milliseconds
   * @throws QUEUE_UNAVAILABLE
   */
  getTask(queue: string, timeout: number): Promise<Task | undefined>;
  /** Idempotent. @throws NOT_FOUND when the task was not taken or was given to someone else */
  markComplete(task: Task, result?: JsonValue): Promise<void>;
  /**
   * Another attempt follows after the backoff, or the task goes to the dead letters: when no attempt is left, or the error
   * says that none can help (`retryable` is false).
   *
   * @throws NOT_FOUND as for {@link QueueBackend.markComplete}
   */
  markFailed(task: Task, error: ErrorInfo): Promise<void>;
  /**
   * Runs `process` for each task; what it throws fails the task, but an error with the code TASK_RETURNED puts it back
   * at once as if it had not been taken. Goes on by itself after the queue was away. The
   * signal is aborted when the task was given to someone else meanwhile.
   */
  consume(
    queue: string,
    options: ConsumeOptions,
    process: (task: Task, signal: AbortSignal) => Promise<JsonValue | undefined>,
  ): Consumer;
  counts(queue: string): Promise<QueueCounts>;
  /** Nothing is given out until `resume`; both idempotent. */
  pause(queue: string): Promise<void>;
  resume(queue: string): Promise<void>;
  /** The queues that were ever used and not emptied for good, by name. Looking at one or asking it in vain is no use of it. */
  queues(): Promise<string[]>;
  /** Resolves when tasks can be added and given out now. @throws QUEUE_UNAVAILABLE, with what to do in the message */
  ping(): Promise<void>;
  /**
   * Dead letters, oldest first. A cursor goes on behind the letter that it was given after, whatever has become of that: pages
   * tell none twice and leave none out while others are retried or discarded.
   *
   * @throws TypeError for what is no cursor
   */
  dead(queue: string, query?: PageQuery): Promise<Page<DeadLetter>>;
  /** Gives a dead letter its attempts back. @throws NOT_FOUND */
  retryDead(queue: string, taskId: string): Promise<void>;
  /**
   * Removes a dead letter; nothing is left of it.
   *
   * @throws NOT_FOUND; QUEUE_UNAVAILABLE, which leaves open whether it was removed
   */
  discardDead(queue: string, taskId: string): Promise<void>;
}
