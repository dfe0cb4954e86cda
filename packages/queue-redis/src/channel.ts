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
  /** True while it has nothing to do, and could. */
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
  /** Who takes jobs here, as others see it. */
  readonly process: string;
}

/** The longest that it waits for a job in one go, in seconds. Then it looks: what was to wake it may have got lost. */
export const longestWait = 5;

/** What was asked for on behalf of a taker. */
interface Orders {
  /** So many jobs may be on their way to it. */
  coming: number;
  readonly underway: Set<Promise<unknown>>;
  looking: boolean;
  /** It is to look again once what it has asked for has come. */
  again: boolean;
}

/** So many jobs are taken in one go at most: others may want some, too. */
const mostTaken = 16;

/** So many jobs are taken along at a time at most: all in step, those who add and take them would wait for each other. */
const mostAlong = 32;

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
  readonly #takers = new Set<Taker>();
  readonly #resting = new Set<Taker>();
  readonly #orders = new WeakMap<Taker, Orders>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #link: Link | undefined;
  #listening: Promise<void> | undefined;
  /** Looks when the next delayed job is due. */
  #alarm: NodeJS.Timeout | undefined;
  #alarmAt = Number.POSITIVE_INFINITY;
  #attended = false;
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

  /** A taker will want jobs, until it leaves. Other processes are told that jobs are taken here: until they know they leave less to this one. */
  join(taker: Taker): void {
    this.#takers.add(taker);
    if (this.#attended) return;
    this.#attended = true;
    this.stay();
  }

  /**
   * Says so again, before they conclude that nobody is here, or that nobody is here any more: not at once, as whoever waits for one
   * job after the other would say both with each. Never rejects.
   */
  stay(): void {
    if (!this.#attended) return;
    this.#attended = this.#takers.size > 0;
    const { process } = this.#context;
    const told = this.#attended ? this.commands.present(process) : this.commands.absent(process);
    told.catch(() => {});
  }

  /**
   * Looks for jobs for a taker, which rests when there are none. Resolves after the first look. Never rejects.
   *
   * @param most - so many in one go; more with each that finds as many
   */
  async want(taker: Taker, most = 1): Promise<void> {
    if (this.#closed || taker.room() <= 0) return;
    const orders = this.#ordersOf(taker);
    if (orders.looking || this.#free(taker) <= 0) {
      // What it finds may have been looked for before there was what this one is to find.
      orders.again = true;
      return;
    }
    orders.looking = true;
    this.#resting.delete(taker);
    const taken = await this.#fetch(taker, most);
    orders.looking = false;
    if (taken) this.#settle(taker, taken, most);
    // It looks when what fills it has come, or has not.
    else orders.again = true;
  }

  /**
   * Adds a job. A taker here that has room takes it along, which saves the ways of the news that there is one: only one that has nothing to
   * do where other processes take jobs of this queue, as those may have nothing to do either.
   */
  async add(id: string, job: NewJob, options: EnqueueOptions): Promise<string> {
    const free = this.#closed || options.delay || !this.#context.isUp() ? [] : this.#freeTakers();
    const idle = free.find((each) => each.idle && this.#ordersOf(each).coming === 0);
    const taker = idle ?? free[0];
    if (!taker) return this.commands.add(id, job, options);
    const takes = idle ? 'always' : 'alone';
    try {
      const added = await this.#ask(taker, 1, () => this.commands.addAndTake(id, job, options, takes));
      this.#settle(taker, added, 1);
      return added.id;
    } catch (error) {
      void this.want(taker);
      throw error;
    }
  }

  /** Those who can take one along. */
  #freeTakers(): Taker[] {
    return [...this.#resting].filter(
      (taker) =>
        taker.rate === undefined && this.#free(taker) > 0 && this.#ordersOf(taker).coming < mostAlong,
    );
  }

  #ordersOf(taker: Taker): Orders {
    let orders = this.#orders.get(taker);
    if (!orders) {
      orders = { coming: 0, underway: new Set(), looking: false, again: false };
      this.#orders.set(taker, orders);
    }
    return orders;
  }

  /** How many more can be asked for. */
  #free(taker: Taker): number {
    return taker.room() - this.#ordersOf(taker).coming;
  }

  /** Asks for jobs for a taker, and gives them to it. */
  async #ask<T extends Taken>(taker: Taker, most: number, ask: () => Promise<T>): Promise<T> {
    const orders = this.#ordersOf(taker);
    orders.coming += most;
    // The news that there are more is for those who have room, also in other processes.
    if (this.#free(taker) <= 0) this.#resting.delete(taker);
    const asked = ask();
    orders.underway.add(asked);
    let taken: T;
    try {
      taken = await asked;
    } finally {
      orders.coming -= most;
      orders.underway.delete(asked);
    }
    for (const job of taken.jobs) taker.take(this.hold(job, taken.token));
    return taken;
  }

  /** A taker has got what it asked for. @param most - so many were asked for */
  #settle(taker: Taker, taken: Taken, most: number): void {
    const orders = this.#ordersOf(taker);
    const { again } = orders;
    orders.again = false;
    if (taken.left > 0 || again) void this.want(taker, Math.min(2 * most, mostTaken));
    else this.rest(taker, taken);
  }

  /** A taker looked, and found this instead of a job. */
  rest(taker: Taker, { due, wait }: Pick<Fetched, 'due' | 'wait'>): void {
    if (this.#closed) return;
    if (due > 0) this.#setAlarm(due);
    if (this.#free(taker) <= 0) return;
    if (wait > 0) {
      // Whoever may not take any would only take the marker from those who may.
      this.#resting.delete(taker);
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        void this.want(taker);
      }, wait);
      this.#timers.add(timer);
      return;
    }
    this.#resting.add(taker);
    this.#listening ??= this.#listen();
  }

  /** A taker wants no more. Resolves when nothing is on its way to it. */
  async leave(taker: Taker): Promise<void> {
    this.#takers.delete(taker);
    this.#resting.delete(taker);
    await Promise.allSettled(this.#ordersOf(taker).underway);
  }

  /** Notes that a job was taken. */
  hold(job: Job, token: string): Held {
    const held = new Held(this.name, job, token);
    this.#context.hold(held);
    return held;
  }

  /** Takes jobs; undefined when nobody wants them any more. Waits for the end of an outage. */
  async #fetch(taker: Taker, most: number): Promise<Taken | undefined> {
    for (let free = this.#free(taker); !this.#closed && free > 0; free = this.#free(taker)) {
      if (this.#context.isUp()) {
        const count = Math.min(free, most);
        try {
          return await this.#ask(taker, count, () => this.commands.take(count, taker.rate));
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
        if (this.#resting.size > 0) void this.#look();
        // Others may have been told of another time, or of none.
        else this.commands.ring().catch(() => {});
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
    if (this.#attended && this.#context.isUp())
      await this.commands.absent(this.#context.process).catch(() => {});
    // A marker may have been on its way to us.
    if (listening !== undefined && this.#context.isUp()) await this.commands.ring().catch(() => {});
  }
}
