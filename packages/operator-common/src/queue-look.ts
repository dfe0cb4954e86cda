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
  // To read all that are stored takes too long: the name stands in the text as it is, or something in it is escaped.
  for (const q of [name, '\\']) {
    let cursor: string | undefined;
    do {
      const page = await parts.workflows.list({ q, limit: 100, ...(cursor !== undefined && { cursor }) });
      for (const { text } of page.results) {
        if (mayName(text, name) && (await namesQueue(text, name))) return true;
        await breath();
      }
      cursor = page.next_cursor;
    } while (cursor !== undefined);
  }
  return false;
}

/** Lets others have their turn: some stores answer at once, and whoever asks for a queue must not hold up everything else. */
function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Whether both words stand in a text, which takes much less time than reading it. */
function mayName(text: string, name: string): boolean {
  // Behind "\\" is a backslash itself. A line that ends with one goes on in the next.
  const plain = text.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|\r?[\n\r][ \t]*|[\s\S])/g,
    (all: string, two?: string, four?: string, eight?: string) => {
      const code = Number.parseInt(two ?? four ?? eight ?? '', 16);
      if (code < 128) return String.fromCharCode(code);
      return /^\\[\n\r]/.test(all) ? '' : all;
    },
  );
  // Where it is not in quotes, a backslash stands for itself.
  const has = (word: string): boolean => plain.includes(word) || text.includes(word);
  return has('queue') && has(name);
}

/** Whether a step of a document goes to that queue. */
async function namesQueue(text: string, name: string): Promise<boolean> {
  const { parseDocument } = await import('@vwmp/core/language');
  const { steps } = (parseDocument(text).value ?? {}) as { steps?: unknown };
  return Array.isArray(steps) && steps.some((step: { queue?: unknown } | null) => step?.queue === name);
}

export async function lookAt(queue: Pick<QueueBackend, 'counts'>, name: string): Promise<QueueLook> {
  const { waiting, delayed, active, dead, dead_since, paused = false } = await queue.counts(name);
  return { name, waiting, delayed, active, dead, ...(dead_since !== undefined && { dead_since }), paused };
}
