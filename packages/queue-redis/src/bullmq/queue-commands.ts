import type { ErrorInfo } from '@vwmp/core';
import type { EnqueueOptions, QueueCounts } from '@vwmp/core/ports';
import { gather } from './gather.ts';
import {
  type Job,
  type JobFields,
  type JobOptions,
  jobFields,
  type NewJob,
  readError,
  readJob,
  toJobOptions,
} from './job.ts';
import { pack } from './msgpack.ts';
import type { ScriptName } from './scripts.ts';
import { createTurns, readFields, readTaken, type Taken, takingKeys } from './turns.ts';

type Argument = string | number | Buffer | null;

/** Runs scripts and commands; rejects as QUEUE_UNAVAILABLE when Redis does not answer. */
export interface Runner {
  script(name: ScriptName, args: Argument[]): Promise<unknown>;
  command(name: string, ...args: (string | number)[]): Promise<unknown>;
}

/** What became of asking for a job. */
export interface Fetched {
  job?: Job;
  /** What it is locked with. */
  token: string;
  /** When the next delayed job is due, in milliseconds since 1970; 0 when there is none. */
  due: number;
  /** How long the rate keeps everyone waiting, in milliseconds. */
  wait: number;
}

/** What the scripts answer when a job cannot be ended by this holder. */
export const missingJob = -1;
export const missingLock = -2;

/** What a script answers: a negative number says why nothing was done. */
export type Outcome = { ok: true; next?: Fetched } | { ok: false; code: number };

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

export interface QueueCommandsOptions {
  /** Of all keys. With braces, so that they are in one slot of a cluster. */
  prefix: string;
  queue: string;
  /** Milliseconds. */
  lock: number;
  /** So many failed jobs are kept. */
  deadLimit: number;
  newToken: () => string;
}

/** So much is added in one go. */
const mostAdded = { items: 64, size: 1024 * 1024 };

