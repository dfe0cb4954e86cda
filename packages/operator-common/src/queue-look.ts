import type { QueueBackend, QueueCounts } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';

/** A queue and how many tasks it has, as it is shown. */
export type QueueLook = { name: string } & Omit<QueueCounts, 'paused'> & { paused: boolean };

/** All that were ever used, by name, and that of executions. */
export async function queueNames(queue: Pick<QueueBackend, 'queues'>): Promise<string[]> {
  return [...new Set([...(await queue.queues()), 'executions'])].sort();
}

/**
 * Whether there is a queue of that name: it was used, or a worker or a stored workflow is going to. Pausing it makes a queue, so a
 * mistyped name would be paused in vain, and be listed from then on.
 */
export async function isQueueName(
  name: string,
  parts: Pick<Platform, 'queue' | 'settings' | 'workflows'>,
): Promise<boolean> {
  if (parts.settings.worker.queues.includes(name)) return true;
  if ((await queueNames(parts.queue)).includes(name)) return true;
  // To read all that are stored takes too long, and a comment that looks like it does no harm.
  const escaped = name.replace(/[^\w-]/g, '\\$&');
  const named = new RegExp(`\\bqueue["']?\\s*:\\s*["']?${escaped}(?![\\w.-])`);
  let cursor: string | undefined;
  do {
    const page = await parts.workflows.list({ q: name, limit: 100, ...(cursor !== undefined && { cursor }) });
    if (page.results.some(({ text }) => named.test(text))) return true;
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  return false;
}

export async function lookAt(queue: Pick<QueueBackend, 'counts'>, name: string): Promise<QueueLook> {
  const { waiting, delayed, active, dead, dead_since, paused = false } = await queue.counts(name);
  return { name, waiting, delayed, active, dead, ...(dead_since !== undefined && { dead_since }), paused };
}
