import type { ConsumeOptions, EnqueueOptions } from '@vwmp/core/ports';
import type { Job, NewJob } from './bullmq/job.ts';
import type { Fetched } from './bullmq/outcome.ts';
import type { QueueCommands } from './bullmq/queue-commands.ts';
import type { Taken } from './bullmq/turns.ts';
import { Held } from './held.ts';
import type { Link } from './link.ts';

/** Whoever takes jobs of a queue. */
export interface Taker {
  readonly rate: ConsumeOptions['rate'];
  /** True while it has nothing to do. */
  readonly idle: boolean;
  /** How many more it can take now. */
  room(): number;
  take(held: Held): void;
}

export interface ChannelContext {
  /** Makes the connection that waits for jobs. */
  readonly listen: (onUp: () => void) => Link;
  /** Whether commands can be sent. */
  readonly isUp: () => boolean;
  readonly hold: (held: Held) => void;
}

/** The longest that it waits for a job in one go, in seconds. Then it looks: what was to wake it may have got lost. */
export const longestWait = 5;

/** So many jobs are taken in one go at most: others may want some, too. */
const mostTaken = 16;

/** The longest that a timer can wait, in milliseconds. */
const furthest = 2_147_483_647;

/**
 * How the jobs of one queue get to those who want them here.
 *
 * A taker that finds nothing **rests**. While there is one that rests, the channel waits on a connection of its own for the marker that
 * BullMQ sets when there may be a job (a score of 0) or there will be one (a score in the future), and then lets those who
 * rest look again. Nobody waits, and no connection is made, as long as nobody wants a job.
 */
export class Channel {
  readonly name: string;
  readonly commands: QueueCommands;
  readonly #context: ChannelContext;
  readonly #resting = new Set<Taker>();
  /** Who has asked, and what comes of it. */
  readonly #fetching = new Map<Taker, Promise<unknown>>();
  /** Those who are to look again once what they have asked for has come. */
  readonly #pending = new Set<Taker>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #link: Link | undefined;
  #listening: Promise<void> | undefined;
  /** Looks when the next delayed job is due. */
  #alarm: NodeJS.Timeout | undefined;
  #alarmAt = Number.POSITIVE_INFINITY;
  #closed = false;

  constructor(name: string, commands: QueueCommands, context: ChannelContext) {
    this.name = name;
    this.commands = commands;
    this.#context = context;
  }

  /** Whether jobs would be noticed now. */
  get isUp(): boolean {
    return this.#listening === undefined || this.#link?.isUp === true;
  }

  /** Why not. */
  get reason(): string {
    return this.#link?.reason ?? '';
  }

  /**
   * Looks for jobs for a taker, which rests when there are none. Resolves after the first look. Never rejects.
   *
   * @param most - so many in one go; more with each that finds as many
   */
  async want(taker: Taker, most = 1): Promise<void> {
    if (this.#closed || taker.room() <= 0) return;
    if (this.#fetching.has(taker)) {
      // What it finds may have been looked for before there was what this one is to find.
      this.#pending.add(taker);
      return;
    }
    await this.#await(taker, this.#fetch(taker, most), most);
  }

  /**
   * Adds a job. A taker here that has nothing to do takes it along, which saves the ways of the news that there is one; only such a
   * one, as others may have nothing to do either.
   */
  async add(id: string, job: NewJob, options: EnqueueOptions): Promise<string> {
    const taker = this.#closed || options.delay ? undefined : this.#idleTaker();
    if (!taker || !this.#context.isUp()) return this.commands.add(id, job, options);
    const both = this.commands.addAndTake(id, job, options);
    const fetch = both.then(({ taken }) => {
      this.#give(taker, taken);
      return taken;
    });
    void this.#await(taker, fetch, 1).catch(() => this.want(taker));
    return (await both).id;
  }

  #idleTaker(): Taker | undefined {
    for (const taker of this.#resting) if (taker.idle && taker.rate === undefined) return taker;
    return undefined;
  }

  /** @param most - so many were asked for */
  async #await(taker: Taker, fetch: Promise<Taken | undefined>, most: number): Promise<void> {
    this.#resting.delete(taker);
    // Whoever waits for it does not care what became of it.
    this.#fetching.set(
      taker,
      fetch.catch(() => {}),
    );
    let taken: Taken | undefined;
    let again = false;
    try {
      taken = await fetch;
    } finally {
      this.#fetching.delete(taker);
      again = this.#pending.delete(taker);
    }
    if (!taken) return;
    if (taken.left > 0 || again) void this.want(taker, Math.min(2 * most, mostTaken));
    else this.rest(taker, taken);
  }

