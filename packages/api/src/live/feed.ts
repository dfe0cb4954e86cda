import type { ExecutionEvent } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import { Follower } from './follower.ts';
import { Source } from './source.ts';
import type { Item } from './wire.ts';

export interface FeedsOptions {
  /**
   * While an execution is quiet, what the bus may have lost is looked for in the store after 2, 4, 8 and so on up to every 64 times this, in
   * milliseconds.
   *
   * @defaultValue 500
   */
  tick?: number;
}

/** So many quiet executions are looked after at a time. */
const looksAtOnce = 8;

/** Follows executions of one platform. Nothing is kept of an execution that nobody follows. */
export class Feeds {
  readonly #platform: Platform;
  readonly #tick: number;
  readonly #sources = new Map<string, Source>();
  #timer: NodeJS.Timeout | undefined;
  #ticking = false;
  #unwatch: (() => void) | undefined;

  constructor(platform: Platform, { tick = 500 }: FeedsOptions = {}) {
    this.#platform = platform;
    this.#tick = tick;
  }

  /** How many executions are followed. */
  get size(): number {
    return this.#sources.size;
  }

  /** @param after - number of the last event that is known; 0: from the beginning */
  follow(executionId: string, after: number): Follower {
    const source = this.#sources.get(executionId) ?? this.#make(executionId);
    return new Follower(source, after, () => {
      if (source.readers === 0) this.#drop(source);
    });
  }

  #make(id: string): Source {
    const { storage, bus } = this.#platform;
    const source = new Source(id, {
      executions: storage.executions,
      subscribe: (listener: (event: ExecutionEvent) => void) => bus.subscribe(id, listener),
    });
    this.#sources.set(id, source);
    this.#watch();
    return source;
  }

  #drop(source: Source): void {
    source.close();
    if (this.#sources.get(source.id) === source) this.#sources.delete(source.id);
    if (this.#sources.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#unwatch?.();
    this.#unwatch = undefined;
  }

  #watch(): void {
    if (this.#timer) return;
    this.#timer = setInterval(() => void this.#lookAfterQuiet(), this.#tick).unref();
    const { storage, bus, settings } = this.#platform;
    const look = (): void => {
      for (const source of this.#sources.values()) void source.look();
    };
    // What another process on the same file does, where no bus leads from there to here.
    const changes = settings.queue.backend === 'memory' ? storage.onChange?.(look) : undefined;
    const outages = bus.onResume?.(look);
    this.#unwatch = () => {
      changes?.();
      outages?.();
    };
  }

  async #lookAfterQuiet(): Promise<void> {
    if (this.#ticking) return;
    this.#ticking = true;
    const sources = this.#sources.values();
    const some = async (): Promise<void> => {
      for (const source of sources) await source.tick();
    };
    await Promise.all(Array.from({ length: looksAtOnce }, some));
    this.#ticking = false;
  }
}

const shared = new WeakMap<Platform, Feeds>();

/** The feeds that everyone shares who follows executions of a platform in this process. */
export function feedsOf(platform: Platform): Feeds {
  let feeds = shared.get(platform);
  if (!feeds) {
    feeds = new Feeds(platform);
    shared.set(platform, feeds);
  }
  return feeds;
}

/**
 * The events of an execution after a number: what is recorded, without a gap or a double, and from now on also what is announced. Ends after
 * `workflow_completed`, when the signal is aborted, or when it is left.
 *
 * @param after - number of the last event that is known; 0: from the beginning
 * @throws EXECUTION_NOT_FOUND; VALUE_INVALID when there is no event `after`; FOLLOWER_SLOW when what is announced is not taken in time:
 * go on from the last event; STORE_UNAVAILABLE
 */
export async function* follow(
  feeds: Feeds,
  executionId: string,
  after: number,
  signal?: AbortSignal,
): AsyncGenerator<Item> {
  if (signal?.aborted) return;
  const follower = feeds.follow(executionId, after);
  const leave = (): void => follower.close();
  signal?.addEventListener('abort', leave, { once: true });
  try {
    for (let batch = await follower.next(); batch; batch = await follower.next()) {
      for (const item of batch) {
        if (signal?.aborted) return;
        yield item;
      }
    }
  } finally {
    signal?.removeEventListener('abort', leave);
    follower.close();
  }
}
