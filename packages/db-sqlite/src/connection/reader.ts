import { answer, type Question, type Steps } from 'db-common';
import { retryBusy } from './busy.ts';
import type { Connection } from './connection.ts';
import { translate } from './errors.ts';
import { now } from './now.ts';
import type { Place } from './open-file.ts';

/** Runs what only reads. */
export interface Reader {
  /** @throws STORE_UNAVAILABLE */
  read<T>(work: () => T): Promise<T>;
  /**
   * Runs steps on one state of the database. When there are many of them, others get their turn in between, and may change
   * something.
   *
   * @throws STORE_UNAVAILABLE
   */
  readSteps<T>(steps: () => Steps<T>): Promise<T>;
}

/** After so many milliseconds others get their turn. */
const longest = 4;

/** Makes the reader of a connection. */
export function createReader(connection: Connection, { path, patience }: Place): Reader {
  const begin = connection.statement('begin');
  const commit = connection.statement('commit');

  /** Goes on with steps until they are done or others get their turn. */
  const goOn = <T>(steps: Steps<T>, from: IteratorResult<Question, T>): IteratorResult<Question, T> => {
    const end = now() + longest;
    let state = from;
    begin.run();
    try {
      while (!state.done && now() < end) state = steps.next(answer(connection, state.value));
    } finally {
      commit.run();
    }
    return state;
  };

  const read = async <T>(work: () => T): Promise<T> => {
    try {
      return await retryBusy(work, patience);
    } catch (error) {
      throw translate(error, path);
    }
  };

  return {
    read,
    async readSteps<T>(make: () => Steps<T>) {
      // What is asked first may find the database busy; then it is asked anew.
      let [steps, state] = await read(() => {
        const begun = make();
        return [begun, goOn(begun, begun.next())] as const;
      });
      while (!state.done) {
        await new Promise((resolve) => setImmediate(resolve));
        const last = state;
        state = await read(() => goOn(steps, last));
      }
      return state.value;
    },
  };
}
