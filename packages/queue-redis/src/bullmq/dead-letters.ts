import type { ErrorInfo } from '@vwmp/core';
import { type Job, type JobFields, jobFields, readError, readJob } from './job.ts';
import type { QueueKeys } from './queue-keys.ts';

/** Where a job stands among those that failed. */
export interface FailedPlace {
  id: string;
  /** When it failed, in milliseconds since 1970. */
  at: number;
}

export interface FailedPage {
  jobs: { job: Job; error: ErrorInfo; at: number }[];
  /** All that failed. */
  count: number;
  /** The last one of this page, if there is another page. */
  last?: FailedPlace;
}

/** The dead letters of one queue: the jobs that BullMQ keeps as failed. */
export class DeadLetters {
  readonly #keys: QueueKeys;

  constructor(keys: QueueKeys) {
    this.#keys = keys;
  }

  /** Failed jobs, oldest first; those of one millisecond by their ids. @param after - the last one of the page before */
  async page(limit: number, after?: FailedPlace): Promise<FailedPage> {
    const [places, count] = await Promise.all([
      this.#places(limit + 1, after),
      this.#keys.command('zcard', 'failed'),
    ]);
    const shown = places.slice(0, limit);
    const read = shown.map(async ({ id, at }) => {
      const values = await this.#keys.command('hmget', id, ...jobFields);
      const fields: JobFields = {};
      for (const [index, name] of jobFields.entries()) fields[name] = (values as (string | null)[])[index];
      return { job: readJob(id, fields), error: readError(fields), at, gone: fields.opts === null };
    });
    // One that was pushed out or retried meanwhile may be gone.
    const jobs = (await Promise.all(read)).filter(({ gone }) => !gone);
    const last = places.length > limit ? shown.at(-1) : undefined;
    return { jobs, count: Number(count), ...(last && { last }) };
  }

  /** By time and id and not by position, which changes when others go. */
  async #places(most: number, after?: FailedPlace): Promise<FailedPlace[]> {
    const from = after?.at ?? '-inf';
    const found: FailedPlace[] = [];
    for (let skip = 0; ; skip += most) {
      const range = [from, '+inf', 'WITHSCORES', 'LIMIT', skip, most];
      const pairs = (await this.#keys.command('zrangebyscore', 'failed', ...range)) as string[];
      for (let n = 0; n < pairs.length; n += 2) {
        const place = { id: pairs[n]!, at: Number(pairs[n + 1]) };
        if (!after || place.at > after.at || place.id > after.id) found.push(place);
      }
      if (pairs.length < 2 * most || found.length >= most) return found;
    }
  }

  /** @returns false when there is no failed job with this id */
  async revive(id: string): Promise<boolean> {
    const keys = [id, 'events', 'failed', 'wait', 'meta', 'active', 'marker', 'prioritized', 'pc'];
    const args = [id, 'LPUSH', 'failedReason', 'failed', '1', '1', `${this.#keys.of('de')}:`];
    return (await this.#keys.script('reprocessJob', keys, args)) === 1;
  }

  /** @returns false when there is no failed job with this id */
  async discard(id: string): Promise<boolean> {
    return (await this.#keys.script('discard', ['failed', id], [id])) === 1;
  }
}
