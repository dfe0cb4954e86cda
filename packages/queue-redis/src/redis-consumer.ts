import { hasCode, type JsonValue, toErrorInfo } from '@vwmp/core';
import type { ConsumeOptions, Consumer, Task } from '@vwmp/core/ports';
import type { Fetched } from './bullmq/outcome.ts';
import type { Channel, Taker } from './channel.ts';
import type { Held } from './held.ts';
import type { Ending } from './holdings.ts';

export type Process = (task: Task, signal: AbortSignal) => Promise<JsonValue | undefined>;

export interface ConsumerContext {
  /** The task for its holder. */
  give(held: Held): Task;
  /**
   * Says what became of a job, trying again through an outage while `patient` says so. Never rejects: what cannot be
   * told is noticed by others when the lock has run out.
   */
  end(held: Held, ending: Ending, fetchNext: boolean, patient: () => boolean): Promise<Fetched | undefined>;
}

/** Runs the jobs of one queue, so many at a time. */
export class RedisConsumer implements Consumer, Taker {
  readonly rate: ConsumeOptions['rate'];
  readonly #channel: Channel;
  readonly #concurrency: number;
  readonly #process: Process;
  readonly #context: ConsumerContext;
  #active = 0;
  #closing = false;
  #idle: PromiseWithResolvers<void> | undefined;

  constructor(channel: Channel, options: ConsumeOptions, process: Process, context: ConsumerContext) {
    this.#channel = channel;
    this.#concurrency = options.concurrency ?? 1;
    this.rate = options.rate;
    this.#process = process;
    this.#context = context;
  }

  get idle(): boolean {
    return this.#active === 0 && !this.#closing;
  }

  room(): number {
    return this.#closing ? 0 : this.#concurrency - this.#active;
  }

  take(held: Held): void {
    this.#active++;
    void this.#run(held);
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#channel.leave(this);
    if (this.#active === 0) return;
    this.#idle ??= Promise.withResolvers();
    await this.#idle.promise;
  }

  /** Runs a job, and the next ones as long as there are some without asking anew. */
  async #run(first: Held): Promise<void> {
    let held: Held | undefined = first;
    let found: Fetched | undefined;
    while (held) {
      const ending = await this.#carryOut(held);
      // Those under a rate are asked for one by one.
      const fetchNext = !this.#closing && this.rate === undefined;
      found = await this.#context.end(held, ending, fetchNext, () => !this.#closing);
      held = found?.job && this.#channel.hold(found.job, found.token);
    }
    this.#active--;
    if (this.#active === 0) this.#idle?.resolve();
    if (found) this.#channel.rest(this, found);
    else void this.#channel.want(this);
  }

  async #carryOut(held: Held): Promise<Ending> {
    // It came when it was not wanted any more.
    if (this.#closing) return { how: 'returned' };
    try {
      await this.#process(this.#context.give(held), held.signal);
      return { how: 'completed' };
    } catch (error) {
      if (hasCode(error, 'TASK_RETURNED')) return { how: 'returned' };
      return { how: 'failed', error: toErrorInfo(error) };
    }
  }
}
