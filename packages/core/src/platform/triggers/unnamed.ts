import type { Clock } from '../../ports/clock.ts';
import type { ExecutionStore, Retention } from '../../ports/execution-store.ts';

/** Senders try again within this time, in milliseconds. */
const retryWindow = 60 * 60 * 1000;
/** What another process began so shortly ago may still be under way there, in milliseconds. */
const underWay = 10_000;
/** Deliveries that failed half-way and are remembered. */
const mostFailed = 1000;

export interface UnnamedOptions {
  readonly executions: Pick<ExecutionStore, 'findByKey'>;
  readonly clock: Clock;
  /** What is removed, and when. */
  readonly retention: readonly Pick<Retention, 'max_age' | 'max_count'>[];
}

/**
 * Keys for deliveries that carry no id and go to several workflows, so that one that was given up half-way, because the store was
 * lost say, is completed when the sender tries again instead of being begun anew. Two deliveries with the same body are still two.
 *
 * The key is made from what was sent and a number. The workflows are started in a fixed order, so a number that was used, but not for the last of
 * them, belongs to a delivery that was given up. In doubt it is begun anew: nothing is lost then.
 */
export class UnnamedDeliveries {
  readonly #options: UnnamedOptions;
  /** Keys that are being worked on here. */
  readonly #running = new Set<string>();
  /** Keys that failed here, and when. */
  readonly #failed = new Map<string, number>();

  /** Executions may be removed before a sender tries again: then a missing one proves nothing. */
  readonly #forgetful: boolean;

  constructor(options: UnnamedOptions) {
    this.#options = options;
    this.#forgetful = options.retention.some(
      ({ max_age = Number.POSITIVE_INFINITY, max_count }) => max_count !== undefined || max_age < retryWindow,
    );
  }

  /**
   * Starts what a delivery wants, under a key of its own.
   *
   * @param content - the same for what a sender sends again
   * @param workflows - ids, in the order in which they are started
   * @param mayRefuse - one of them may turn out not to be started: then a missing one proves nothing
   * @param start - starts all of them with this key; resolves with false when the first had been started with it before
   */
  async run(
    path: string,
    content: string,
    workflows: readonly string[],
    mayRefuse: boolean,
    start: (key: string) => Promise<boolean>,
  ): Promise<void> {
    const base = `webhook:${path}:${content}`;
    for (let least = 0; ; ) {
      const { key, number, completes } = await this.#choose(base, workflows, mayRefuse, least);
      try {
        const isFirst = await start(key);
        this.#failed.delete(key);
        // Another process has taken the number in the meantime, for a delivery of its own.
        if (isFirst || completes) return;
        least = number + 1;
      } catch (error) {
        this.#remember(key);
        throw error;
      } finally {
        this.#running.delete(key);
      }
    }
  }

  /** What it chooses counts as being worked on. */
  async #choose(
    base: string,
    workflows: readonly string[],
    mayRefuse: boolean,
    least: number,
  ): Promise<{ key: string; number: number; completes: boolean }> {
    let number = await this.#firstFree(base, workflows, least);
    const before = `${base}:${number - 1}`;
    // Asked once more after all waiting: of two that come at the same time only one completes what was given up.
    if (number > 0 && (await this.#wasGivenUp(before, workflows, mayRefuse)) && !this.#running.has(before)) {
      this.#running.add(before);
      return { key: before, number: number - 1, completes: true };
    }
    while (this.#running.has(`${base}:${number}`)) number++;
    const key = `${base}:${number}`;
    this.#running.add(key);
    return { key, number, completes: this.#failed.has(key) };
  }

  /** The first number with which none was started: some that are in use, then a search between. */
  async #firstFree(base: string, workflows: readonly string[], least: number): Promise<number> {
    const { executions } = this.#options;
    const isUsed = async (number: number): Promise<boolean> => {
      const found = await Promise.all(workflows.map((id) => executions.findByKey(id, `${base}:${number}`)));
      return found.some((each) => each !== undefined);
    };
    let [used, free] = [least - 1, least];
    for (let step = 1; await isUsed(free); step *= 2) [used, free] = [free, free + step];
    while (free - used > 1) {
      const middle = (used + free) >> 1;
      if (await isUsed(middle)) used = middle;
      else free = middle;
    }
    return free;
  }

  async #wasGivenUp(key: string, workflows: readonly string[], mayRefuse: boolean): Promise<boolean> {
    const { executions, clock } = this.#options;
    const now = clock.now();
    const failedAt = this.#failed.get(key);
    if (failedAt !== undefined) return now - failedAt < retryWindow;
    if (this.#forgetful || mayRefuse || (await executions.findByKey(workflows.at(-1)!, key))) return false;
    const first = await executions.findByKey(workflows[0]!, key);
    const age = first === undefined ? 0 : now - Date.parse(first.started_at);
    return age > underWay && age < retryWindow;
  }

  #remember(key: string): void {
    this.#failed.delete(key);
    this.#failed.set(key, this.#options.clock.now());
    if (this.#failed.size > mostFailed) this.#failed.delete(this.#failed.keys().next().value!);
  }
}
