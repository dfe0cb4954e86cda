import type { Redis, RedisOptions } from 'ioredis';
import type { Endpoint } from './endpoint.ts';
import { isElsewhere, isHopeless } from './errors.ts';
import type { OutageLog } from './outage-log.ts';

export interface LinkOptions {
  readonly endpoint: Endpoint;
  readonly create: (options: RedisOptions) => Redis;
  readonly outages: OutageLog;
  /** How long the other side may be silent while it owes an answer, in milliseconds. */
  readonly silence: number;
  /** A key that it works with: in a cluster the node that has it is the one to talk to. */
  readonly home?: string;
  /** Where that is thought to be. */
  readonly place?: Place | undefined;
  /** Called each time that it can be used, before anyone who waits for it. */
  readonly onUp?: () => void;
}

const unheard = 'it does not answer';
/** To Redis without TLS its greeting is the beginning of a command, for whose end it waits. */
const noTls = 'it takes the connection, and does not answer in TLS';

/** A node of a cluster. */
export type Place = Pick<RedisOptions, 'host' | 'port'>;

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
 *
 * All keys of a queue are in one slot of a cluster, so it needs one node, and goes to the one that it is told of
 * (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/, "MOVED Redirection").
 */
export class Link {
  readonly #redis: Redis;
  readonly #outages: OutageLog;
  readonly #waiting = new Set<Waiter>();
  #ready: Promise<Redis> | undefined;
  #reason = unheard;
  #again: NodeJS.Timeout | undefined;
  #gathering = false;
  #closed = false;
  /** On its way to another node of a cluster. */
  #moving = false;
  /** Has been sent to another node once. */
  #moved: boolean;

  constructor({ endpoint, create, outages, silence, home, place, onUp }: LinkOptions) {
    this.#outages = outages;
    this.#moved = place !== undefined;
    const { host, port } = endpoint.redis;
    const redis = create({
      ...{ ...endpoint.redis, ...place },
      ...{ lazyConnect: true, connectTimeout: endpoint.timeout, socketTimeout: silence, keepAlive: 10_000 },
      ...{ enableOfflineQueue: false, autoResendUnfulfilledCommands: false, maxRetriesPerRequest: 0 },
      disconnectTimeout: 200,
      retryStrategy: (times: number) => {
        // The node that it was sent to cannot be reached: where it began they know which one took its place.
        if (this.#moved && times > 1) Object.assign(redis.options, { host, port });
        return Math.min(50 * 2 ** Math.min(times - 1, 5), 1000);
      },
      // After a failover the old primary goes on as a replica: it is not the one to talk to any more.
      reconnectOnError: ({ message }: Error) => message.startsWith('READONLY') || this.#follow(message),
    });
    this.#redis = redis;
    redis.on('error', (error: Error) => {
      const silent = error.message.startsWith('Socket timeout');
      this.#reason = silent ? `no answer within ${silence} ms` : error.message || String(error);
      // The driver would go on in the database 0, which is that of others.
      if (isElsewhere(error)) redis.disconnect(true);
      // Whoever waits for a limited time need not wait until its end.
      if (isHopeless(error)) for (const { giveUp } of [...this.#waiting]) giveUp?.();
    });
    redis.on('close', () => {
      if (!this.#moving) this.#lose();
      this.#moving = false;
    });
    redis.on('end', () => {
      this.#lose();
      // The driver gives up on what it takes for hopeless.
      if (!this.#closed) this.#again = setTimeout(() => redis.connect().catch(() => {}), 1000);
    });
    const announce = (): void => {
      if (this.#closed || this.#moving || redis.status !== 'ready') return;
      this.#reason = 'the connection was closed';
      this.#ready = Promise.resolve(redis);
      outages.up(this);
      onUp?.();
      for (const { resolve } of this.#waiting) resolve(redis);
      this.#waiting.clear();
    };
    redis.on('ready', () => {
      // In a cluster the keys may have moved on meanwhile.
      if (home !== undefined && this.#moved) redis.exists(home).then(announce, announce);
      else announce();
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

  /** The node of a cluster that it was sent to; undefined as long as it is where it began. */
  get place(): Place | undefined {
    const { host, port } = this.#redis.options;
    return this.#moved ? { host, port } : undefined;
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
        waiter.reject(new Error(this.#reason === unheard && this.#isGreeting ? noTls : this.#reason));
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

  /** Goes to the node of a cluster that has the keys. @returns false when the message is not about that */
  #follow(message: string): boolean {
    const [, host, port] = /^MOVED \d+ (.*):(\d+)$/.exec(message) ?? [];
    if (port === undefined) return false;
    const { options } = this.#redis;
    // Without a host, or with one that nobody has named, it is another port of the same one.
    Object.assign(options, { host: host?.replace(/^\?$/, '') || options.host, port: Number(port) });
    this.#moved = true;
    this.#moving = true;
    this.#ready = undefined;
    this.#reason = `the keys are on another node of the cluster, ${options.host}:${port}`;
    return true;
  }

  /** It has taken the connection, and says nothing to the beginning of TLS. */
  get #isGreeting(): boolean {
    const stream = this.#redis.stream as { connecting?: boolean; secureConnecting?: boolean } | undefined;
    return stream?.secureConnecting === true && stream.connecting === false;
  }

  #lose(): void {
    if (this.#closed) return;
    this.#ready = undefined;
    this.#outages.down(this, this.#reason);
  }
}
