import { hasCode, type JsonValue, toErrorInfo } from '@vwmp/core';
import type { ConsumeOptions, Consumer, Task } from '@vwmp/core/ports';
import type { Entry } from './entry.ts';
import type { Lane } from './lane.ts';

export type Process = (task: Task, signal: AbortSignal) => Promise<JsonValue | undefined>;

/** Runs the tasks of one lane, so many at a time. */
export class LocalConsumer implements Consumer {
  readonly rate: ConsumeOptions['rate'];
  readonly #lane: Lane;
  readonly #concurrency: number;
  readonly #process: Process;
  #active = 0;
  #idle: PromiseWithResolvers<void> | undefined;

  constructor(lane: Lane, { concurrency = 1, rate }: ConsumeOptions, process: Process) {
    this.#lane = lane;
    this.#concurrency = concurrency;
    this.rate = rate;
    this.#process = process;
  }

  get hasRoom(): boolean {
    return this.#active < this.#concurrency;
  }

  /** Runs a task that was taken from the lane. Never rejects. */
  async run(entry: Entry): Promise<void> {
    this.#active++;
    const { holder } = entry;
    try {
      // Nobody else gets a task while this process runs it: the signal is for adapters where that can happen.
      await this.#process(this.#lane.give(entry), new AbortController().signal);
      if (entry.holder === holder) this.#lane.complete(entry);
    } catch (error) {
      if (entry.holder !== holder) return;
      if (hasCode(error, 'TASK_RETURNED')) this.#lane.putBack(entry);
      else this.#lane.fail(entry, toErrorInfo(error));
    } finally {
      this.#active--;
      if (this.#active === 0) this.#idle?.resolve();
      this.#lane.changed();
    }
  }

  async close(): Promise<void> {
    this.#lane.removeConsumer(this);
    if (this.#active === 0) return;
    this.#idle ??= Promise.withResolvers();
    await this.#idle.promise;
  }
}
