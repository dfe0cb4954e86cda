import type { Redis, RedisOptions } from 'ioredis';
import type { Endpoint } from './endpoint.ts';
import { isHopeless } from './errors.ts';
import type { OutageLog } from './outage-log.ts';

export interface LinkOptions {
  readonly endpoint: Endpoint;
  readonly create: (options: RedisOptions) => Redis;
  readonly outages: OutageLog;
  /** How long the other side may be silent while it owes an answer, in milliseconds. */
  readonly silence: number;
  /** Called each time that it can be used, before anyone who waits for it. */
  readonly onUp?: () => void;
}

interface Waiter {
  resolve(redis: Redis): void;
  reject(error: Error): void;
  /** Missing for those who wait for ever. */
  giveUp?(): void;
}

/**
 * A connection that is made anew whenever it is lost. The driver is told to forget what was under way then, instead
 * of sending it again later: a command has either been answered, or is refused within the time that it has. (A driver that
 * sends again leaves a blocking command behind that nobody waits for, and workers that never resume.)
 */
export class Link {
  readonly #redis: Redis;
  readonly #outages: OutageLog;
  readonly #waiting = new Set<Waiter>();
  #ready: Promise<Redis> | undefined;
  #reason = 'it does not answer';
  #again: NodeJS.Timeout | undefined;
  #gathering = false;
  #closed = false;

  constructor({ endpoint, create, outages, silence, onUp }: LinkOptions) {
    this.#outages = outages;
    const redis = create({
      ...endpoint.redis,
      ...{ lazyConnect: true, connectTimeout: endpoint.timeout, socketTimeout: silence, keepAlive: 10_000 },
      ...{ enableOfflineQueue: false, autoResendUnfulfilledCommands: false, maxRetriesPerRequest: 0 },
      disconnectTimeout: 200,
      retryStrategy: (times: number) => Math.min(50 * 2 ** Math.min(times - 1, 5), 1000),
      // After a failover the old primary goes on as a replica: it is not the one to talk to any more.
      reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
    });
    this.#redis = redis;
    redis.on('error', (error: Error) => {
      const silent = error.message.startsWith('Socket timeout');
      this.#reason = silent ? `no answer within ${silence} ms` : error.message || String(error);
      // Whoever waits for a limited time need not wait until its end.
      if (isHopeless(this.#reason)) for (const { giveUp } of [...this.#waiting]) giveUp?.();
    });
    redis.on('close', () => this.#lose());
    redis.on('end', () => {
      this.#lose();
      // The driver gives up on what it takes for hopeless.
      if (!this.#closed) this.#again = setTimeout(() => redis.connect().catch(() => {}), 1000);
    });
    redis.on('ready', () => {
      if (this.#closed) return;
      this.#reason = 'the connection was closed';
      this.#ready = Promise.resolve(redis);
      outages.up(this);
      onUp?.();
      for (const { resolve } of this.#waiting) resolve(redis);
      this.#waiting.clear();
    });
    redis.connect().catch(() => {});
  }

  get isUp(): boolean {
    return this.#ready !== undefined;
  }

  /**
   * Sends what is written until the end of this turn in one piece: fewer and larger writes cost both sides less, by
   * a quarter at 64 tasks at a time.
   */
  gather(): void {
    const { stream } = this.#redis;
    if (this.#gathering || !stream) return;
    this.#gathering = true;
    stream.cork();
    process.nextTick(() => {
      this.#gathering = false;
      stream.uncork();
    });
  }

  /** Why it is down, for people. */
  get reason(): string {
    return this.#reason;
  }

  /**
   * Resolves when it can be used.
   *
   * @param patience - milliseconds; for ever when missing
   * @throws when it cannot in that time, or was closed
   */
  ready(patience?: number): Promise<Redis> {
    if (this.#ready !== undefined) return this.#ready;
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(new Error('The connection was closed.'));
        return;
      }
      const waiter: Waiter = { resolve, reject };
      this.#waiting.add(waiter);
      if (patience === undefined) return;
      const timer = setTimeout(() => waiter.giveUp?.(), patience);
      waiter.resolve = (redis) => {
        clearTimeout(timer);
        resolve(redis);
      };
      waiter.reject = (error) => {
        clearTimeout(timer);
        reject(error);
      };
      waiter.giveUp = () => {
        this.#waiting.delete(waiter);
        waiter.reject(new Error(this.#reason));
      };
    });
  }

  /** Drops the connection at once. Idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#ready = undefined;
    clearTimeout(this.#again);
    this.#outages.forget(this);
    for (const { reject } of this.#waiting) reject(new Error('The connection was closed.'));
    this.#waiting.clear();
    const redis = this.#redis;
    // Between two attempts to connect there is nothing to wait for.
    if (!['connecting', 'connect', 'ready'].includes(redis.status)) {
      redis.disconnect();
      return;
    }
    await new Promise<void>((resolve) => {
      redis.once('end', resolve);
      redis.disconnect();
    });
  }

  #lose(): void {
    if (this.#closed) return;
    this.#ready = undefined;
    this.#outages.down(this, this.#reason);
  }
}
