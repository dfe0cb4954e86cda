import type { VwmpError } from '@vwmp/core';
import type { Redis } from 'ioredis';
import type { Runner } from './bullmq/queue-keys.ts';
import type { ScriptName } from './bullmq/scripts.ts';
import type { Endpoint } from './endpoint.ts';
import { isInterruption, isOutage, unavailable, withoutCommand } from './errors.ts';
import type { Link } from './link.ts';

/** Between two tries, in milliseconds. */
const pause = 10;

/** What is asked of Redis: answered, or refused as QUEUE_UNAVAILABLE within the time that an answer may take. */
export class Requests implements Runner {
  /** The connection, while there is one. */
  link: Link | undefined;
  readonly #endpoint: Endpoint;
  /** Refusals of what may have been done, the answer having got lost. */
  readonly #interrupted = new WeakSet<VwmpError>();

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  get isUp(): boolean {
    return this.link?.isUp === true;
  }

  async run<T>(command: (redis: Redis) => Promise<T>): Promise<T> {
    const link = this.link!;
    const redis = await link.ready(this.#endpoint.timeout).catch((error: unknown) => {
      throw this.refuse(error);
    });
    link.gather();
    try {
      return await command(redis);
    } catch (thrown) {
      const error = withoutCommand(thrown);
      throw isOutage(error) ? this.refuse(error) : error;
    }
  }

  script(name: ScriptName, args: unknown[]): Promise<unknown> {
    type Scripted = Record<ScriptName, (given: unknown[]) => Promise<unknown>>;
    return this.run((redis) => (redis as unknown as Scripted)[name](args));
  }

  command(name: string, ...args: (string | number)[]): Promise<unknown> {
    return this.run((redis) => redis.call(name, ...args));
  }

  /** Tries again what may be done twice, while there is time. */
  async insist<T>(work: () => Promise<T>): Promise<T> {
    const end = performance.now() + this.#endpoint.timeout;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!this.mayBeDone(error) || performance.now() >= end) throw error;
      }
      // What cannot be written any more is refused at once, and that the connection has ended is heard when the event loop turns.
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  mayBeDone(error: unknown): boolean {
    return this.#interrupted.has(error as VwmpError);
  }

  refuse(cause: unknown): VwmpError {
    const { place, reason } = this.link ?? {};
    if (!isInterruption(cause)) return unavailable('QUEUE_UNAVAILABLE', this.#endpoint, cause, place);
    const lost = new Error(reason, { cause });
    const refusal = unavailable('QUEUE_UNAVAILABLE', this.#endpoint, lost, place);
    this.#interrupted.add(refusal);
    return refusal;
  }
}
