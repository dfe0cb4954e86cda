import type { Channel, Taker } from './channel.ts';
import type { Held } from './held.ts';

/** Those who ask for one job each, and wait for it. */
export class Asking {
  readonly #underway = new Set<Promise<unknown>>();
  readonly #waits = new Set<() => void>();
  #closing = false;

  /**
   * Takes a job.
   *
   * @param span - how long to wait for one, in milliseconds
   */
  async take(channel: Channel, span: number): Promise<Held | undefined> {
    const taken = this.#take(channel, span);
    this.#underway.add(taken);
    return taken.finally(() => this.#underway.delete(taken));
  }

  /** Ends all waits. Resolves when nothing is on its way to anyone. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const giveUp of [...this.#waits]) giveUp();
    await Promise.allSettled(this.#underway);
  }

  async #take(channel: Channel, span: number): Promise<Held | undefined> {
    const found = await channel.commands.take(1);
    const [job] = found.jobs;
    const first = job && channel.hold(job, found.token);
    // What comes too late is handed back with all that is held.
    if (this.#closing) return undefined;
    if (first || span <= 0) return first;

    const { promise, resolve } = Promise.withResolvers<Held | undefined>();
    let wants = true;
    const taker: Taker = {
      rate: undefined,
      idle: false,
      room: () => (wants ? 1 : 0),
      take(held) {
        wants = false;
        resolve(held);
      },
    };
    const giveUp = (): void => {
      wants = false;
      // What is on its way still counts.
      void channel.leave(taker).then(() => resolve(undefined));
    };
    const timer = setTimeout(giveUp, span);
    this.#waits.add(giveUp);
    channel.join(taker);
    channel.rest(taker, found);
    const held = await promise;
    clearTimeout(timer);
    this.#waits.delete(giveUp);
    void channel.leave(taker);
    return held;
  }
}
