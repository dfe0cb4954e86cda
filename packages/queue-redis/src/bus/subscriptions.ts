import type { Redis } from 'ioredis';
import type { Link } from '../link.ts';

/** How often a connection that says nothing is asked whether it is still there, in milliseconds. */
const checkEvery = 10_000;

/**
 * The channels that somebody here listens to, on a connection that is made for the first of them. Whenever it has been
 * lost they are subscribed to again.
 */
export class Subscriptions {
  readonly #makeLink: (onUp: () => void) => Link;
  readonly #onConfirmed: () => void;
  /** How many listen to each. */
  readonly #wanted = new Map<string, number>();
  #link: Link | undefined;
  /** Resolves when Redis has confirmed what was asked for last; rejects when it did not. */
  #confirmed: Promise<unknown> = Promise.resolve();
  /** How often channels were asked for, and until which time that has been confirmed. */
  #asked = 0;
  #answered = 0;
  #check: NodeJS.Timeout | undefined;

  /** @param onConfirmed - told when new channels have been confirmed, and all of them after an outage */
  constructor(makeLink: (onUp: () => void) => Link, onConfirmed: () => void) {
    this.#makeLink = makeLink;
    this.#onConfirmed = onConfirmed;
  }

  /** Whether what is published on a channel arrives now. */
  hears(channel: string): boolean {
    return this.#wanted.has(channel) && this.#asked === this.#answered && this.#link?.isUp === true;
  }

  /** @returns what ends it; idempotent */
  add(...channels: string[]): () => void {
    const fresh = channels.filter((channel) => !this.#wanted.has(channel));
    for (const channel of channels) this.#wanted.set(channel, (this.#wanted.get(channel) ?? 0) + 1);
    if (!this.#link) {
      this.#link = this.#makeLink(() => {
        if (this.#wanted.size > 0) this.#listen([...this.#wanted.keys()]);
      });
      this.#check = setInterval(() => void this.#probe().catch(() => {}), checkEvery).unref();
    } else if (fresh.length > 0) {
      this.#listen(fresh);
    }
    let active = true;
    return () => {
      if (!active) return;
      active = false;
      const over: string[] = [];
      for (const channel of channels) {
        const left = this.#wanted.get(channel)! - 1;
        if (left > 0) this.#wanted.set(channel, left);
        else over.push(channel);
      }
      for (const channel of over) this.#wanted.delete(channel);
      if (over.length > 0) this.#ask((redis) => redis.unsubscribe(...over));
    };
  }

  /** Resolves when what is published from now on arrives. */
  async ready(patience: number): Promise<void> {
    if (!this.#link) return;
    await this.#link.ready(patience);
    await this.#confirmed;
    await this.#probe();
  }

  get reason(): string {
    return this.#link?.reason ?? '';
  }

  async close(): Promise<void> {
    clearInterval(this.#check);
    this.#wanted.clear();
    await this.#link?.close();
  }

  /** A connection that was cut without a word is only noticed when something is asked of it. */
  async #probe(): Promise<void> {
    if (!this.#link?.isUp) return;
    const redis = await this.#link.ready();
    await redis.ping();
  }

  /** What cannot be asked now is made good when the connection is back. */
  #ask(question: (redis: Redis) => Promise<unknown>): void {
    const link = this.#link;
    if (!link?.isUp) return;
    this.#confirmed = link.ready().then(question);
    this.#confirmed.catch(() => {});
  }

  #listen(channels: string[]): void {
    const asked = ++this.#asked;
    this.#ask(async (redis) => {
      await redis.subscribe(...channels);
      // Answers come in the order of the questions.
      this.#answered = asked;
      this.#onConfirmed();
    });
  }
}
