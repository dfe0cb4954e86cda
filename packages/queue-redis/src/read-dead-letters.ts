import type { DeadLetter, Page, PageQuery } from '@vwmp/core/ports';
import type { DeadLetters, FailedPlace } from './bullmq/dead-letters.ts';
import { toTask } from './bullmq/job.ts';

/** A page of what stands in the dead letters of a queue. @throws TypeError for what is no cursor of it */
export async function readDeadLetters(
  queue: string,
  letters: DeadLetters,
  { limit = 50, cursor }: PageQuery = {},
): Promise<Page<DeadLetter>> {
  const most = Math.min(Math.max(Math.trunc(limit) || 1, 1), 500);
  const { jobs, count, last } = await letters.page(most, readCursor(cursor));
  return {
    results: jobs.map(({ job, error, at }) => ({
      ...{ task: toTask(queue, job, job.attemptsMade), error },
      failed_at: new Date(at).toISOString(),
    })),
    ...(last && { next_cursor: toCursor(last) }),
    count,
  };
}

function toCursor({ at, id }: FailedPlace): string {
  return Buffer.from(`${at} ${id}`).toString('base64url');
}

/** @throws TypeError */
function readCursor(cursor: string | undefined): FailedPlace | undefined {
  if (cursor === undefined) return undefined;
  const [, at, id] = /^(\d{1,15}) (.+)$/s.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (at !== undefined && id !== undefined) return { at: Number(at), id };
  throw new TypeError(`"${cursor}" is no cursor of this list. Take the "next_cursor" of a page.`);
}