/** The operations on one queue, in BullMQ's terms: keys and arguments are what its scripts expect. */
export class QueueCommands {
  readonly #runner: Runner;
  readonly #options: QueueCommandsOptions;
  readonly #base: string;
  readonly #turn: ReturnType<typeof createTurns>;
  readonly #add = gather<[head: Buffer, payload: string, options: Buffer], unknown>({
    most: mostAdded,
    sizeOf: ([, payload]) => payload.length,
    run: async (jobs) =>
      (await this.#script(
        'addPrioritizedJobs',
        ['marker', 'meta', 'id', 'prioritized', 'delayed', 'completed', 'active', 'events', 'pc'],
        jobs.flat(),
      )) as unknown[],
  });

  constructor(runner: Runner, options: QueueCommandsOptions) {
    this.#runner = runner;
    this.#options = options;
    this.#base = `${options.prefix}:${toKeyPart(options.queue)}:`;
    const { lock, newToken } = options;
    this.#turn = createTurns({ runner, base: this.#base, lock, newToken });
  }

  /** The key that wakes those who wait. */
  get marker(): string {
    return this.#key('marker');
  }

  /** @returns the id of the job, or of the one that has its deduplication key */
  async add(id: string, job: NewJob, options: EnqueueOptions): Promise<string> {
    const jobOptions = toJobOptions(options);
    const packed = this.#pack(id, job, jobOptions);
    const result =
      jobOptions.delay === undefined
        ? await this.#add(packed)
        : await this.#script(
            'addDelayedJob',
            ['marker', 'meta', 'id', 'delayed', 'completed', 'events'],
            packed,
          );
    return String(result);
  }

  /** Adds a job and takes the one that comes first, which is the same where none waits. */
  async addAndTake(id: string, job: NewJob, options: EnqueueOptions): Promise<{ id: string; taken: Taken }> {
    const token = this.#options.newToken();
    const [added, ...taken] = (await this.#script(
      'addAndTake',
      [...takingKeys, 'id', 'completed'],
      [...this.#pack(id, job, toJobOptions(options)), this.#base, Date.now(), this.#lockOptions(token)],
    )) as [unknown, ...Parameters<typeof readTaken>[0]];
    return { id: String(added), taken: readTaken(taken, token) };
  }

  /** Removes the job that has a deduplication key. @returns false when there is none that waits */
  async withdraw(dedupe: string): Promise<boolean> {
    const keys = ['prioritized', 'delayed', 'wait', 'paused', 'repeat', `de:${dedupe}`];
    return (await this.#script('withdraw', keys, [this.#base])) === 1;
  }

  /** Makes the queue known. */
  async register(): Promise<void> {
    await this.#runner.command('sadd', `${this.#options.prefix}:queues`, this.#options.queue);
  }

  /** Takes the next jobs, so many at most, and locks them; under a rate only one. */
  async take(most: number, rate?: { limit: number; per: number }): Promise<Taken> {
    return rate ? this.#takeOne(rate) : this.#turn({ count: most });
  }

  async #takeOne(rate: { limit: number; per: number }): Promise<Taken> {
    const token = this.#options.newToken();
    const args: Argument[] = [this.#base, Date.now(), this.#lockOptions(token), rate.limit, rate.per];
    const { job, due, wait } = toFetched(
      await this.#script('moveToActiveLimited', [...takingKeys, 'begun'], args),
      token,
    );
    // Whether there are more is known when the next one is asked for.
    return { jobs: job ? [job] : [], token, due, wait, left: job ? 1 : 0 };
  }

  /** @param fetchNext - whether to take another job */
  async complete(job: Job, token: string, fetchNext: boolean): Promise<Outcome> {
    const {
      code,
      jobs,
      token: next,
      due,
      wait,
    } = await this.#turn({ ends: { job, token }, count: fetchNext ? 1 : 0 });
    if (code < 0) return { ok: false, code };
    if (!fetchNext) return { ok: true };
    return { ok: true, next: { ...(jobs[0] && { job: jobs[0] }), token: next, due, wait } };
  }

  /** Puts the job to the dead letters. */
  bury(job: Job, token: string, error: ErrorInfo, fetchNext: boolean): Promise<Outcome> {
    const { deadLimit } = this.#options;
    const fields = pack(['error', JSON.stringify(error)]);
    return this.#fail(job, token, fetchNext, error.message, deadLimit, fields);
  }

  /** Ends an attempt; another one follows after the delay. */
  async retryLater({ id }: Job, token: string, delay: number, fetchNext: boolean): Promise<Outcome> {
    if (delay <= 0) {
      const keys = [
        'active',
        'wait',
        'paused',
        id,
        'meta',
        'events',
        'delayed',
        'prioritized',
        'pc',
        'marker',
        'stalled',
      ];
      return toOutcome(
        await this.#script('retryJob', keys, [this.#base, Date.now(), 'LPUSH', id, token, '']),
        token,
      );
    }
    const keys = [
      'marker',
      'active',
      'prioritized',
      'delayed',
      id,
      'events',
      'meta',
      'stalled',
      'wait',
      'limiter',
      'pc',
    ];
    const args = [this.#base, Date.now(), id, token, Math.ceil(delay), '0', '', fetchNext ? 1 : 0];
    return toOutcome(
      await this.#script('moveToDelayed', keys, [...args, this.#lockOptions(token)]),
      token,
      fetchNext,
    );
  }

  /** Undoes `take`. */
  async putBack({ id }: Job, token: string): Promise<Outcome> {
    const keys = [
      'active',
      'wait',
      'stalled',
      'paused',
      'meta',
      'limiter',
      'prioritized',
      'marker',
      'events',
    ];
    const result = await this.#script('moveJobFromActiveToWait', keys, [id, token, this.#key(id)]);
    return toOutcome(Math.min(Number(result), 0), token);
  }

  /** Keeps jobs locked. @returns the ids of those that someone else has by now */
  async renew(held: readonly { id: string; token: string }[]): Promise<string[]> {
    const pairs = held.flatMap(({ id, token }) => [id, token]);
    const lost = await this.#script(
      'renew',
      ['stalled', 'active'],
      [this.#base, this.#options.lock, ...pairs],
    );
    return (lost as unknown[]).map(String);
  }

  /** Gives jobs back whose lock has run out. Two calls, half a lock apart, find one: the first only notes it. */
  async recover(): Promise<void> {
    const keys = [
      'stalled',
      'wait',
      'active',
      'stalled-check',
      'meta',
      'paused',
      'marker',
      'events',
      'repeat',
    ];
    // BullMQ would fail a job that stalled too often. A job that kills its workers is rare, one that
    // outlived many deployments is not.
    const forever = 1_000_000_000;
    await this.#script('moveStalledJobsToWait', keys, [
      forever,
      this.#base,
      Date.now(),
      Math.floor(this.#options.lock / 3),
    ]);
  }

  async pause(paused: boolean): Promise<void> {
    const [from, to] = paused ? ['wait', 'paused'] : ['paused', 'wait'];
    const keys = [from!, to!, 'meta', 'prioritized', 'events', 'delayed', 'marker'];
    await this.#script('pause', keys, [paused ? 'paused' : 'resumed', '0']);
  }

  async counts(): Promise<QueueCounts> {
    const states = ['wait', 'prioritized', 'delayed', 'active', 'failed'];
    const [counted, paused, oldest] = await Promise.all([
      this.#script('getCounts', [''], states),
      this.#runner.command('hexists', this.#key('meta'), 'paused'),
      this.#runner.command('zrange', this.#key('failed'), 0, 0, 'WITHSCORES'),
    ]);
    const [, since] = oldest as string[];
    const [wait, prioritized, delayed, active, dead] = counted as number[];
    return {
      ...{ waiting: wait! + prioritized!, delayed: delayed!, active: active!, dead: dead! },
      ...(since !== undefined && { dead_since: new Date(Number(since)).toISOString() }),
      ...(paused === 1 && { paused: true }),
    };
  }

  /** Wakes one of those who wait, whether there is something or not. */
  async ring(): Promise<void> {
    await this.#runner.command('zadd', this.marker, 0, '0');
  }

  /** Failed jobs, oldest first; those of one millisecond by their ids. @param after - the last one of the page before */
  async failed(limit: number, after?: FailedPlace): Promise<FailedPage> {
    const [places, count] = await Promise.all([
      this.#failedPlaces(limit + 1, after),
      this.#runner.command('zcard', this.#key('failed')),
    ]);
    const shown = places.slice(0, limit);
    const read = shown.map(async ({ id, at }) => {
      const values = await this.#runner.command('hmget', this.#key(id), ...jobFields);
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
  async #failedPlaces(most: number, after?: FailedPlace): Promise<FailedPlace[]> {
    const from = after?.at ?? '-inf';
    const found: FailedPlace[] = [];
    for (let skip = 0; ; skip += most) {
      const range = [from, '+inf', 'WITHSCORES', 'LIMIT', skip, most];
      const pairs = (await this.#runner.command('zrangebyscore', this.#key('failed'), ...range)) as string[];
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
    const args = [id, 'LPUSH', 'failedReason', 'failed', '1', '1', `${this.#key('de')}:`];
    return (await this.#script('reprocessJob', keys, args)) === 1;
  }

  /** @returns false when there is no failed job with this id */
  async discard(id: string): Promise<boolean> {
    return (await this.#script('discard', ['failed', id], [id])) === 1;
  }

  async #fail(
    { id, attempts }: Job,
    token: string,
    fetchNext: boolean,
    reason: string,
    keep: number,
    fields: Buffer,
  ): Promise<Outcome> {
    const keys = [
      'wait',
      'active',
      'prioritized',
      'events',
      'stalled',
      'limiter',
      'delayed',
      'paused',
      'meta',
      'pc',
    ];
    const { lock } = this.#options;
    const options = pack({
      token,
      keepJobs: { count: keep },
      lockDuration: lock,
      attempts,
      maxMetricsSize: '',
    });
    const result = await this.#script(
      'moveToFinished',
      [...keys, 'failed', id, 'metrics:failed', 'marker'],
      [id, Date.now(), 'failedReason', reason, 'failed', fetchNext ? 1 : 0, this.#base, options, fields],
    );
    return toOutcome(result, token, fetchNext);
  }

  /** What the scripts that add take. */
  #pack(id: string, { name, payload }: NewJob, options: JobOptions): [Buffer, string, Buffer] {
    const deduplication = options.de ? `${this.#key('de')}:${options.de.id}` : null;
    const head = pack([this.#base, id, name, Date.now(), null, null, null, null, deduplication]);
    return [head, payload, pack(options)];
  }

  #lockOptions(token: string): Buffer {
    return pack({ token, lockDuration: this.#options.lock });
  }

  #script(name: ScriptName, keys: readonly string[], args: readonly Argument[]): Promise<unknown> {
    return this.#runner.script(name, [...keys.map((key) => this.#key(key)), ...args]);
  }

  #key(part: string): string {
    return this.#base + part;
  }
}

/** The name of a queue as part of a key: what has a meaning there is escaped. */
function toKeyPart(name: string): string {
  return name === '' ? '%' : name.replace(/[%:{}]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
}

function toFetched(result: unknown, token: string): Fetched {
  const [fields, id, wait, due] = result as [string[] | 0, string | 0, number, number];
  const none = { token, due: Number(due ?? 0), wait: Math.max(Number(wait ?? 0), 0) };
  if (!Array.isArray(fields) || !id) return none;
  return { ...none, job: readJob(String(id), readFields(fields)) };
}

/** @param fetched - whether another job was asked for: a plain 0 says that there was none */
function toOutcome(result: unknown, token: string, fetched = false): Outcome {
  if (Array.isArray(result)) return { ok: true, next: toFetched(result, token) };
  const code = Number(result ?? 0);
  if (code < 0) return { ok: false, code };
  return fetched ? { ok: true, next: { token, due: 0, wait: 0 } } : { ok: true };
}