  #give(taker: Taker, { jobs, token }: Taken): void {
    for (const job of jobs) taker.take(this.hold(job, token));
  }

  /** A taker looked, and found this instead of a job. */
  rest(taker: Taker, { due, wait }: Pick<Fetched, 'due' | 'wait'>): void {
    if (this.#closed || taker.room() <= 0) return;
    if (wait > 0) {
      // Whoever may not take any would only take the marker from those who may.
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        void this.want(taker);
      }, wait);
      this.#timers.add(timer);
      return;
    }
    if (due > 0) this.#setAlarm(due);
    this.#resting.add(taker);
    this.#listening ??= this.#listen();
  }

  /** A taker has no room any more. Resolves when nothing is on its way to it. */
  async leave(taker: Taker): Promise<void> {
    this.#resting.delete(taker);
    await this.#fetching.get(taker);
  }

  /** Notes that a job was taken. */
  hold(job: Job, token: string): Held {
    const held = new Held(this.name, job, token);
    this.#context.hold(held);
    return held;
  }

  /** Takes jobs; undefined when nobody wants them any more. Waits for the end of an outage. */
  async #fetch(taker: Taker, most: number): Promise<Taken | undefined> {
    for (let room = taker.room(); !this.#closed && room > 0; room = taker.room()) {
      if (this.#context.isUp()) {
        try {
          const found = await this.commands.take(Math.min(room, most), taker.rate);
          this.#give(taker, found);
          return found;
        } catch {
          // Told of by the connection.
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return undefined;
  }

  async #listen(): Promise<void> {
    // What would have woken us while the connection was away is lost.
    this.#link ??= this.#context.listen(() => void this.#look());
    try {
      while (this.#resting.size > 0 && !this.#closed) if (await this.#rung(this.#link)) await this.#look();
    } finally {
      this.#listening = undefined;
    }
  }

  /** Waits for the marker. @returns whether to look for jobs */
  async #rung(link: Link): Promise<boolean> {
    try {
      const redis = await link.ready();
      const answer = await redis.bzpopmin(this.commands.marker, longestWait);
      const due = Number(answer?.[2] ?? 0);
      if (due > Date.now()) {
        this.#setAlarm(due);
        return false;
      }
      // Whoever wanted a job has got one elsewhere meanwhile: another process may want this one.
      if (answer && this.#resting.size === 0) await this.commands.ring();
      return true;
    } catch {
      // The next round waits until the connection is there again; an error that Redis gave must not make it spin.
      if (!this.#closed) await new Promise((resolve) => setTimeout(resolve, 100));
      return false;
    }
  }

  async #look(): Promise<void> {
    await Promise.all([...this.#resting].map((taker) => this.want(taker)));
  }

  /** @param at - milliseconds since 1970 */
  #setAlarm(at: number): void {
    if (at >= this.#alarmAt) return;
    clearTimeout(this.#alarm);
    this.#alarmAt = at;
    this.#alarm = setTimeout(
      () => {
        this.#alarmAt = Number.POSITIVE_INFINITY;
        void this.#look();
      },
      Math.min(Math.max(at - Date.now(), 1), furthest),
    );
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#resting.clear();
    clearTimeout(this.#alarm);
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    const listening = this.#listening;
    await this.#link?.close();
    await listening;
    // A marker may have been on its way to us.
    if (listening !== undefined && this.#context.isUp()) await this.commands.ring().catch(() => {});
  }
}
