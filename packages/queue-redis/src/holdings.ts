import type { ErrorInfo } from '@vwmp/core';
import type { Task } from '@vwmp/core/ports';
import { type Fetched, missingJob, missingLock, type Outcome } from './bullmq/outcome.ts';
import type { QueueCommands } from './bullmq/queue-commands.ts';
import { notHeld } from './errors.ts';
import type { Held } from './held.ts';

/** What became of a task. */
export type Ending = { how: 'completed' | 'returned' } | { how: 'failed'; error: ErrorInfo };

/** How many completed tasks are remembered, so that completing one of them again is not an error. */
const remembered = 1000;

/** The jobs that this process has taken, and their locks. */
export class Holdings {
  readonly #commandsOf: (queue: string) => QueueCommands;
  /** By queue and id: who has the job now. */
  readonly #held = new Map<string, Held>();
  readonly #of = new WeakMap<Task, Held>();
  readonly #completed = new Map<string, Held>();

  constructor(commandsOf: (queue: string) => QueueCommands) {
    this.#commandsOf = commandsOf;
  }

  add(held: Held): void {
    this.#held.set(keyOf(held.queue, held.job.id), held);
  }

  /** The task for its holder. */
  give(held: Held): Task {
    const task = held.toTask();
    this.#of.set(task, held);
    return task;
  }

  /** What `task` stands for; a copy of a task stands for whoever has it now. @throws NOT_FOUND when nobody here does */
  find(task: Task): Held {
    const key = keyOf(task.queue, task.id);
    const held = this.#of.get(task) ?? this.#held.get(key) ?? this.#completed.get(key);
    if (held?.state === 'held' || held?.state === 'completed') return held;
    throw notHeld(task);
  }

  /**
   * Says what became of a job. It is no longer held afterwards, unless Redis could not be told.
   *
   * @returns what was found when another job was asked for
   * @throws NOT_FOUND when someone else has the job
   */
  async end(held: Held, ending: Ending, fetchNext: boolean): Promise<Fetched | undefined> {
    if (held.state !== 'held') throw notHeld({ id: held.job.id, queue: held.queue });
    const before = held.unsure;
    held.unsure = true;
    let outcome = await this.#tell(held, ending, fetchNext);
    // The lock has run out. If nobody else has the job yet, it is still ours.
    if (!outcome.ok && outcome.code === missingLock && (await this.#relock(held)))
      outcome = await this.#tell(held, ending, fetchNext);
    // It was told before, it seems: a completed job is gone then, one that failed is with whoever makes the next attempt.
    const told = outcome.ok || (before && (outcome.code === missingJob || ending.how !== 'completed'));
    this.#forget(held);
    if (!told) {
      held.lose();
      throw notHeld({ id: held.job.id, queue: held.queue });
    }
    held.state = ending.how === 'completed' ? 'completed' : 'ended';
    if (ending.how === 'completed') this.#remember(held);
    return outcome.ok ? outcome.next : undefined;
  }

  /** Keeps the locks. Those who lost one are told. */
  async renew(): Promise<void> {
    const queues = Map.groupBy(this.#held.values(), ({ queue }) => queue);
    await Promise.all(
      [...queues].map(async ([queue, all]) => {
        const pairs = all.map(({ job: { id }, token }) => ({ id, token }));
        const lost = new Set(await this.#commandsOf(queue).renew(pairs));
        for (const held of all) if (lost.has(held.job.id)) this.#lose(held);
      }),
    );
  }

  /**
   * Hands back what is held, and tells those who still work on it.
   *
   * @param possible - whether Redis can be told; otherwise it notices when the locks have run out
   */
  async release(possible: boolean): Promise<void> {
    const all = [...this.#held.values()];
    if (possible) await Promise.allSettled(all.map((held) => this.end(held, { how: 'returned' }, false)));
    for (const held of all) held.lose();
  }

  async #tell({ queue, job, token }: Held, ending: Ending, fetchNext: boolean): Promise<Outcome> {
    const commands = this.#commandsOf(queue);
    if (ending.how !== 'failed') {
      const completed = ending.how === 'completed';
      return completed ? commands.complete(job, token, fetchNext) : commands.putBack(job, token);
    }
    const { error } = ending;
    if (job.attemptsMade + 1 >= job.attempts || error.retryable === false)
      return commands.bury(job, token, error, fetchNext);
    return commands.retryLater(job, token, job.backoff * 2 ** job.attemptsMade, fetchNext);
  }

  async #relock({ queue, job: { id }, token }: Held): Promise<boolean> {
    const lost = await this.#commandsOf(queue).renew([{ id, token }]);
    return lost.length === 0;
  }

  #lose(held: Held): void {
    // While Redis was asked, it may have ended.
    if (held.state !== 'held') return;
    this.#forget(held);
    // Whoever said what became of it finds out when saying so again: it may be gone because of that.
    if (!held.unsure) held.lose();
  }

  #forget(held: Held): void {
    const key = keyOf(held.queue, held.job.id);
    if (this.#held.get(key) === held) this.#held.delete(key);
  }

  #remember(held: Held): void {
    this.#completed.set(keyOf(held.queue, held.job.id), held);
    if (this.#completed.size > remembered) this.#completed.delete(this.#completed.keys().next().value!);
  }
}

function keyOf(queue: string, id: string): string {
  return `${id} ${queue}`;
}
