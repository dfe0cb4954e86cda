import type { QueueBackend, QueueCounts } from '@vwmp/core';

/** A queue and how many tasks it has, as it is shown. */
export type QueueLook = { name: string } & Omit<QueueCounts, 'paused'> & { paused: boolean };

/** All that were ever used, by name, and that of executions. */
export async function queueNames(queue: Pick<QueueBackend, 'queues'>): Promise<string[]> {
  return [...new Set([...(await queue.queues()), 'executions'])].sort();
}

export async function lookAt(queue: Pick<QueueBackend, 'counts'>, name: string): Promise<QueueLook> {
  const { waiting, delayed, active, dead, dead_since, paused = false } = await queue.counts(name);
  return { name, waiting, delayed, active, dead, ...(dead_since !== undefined && { dead_since }), paused };
}
