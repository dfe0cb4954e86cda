import type { ErrorInfo } from '@vwmp/core';
import type { EnqueueOptions, QueueCounts } from '@vwmp/core/ports';
import { type Added, createAdditions } from './additions.ts';
import { DeadLetters } from './dead-letters.ts';
import { type Job, type JobOptions, type NewJob, toJobOptions } from './job.ts';
import { pack } from './msgpack.ts';
import { type Outcome, toFetched, toOutcome } from './outcome.ts';
import { type Argument, QueueKeys, type Runner } from './queue-keys.ts';
import type { ScriptName } from './scripts.ts';
import { createTurns, type Taken, takingKeys } from './turns.ts';

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

/** The operations on one queue, in BullMQ's terms: keys and arguments are what its scripts expect. */
export class QueueCommands {
  readonly dead: DeadLetters;
  readonly #options: QueueCommandsOptions;
  readonly #keys: QueueKeys;
  readonly #turn: ReturnType<typeof createTurns>;
  readonly #add: ReturnType<typeof createAdditions>;
  /** What jobs are locked with that may have been taken for this process, the answer having got lost. */
  readonly #astray = new Set<string>();

  constructor(runner: Runner, options: QueueCommandsOptions) {
    this.#options = options;
    this.#keys = new QueueKeys(runner, options.prefix, options.queue);
    this.dead = new DeadLetters(this.#keys);
    const { lock, newToken } = options;
    const take = this.#take.bind(this);
    const taking = { take, base: this.#keys.base, lock, newToken };
    this.#turn = createTurns(taking);
    this.#add = createAdditions(taking);
  }

  /** The key that wakes those who wait. */
  get marker(): string {
    return this.#keys.of('marker');
  }

  /** @returns the id of the job, or of the one that has its deduplication key */
  async add(id: string, job: NewJob, options: EnqueueOptions): Promise<string> {
    const jobOptions = toJobOptions(options);
    const packed = this.#pack(id, job, jobOptions);
    if (jobOptions.delay === undefined) return (await this.#add({ job: packed })).id;
    const keys = ['marker', 'meta', 'id', 'delayed', 'completed', 'events'];
    return String(await this.#keys.script('addDelayedJob', keys, packed));
  }

  /** Adds a job that need not wait, and takes the one that comes first. */
  addAndTake(id: string, job: NewJob, options: EnqueueOptions, takes: 'always' | 'alone'): Promise<Added> {
    return this.#add({ job: this.#pack(id, job, toJobOptions(options)), takes });
  }

  /** Removes the job that has a deduplication key. @returns false when there is none that waits */
  async withdraw(dedupe: string): Promise<boolean> {
    const keys = ['prioritized', 'delayed', 'wait', 'paused', 'repeat', `de:${dedupe}`];
    return (await this.#keys.script('withdraw', keys, [this.#keys.base])) === 1;
  }

  /** Makes the queue known. */
  async register(): Promise<void> {
    await this.#keys.runner.command('sadd', `${this.#options.prefix}:queues`, this.#options.queue);
  }

  /** Takes the next jobs, so many at most, and locks them; under a rate only one. */
  async take(most: number, rate?: { limit: number; per: number }): Promise<Taken> {
    return rate ? this.#takeOne(rate) : this.#turn({ count: most });
  }

  async #takeOne(rate: { limit: number; per: number }): Promise<Taken> {
    const token = this.#options.newToken();
    const keys = [...takingKeys, 'begun'].map((key) => this.#keys.of(key));
    const args: Argument[] = [this.#keys.base, Date.now(), this.#lockOptions(token), rate.limit, rate.per];
    const { job, due, wait } = toFetched(
      await this.#take('moveToActiveLimited', token, [...keys, ...args]),
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
        await this.#keys.script('retryJob', keys, [this.#keys.base, Date.now(), 'LPUSH', id, token, '']),
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
    const next = this.#options.newToken();
    const args = [this.#keys.base, Date.now(), id, token, Math.ceil(delay), '0', '', fetchNext ? 1 : 0];
    const result = await this.#take('moveToDelayed', next, [
      ...keys.map((key) => this.#keys.of(key)),
      ...[...args, this.#lockOptions(next)],
    ]);
    return toOutcome(result, next, fetchNext);
  }

  /** Undoes `take`. */
  async putBack({ id }: Pick<Job, 'id'>, token: string): Promise<Outcome> {
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
    const result = await this.#keys.script('moveJobFromActiveToWait', keys, [id, token, this.#keys.of(id)]);
    return toOutcome(Math.min(Number(result), 0), token);
  }

  /** Notes that this process takes jobs of the queue, for as long as a lock lasts. */
  async present(process: string): Promise<void> {
    await this.#keys.script('present', ['takers'], [process, this.#options.lock]);
  }

  async absent(process: string): Promise<void> {
    await this.#keys.script('present', ['takers'], [process, 0]);
  }

  /** Keeps jobs locked. @returns the ids of those that someone else has by now */
  async renew(held: readonly { id: string; token: string }[]): Promise<string[]> {
    const pairs = held.flatMap(({ id, token }) => [id, token]);
    const lost = await this.#keys.script(
      'renew',
      ['stalled', 'active'],
      [this.#keys.base, this.#options.lock, ...pairs],
    );
    return (lost as unknown[]).map(String);
  }

  /** Puts back what was taken for this process and never arrived: it would stay locked, and nobody works on it. */
  async reclaim(): Promise<void> {
    const tokens = [...this.#astray];
    if (tokens.length === 0) return;
    const found = await this.#keys.script('lockedWith', ['active'], [this.#keys.base, ...tokens]);
    const jobs = found as [id: string, token: string][];
    await Promise.all(jobs.map(([id, token]) => this.putBack({ id }, token)));
    for (const token of tokens) this.#astray.delete(token);
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
    await this.#keys.script('moveStalledJobsToWait', keys, [
      forever,
      this.#keys.base,
      Date.now(),
      Math.floor(this.#options.lock / 3),
    ]);
  }

  async pause(paused: boolean): Promise<void> {
    const [from, to] = paused ? ['wait', 'paused'] : ['paused', 'wait'];
    const keys = [from!, to!, 'meta', 'prioritized', 'events', 'delayed', 'marker'];
    await this.#keys.script('pause', keys, [paused ? 'paused' : 'resumed', '0']);
  }

  async counts(): Promise<QueueCounts> {
    const states = ['wait', 'prioritized', 'delayed', 'active', 'failed'];
    const [counted, paused, oldest] = await Promise.all([
      this.#keys.script('getCounts', [''], states),
      this.#keys.command('hexists', 'meta', 'paused'),
      this.#keys.command('zrange', 'failed', 0, 0, 'WITHSCORES'),
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
    await this.#keys.command('zadd', 'marker', 0, '0');
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
    const { lock, newToken } = this.#options;
    const next = newToken();
    const options = pack({
      token,
      keepJobs: { count: keep },
      lockDuration: lock,
      attempts,
      maxMetricsSize: '',
    });
    const { base } = this.#keys;
    const result = await this.#take('moveToFinished', next, [
      ...[...keys, 'failed', id, 'metrics:failed', 'marker'].map((key) => this.#keys.of(key)),
      ...[id, Date.now(), 'failedReason', reason, 'failed', fetchNext ? 1 : 0, base, options, fields, next],
    ]);
    return toOutcome(result, next, fetchNext);
  }

  /** @param token - of what is taken only: what else it locks would be put back with what never arrived */
  async #take(script: ScriptName, token: string, args: Argument[]): Promise<unknown> {
    const { runner } = this.#keys;
    try {
      return await runner.script(script, args);
    } catch (error) {
      if (runner.mayBeDone(error)) this.#astray.add(token);
      throw error;
    }
  }

  /** What the scripts that add take. */
  #pack(id: string, { name, payload }: NewJob, options: JobOptions): [Buffer, string, Buffer] {
    const deduplication = options.de ? `${this.#keys.of('de')}:${options.de.id}` : null;
    const head = pack([this.#keys.base, id, name, Date.now(), null, null, null, null, deduplication]);
    return [head, payload, pack(options)];
  }

  #lockOptions(token: string): Buffer {
    return pack({ token, lockDuration: this.#options.lock });
  }
}
