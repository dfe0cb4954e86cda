import type { ExecutionEvent, ExecutionQuery, ExecutionSummary } from '@vwmp/core';
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
  /** Followed, to be followed, or done with since the last look. */
  const known = new Set<string>();
  const waiting: string[] = [];
  let followed = 0;
  let failure: { error: unknown } | undefined;
  let wake = (): void => {};
  let drained = Promise.withResolvers<void>();
  /** Of the newest execution that was seen. */
  let newest = since ?? new Date().toISOString();

  const meet = (id: string): void => {
    if (known.has(id) || ending.signal.aborted) return;
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
      begin();
    }
  };

  const meetAll = async (query: ExecutionQuery): Promise<void> => {
    let cursor: string | undefined;
    do {
      const page = await executions.list({
        ...query,
        workflow_id: workflowId,
        limit: 500,
        ...(cursor && { cursor }),
      });
      for (const { id, started_at } of page.results as ExecutionSummary[]) {
        if (started_at > newest) newest = started_at;
        meet(id);
      }
      cursor = page.next_cursor;
    } while (cursor !== undefined && !ending.signal.aborted);
  };

  const look = async (): Promise<void> => {
    const from = newest;
    await meetAll({ status: ['pending', 'running', 'waiting'] });
    await meetAll({ started_after: from });
  };

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
  const timer = setInterval(() => void look().catch(() => {}), options.lookEvery ?? lookEvery).unref();
  try {
    for (const id of after.keys()) meet(id);
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
    unsubscribe();
    signal?.removeEventListener('abort', leave);
  }
}
