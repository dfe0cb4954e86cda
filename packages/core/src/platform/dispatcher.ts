import { hasCode } from '../errors.ts';
import type { EventBus } from '../ports/event-bus.ts';
import type { Woken } from '../ports/execution-store.ts';
import type { Logger } from '../ports/logger.ts';
import type { EnqueueOptions, QueueBackend } from '../ports/queue-backend.ts';

/** The queue whose workers own executions. */
export const executionQueue = 'executions';
export const executionTask = 'execution';
export const stepTask = 'step';

/**
 * What is cancelled goes before what begins: a workflow that starts itself twice makes a line that grows faster than it is worked off,
 * and at whose end nobody would ever come.
 */
const urgentPriority = 1_000_000;

/** So many are kept for which the queue had no room. */
const mostUrgent = 100_000;

export interface DispatcherOptions {
  readonly queue: QueueBackend;
  readonly bus: EventBus;
  readonly logger: Logger;
  readonly workerId: string;
  /** False when nobody takes what this process puts into its queue. */
  readonly works: boolean;
  /** True when this process itself works on executions. */
  readonly working: boolean;
  /** A queue that is about to get a task. */
  used(queue: string): void;
  /** Of an execution that this process owns. */
  wakeHere(executionId: string): void;
  /** Somebody could not be told that an execution is ready, as the queue was away. */
  untold(): void;
}

/**
 * Tells whoever can work on an execution that it is ready. Only a hint: what is recorded decides, and the sweep finds
 * what no hint reached.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  /** Urgent ones for which the queue had no room. */
  readonly #urgent = new Set<string>();
  /** What is on its way into the queue. */
  readonly #adding = new Set<Promise<unknown>>();

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /** @param urgent - something was cancelled, or has failed */
  async wake(woken: readonly Woken[], urgent = false): Promise<void> {
    if (woken.length === 0) return;
    const { bus, workerId, wakeHere } = this.#options;
    const ready: string[] = [];
    for (const { execution_id, owner } of woken) {
      if (owner === undefined) ready.push(execution_id);
      else if (owner === workerId) wakeHere(execution_id);
      else bus.wake(owner, execution_id);
    }
    await Promise.all(ready.map((id) => (urgent ? this.#hurry(id) : this.ready(id))));
  }

  /** The next one that cannot wait for room in the queue. Whoever works asks before it takes up anything else. */
  takeUrgent(): string | undefined {
    for (const id of this.#urgent) {
      this.#urgent.delete(id);
      return id;
    }
    return undefined;
  }

  async #hurry(executionId: string): Promise<void> {
    const told = await this.ready(executionId, { priority: urgentPriority }, true);
    if (!told && this.#options.working && this.#urgent.size < mostUrgent) this.#urgent.add(executionId);
  }

  /** Never rejects. @param urgent - it is taken up even where there is no place for it */
  async ready(executionId: string, options: EnqueueOptions = {}, urgent = false): Promise<boolean> {
    if (!this.#options.works) {
      this.#options.bus.wake(executionQueue, executionId);
      return false;
    }
    return this.enqueue(
      executionQueue,
      { name: executionTask, payload: { execution_id: executionId, ...(urgent && { urgent }) } },
      options,
    );
  }

  /** Never rejects. @returns whether the queue took it */
  async enqueue(
    queue: string,
    task: Parameters<QueueBackend['enqueue']>[1],
    options: EnqueueOptions,
  ): Promise<boolean> {
    let adding: Promise<unknown> | undefined;
    try {
      this.#options.used(queue);
      adding = this.#options.queue.enqueue(queue, task, options);
      this.#adding.add(adding);
      await adding;
      return true;
    } catch (error) {
      // Where there is no room somebody works on what is there, and looks for more.
      if (queue === executionQueue && hasCode(error, 'QUEUE_UNAVAILABLE')) this.#options.untold();
      this.#options.logger.log('debug', 'A task was not enqueued; a sweep will find it.', {
        queue,
        error: String(error),
      });
      return false;
    } finally {
      if (adding !== undefined) this.#adding.delete(adding);
    }
  }

  /** Resolves when nothing is on its way into the queue any more: who closes that before would have it lost. */
  async idle(): Promise<void> {
    while (this.#adding.size > 0) await Promise.allSettled(this.#adding);
  }
}
