import type { ExecutionEvent, ExecutionQuery } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import { type Feeds, follow } from './feed.ts';
import type { Item } from './wire.ts';

/** Executions of one workflow that are followed at a time. Others get their turn when one of them ends. */
const mostFollowed = 500;
/** So many events wait for whoever takes them; the executions that they come from wait with them. */
const mostWaiting = 100;
/** How often the store is asked for executions that the bus did not tell of, in milliseconds. */
const lookEvery = 5000;

export interface WorkflowFeedOptions {
  /** Numbers of the last events that are known, by execution. */
  after?: ReadonlyMap<string, number>;
  /** Also executions that started since then and have ended already, ISO 8601. */
  since?: string;
  signal?: AbortSignal;
  /** @defaultValue 5000 ms */
  lookEvery?: number;
}

/**
 * The events of all executions of a workflow that have not ended, and of those that begin from now on: of each as
 * {@link follow} gives them. Does not end by itself.
 *
 * @throws STORE_UNAVAILABLE, FOLLOWER_SLOW
 */
export async function* followWorkflow(
  platform: Platform,
  feeds: Feeds,
  workflowId: string,
  options: WorkflowFeedOptions = {},
): AsyncGenerator<Item> {
  const { after = new Map<string, number>(), since, signal } = options;
  const { executions } = platform.storage;
  const ending = new AbortController();
  const ready: Item[] = [];
  /** Followed, or to be followed. */
  const known = new Set<string>();
  /** Those that ended so shortly ago that a look may come upon them. */
  const ended = new Set<string>();
  const waiting: string[] = [];
  let followed = 0;
  let failure: { error: unknown } | undefined;
  let wake = (): void => {};
  let drained = Promise.withResolvers<void>();
  /** Of the newest execution that was seen. */
  let newest = since ?? new Date().toISOString();

  const meet = (id: string): void => {
    if (known.has(id) || ended.has(id) || ending.signal.aborted) return;
    known.add(id);
    waiting.push(id);
    begin();
  };

  const begin = (): void => {
    while (followed < mostFollowed && waiting.length > 0) {
      followed++;
      void pump(waiting.shift()!);
    }
  };

  const pump = async (id: string): Promise<void> => {
    try {
      for await (const item of follow(feeds, id, after.get(id) ?? 0, ending.signal)) {
        ready.push(item);
        wake();
        while (ready.length >= mostWaiting && !ending.signal.aborted) await drained.promise;
      }
    } catch (error) {
      // Retention takes away what has ended: nobody waits for that.
      if ((error as { code?: unknown }).code !== 'EXECUTION_NOT_FOUND') failure ??= { error };
      wake();
    } finally {
      followed--;
      known.delete(id);
      ended.add(id);
      begin();
    }
  };

  /** @returns the ids of all that it found */
  const meetAll = async (query: ExecutionQuery): Promise<string[]> => {
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await executions.list({
        ...query,
        workflow_id: workflowId,
        limit: 500,
        ...(cursor && { cursor }),
      });
      for (const { id, started_at } of page.results) {
        if (started_at > newest) newest = started_at;
        meet(id);
        found.push(id);
      }
      cursor = page.next_cursor;
    } while (cursor !== undefined && !ending.signal.aborted);
    return found;
  };

  const lookOnce = async (): Promise<void> => {
    const from = newest;
    const before = [...ended];
    await meetAll({ status: ['pending', 'running', 'waiting'] });
    const found = await meetAll({ started_after: from });
    // What it did not find now, no later one finds.
    const stay = new Set(found);
    for (const id of before) if (!stay.has(id)) ended.delete(id);
  };
  let looking: Promise<void> | undefined;
  const look = (): Promise<void> => {
    looking ??= lookOnce().finally(() => {
      looking = undefined;
    });
    return looking;
  };
  const lookAgain = (): void => void look().catch(() => {});

  const hear = (event: ExecutionEvent): void => {
    const begins = event.event === 'workflow_queued' || event.event === 'workflow_started';
    if (begins && event.workflow_id === workflowId) meet(event.execution_id);
  };

  const leave = (): void => {
    ending.abort();
    wake();
    drained.resolve();
  };
  signal?.addEventListener('abort', leave, { once: true });
  // First listen, then look: what begins in between is not missed.
  const unsubscribe = platform.bus.subscribe(undefined, hear);
  const { storage, bus, settings } = platform;
  const timer = setInterval(lookAgain, options.lookEvery ?? lookEvery).unref();
  const changes = settings.queue.backend === 'memory' ? storage.onChange?.(lookAgain) : undefined;
  const outages = bus.onResume?.(lookAgain);
  try {
    for (const id of after.keys()) if ((await executions.get(id))?.workflow_id === workflowId) meet(id);
    await look();
    while (!signal?.aborted) {
      if (failure) throw failure.error;
      const batch = ready.splice(0);
      if (batch.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      drained.resolve();
      drained = Promise.withResolvers<void>();
      yield* batch;
    }
  } finally {
    leave();
    clearInterval(timer);
    changes?.();
    outages?.();
    unsubscribe();
    signal?.removeEventListener('abort', leave);
  }
}
