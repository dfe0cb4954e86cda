import { retryBusy } from './busy.ts';
import type { Connection } from './connection.ts';
import { isSqliteError, translate } from './errors.ts';
import { now } from './now.ts';
import type { Place } from './open-file.ts';

/** Gathers writes into transactions. */
export interface Writer {
  /**
   * Runs `job` in a transaction with others that were added within the same turn of the event loop, and resolves when it is
   * committed. It may be run again from the beginning. What it throws rejects it alone; it may not have written
   * anything then, unless `undoes` is set.
   *
   * @param undoes - what it has written is undone when it throws
   * @throws STORE_FULL, STORE_UNAVAILABLE
   */
  add<T>(job: () => T, undoes?: boolean): Promise<T>;
}

/** What goes on around each transaction. */
export interface WriterHooks {
  /** At the beginning. */
  afterBegin(): void;
  /** After a job of which what it has written was undone. */
  afterUndo(): void;
  /** Before the commit, when all jobs have run. */
  beforeCommit(): void;
  /** What was learnt in a transaction that was not committed is not true. */
  afterRollback(): void;
}

interface Job {
  run(): unknown;
  undoes: boolean;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

type Outcome = { result: unknown } | { error: unknown };

/** A transaction takes so many milliseconds; what is left waits for the next one, after everything else had its turn. */
const longest = 8;

/** Makes the writer of a connection. */
export function createWriter(connection: Connection, place: Place, hooks: WriterHooks): Writer {
  const begin = connection.statement('begin immediate');
  const commit = connection.statement('commit');
  let jobs: Job[] = [];
  let running = false;

  const rollback = (): void => {
    connection.database.rollback();
    hooks.afterRollback();
  };

  const carryOut = (job: Job): Outcome => {
    if (job.undoes) return carryOutOrUndo(job);
    try {
      return { result: job.run() };
    } catch (error) {
      if (isSqliteError(error)) throw error;
      return { error };
    }
  };

  const carryOutOrUndo = (job: Job): Outcome => {
    connection.statement('savepoint job').run();
    try {
      const result = job.run();
      connection.statement('release job').run();
      return { result };
    } catch (error) {
      if (isSqliteError(error)) throw error;
      connection.database.exec('rollback to job; release job');
      hooks.afterUndo();
      return { error };
    }
  };

  /** Runs jobs in a transaction until its time is over. @returns their outcomes; there may be fewer of them */
  const transact = (group: readonly Job[]): Outcome[] => {
    const outcomes: Outcome[] = [];
    const end = now() + longest;
    try {
      hooks.afterBegin();
      for (const job of group) {
        outcomes.push(carryOut(job));
        if (outcomes.length % 16 === 0 && now() > end) break;
      }
      hooks.beforeCommit();
      commit.run();
      return outcomes;
    } catch (error) {
      rollback();
      throw error;
    }
  };

  const settle = (group: readonly Job[], outcomes: readonly Outcome[]): void => {
    for (let index = 0; index < outcomes.length; index++) {
      const { resolve, reject } = group[index]!;
      const outcome = outcomes[index]!;
      if ('error' in outcome) reject(outcome.error);
      else resolve(outcome.result);
    }
  };

  /** Takes the lock and carries out what has gathered by then. @returns jobs of a transaction that failed */
  const attempt = (): Job[] => {
    begin.run();
    const group = jobs;
    jobs = [];
    try {
      const outcomes = transact(group);
      jobs = group.slice(outcomes.length);
      settle(group, outcomes);
      return [];
    } catch {
      return group;
    }
  };

  const attemptAlone = (job: Job): void => {
    begin.run();
    settle([job], transact([job]));
  };

  const flush = async (): Promise<void> => {
    let failed: Job[] = [];
    try {
      failed = await retryBusy(attempt, place.patience);
    } catch (error) {
      const given = jobs;
      jobs = [];
      for (const { reject } of given) reject(translate(error, place.path));
    }
    // Whose fault it was shows when each of them is alone.
    for (const job of failed) {
      try {
        await retryBusy(() => attemptAlone(job), place.patience);
      } catch (error) {
        job.reject(translate(error, place.path));
      }
    }
    running = false;
    schedule();
  };

  const schedule = (): void => {
    if (running || jobs.length === 0) return;
    running = true;
    setImmediate(() => void flush());
  };

  return {
    add<T>(run: () => T, undoes = false) {
      return new Promise<T>((resolve, reject) => {
        jobs.push({ run, undoes, resolve: resolve as (result: unknown) => void, reject });
        schedule();
      });
    },
  };
}
