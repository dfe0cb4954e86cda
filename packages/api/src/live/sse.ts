import type { ReadableStreamDefaultController as Controller } from 'node:stream/web';
import { hasCode } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import type { Moment } from '../app/ending.ts';
import type { Reply } from '../app/route.ts';
import { type Feeds, feedsOf } from './feed.ts';
import type { Follower } from './follower.ts';
import type { Item } from './wire.ts';

/** Proxies cut connections on which nothing happens. In milliseconds. */
const keepAlive = 15_000;
/** How often it is asked whether the key of the other side is still good, in milliseconds. */
const recheck = 30_000;

export interface EventStreamOptions {
  readonly feeds?: Feeds;
  /** @defaultValue 15000 ms */
  readonly keepAlive?: number;
  /** Asks again who follows. @throws API_KEY_INVALID when the key was taken back meanwhile, which ends the stream */
  check?(): Promise<unknown>;
  /** How often that is asked. @defaultValue 30000 ms */
  readonly recheck?: number;
  /** Ends the stream: its server is about to. */
  readonly ending?: Moment;
}

/**
 * Answers with the events of an execution as server-sent events: the number of each as `id`, and itself as JSON. Ends once it has
 * completed, the key is not valid any more, or the server ends. Browsers come back then, and are told with 204 that nothing is left, or that they may not;
 * one that was too slow comes back after its last event.
 *
 * @throws EXECUTION_NOT_FOUND, VALUE_INVALID, STORE_UNAVAILABLE
 */
export async function eventStream(
  platform: Platform,
  executionId: string,
  after: number,
  signal: AbortSignal,
  options: EventStreamOptions = {},
): Promise<Reply<never>> {
  const follower = (options.feeds ?? feedsOf(platform)).follow(executionId, after);
  try {
    // What is wrong with the request is answered, not streamed.
    await follower.open();
  } catch (error) {
    follower.close();
    throw error;
  }
  if (signal.aborted || follower.ended) {
    follower.close();
    return { status: 204 };
  }
  const stop = (): void => follower.close();
  const watch = watchKey(options, stop);
  const outlive = options.ending?.onCome(stop);
  const leave = (): void => {
    clearInterval(watch);
    outlive?.();
    stop();
  };
  const source = streamOf(follower, options.keepAlive ?? keepAlive, leave);
  signal.addEventListener('abort', leave, { once: true });
  return {
    status: 200,
    stream: new ReadableStream(source, { highWaterMark: 1 }),
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      // nginx would hold it back.
      'x-accel-buffering': 'no',
    },
  };
}

const encoder = new TextEncoder();
const end = Buffer.from('\n\n');

/** However busy the stream is. That the key cannot be looked up is no reason to cut anyone off. */
function watchKey(options: EventStreamOptions, refused: () => void): NodeJS.Timeout {
  const look = (): void =>
    void options.check?.().catch((error: unknown) => {
      if (hasCode(error, 'API_KEY_INVALID')) refused();
    });
  return setInterval(look, options.recheck ?? recheck).unref();
}

/** Takes from the follower what the other side has room for: nothing is kept for one that does not read. */
function streamOf(
  follower: Follower,
  pause: number,
  leave: () => void,
): { start(to: Controller): void; pull(to: Controller): Promise<void>; cancel(): void } {
  let next: Promise<readonly Item[] | undefined> | undefined;
  const write = (items: readonly Item[]): Uint8Array =>
    Buffer.concat(items.flatMap(({ seq, bytes }) => [Buffer.from(`id: ${seq}\ndata: `), bytes, end]));
  return {
    start: (controller: Controller) => controller.enqueue(encoder.encode(': connected\n\n')),
    async pull(controller: Controller) {
      next ??= follower.next();
      const silence = Promise.withResolvers<'silence'>();
      const timer = setTimeout(silence.resolve, pause, 'silence').unref();
      try {
        const items = await Promise.race([next, silence.promise]);
        if (items === 'silence') {
          controller.enqueue(encoder.encode(': waiting\n\n'));
          return;
        }
        next = undefined;
        if (items !== undefined) return controller.enqueue(write(items));
      } catch {
        // The other side comes back after the last event that it has.
      } finally {
        clearTimeout(timer);
      }
      leave();
      controller.close();
    },
    cancel: leave,
  };
}
