import type { Connection } from '../connection/connection.ts';
import type { CurrentRow, CurrentStates } from './current.ts';

/** Whose turn it is among executions with the same concurrency key: see `turnChange`. */
export interface Turns {
  /** How many with this key have not ended. */
  count(key: string): number;
  /** Takes a place if there is one, else gets in line. @returns the place in the line, or null */
  enter(key: string, limit: number): number | null;
  /** Calls those that are first in the line as long as there are places. @returns them */
  call(key: string): CurrentRow[];
}

export function createTurns(connection: Connection, states: CurrentStates): Turns {
  const where = 'from executions where concurrency_key = ?';
  const holding = connection
    .statement(`select count(*) ${where} and completed_at is null and turn is null`)
    .pluck();
  const waiting = connection.statement(`select count(*) ${where} and turn is not null`).pluck();
  const last = connection.statement(`select max(turn) ${where} and turn is not null`).pluck();
  const first = connection.statement(`select id ${where} and turn is not null order by turn limit 1`).pluck();

  const number = (statement: typeof holding, key: string): number =>
    (statement.get(key) as number | null) ?? 0;

  return {
    count: (key) => number(holding, key) + number(waiting, key),
    enter(key, limit) {
      const end = number(last, key);
      return end === 0 && number(holding, key) < limit ? null : end + 1;
    },
    call(key) {
      const called: CurrentRow[] = [];
      for (let taken = number(holding, key); ; taken++) {
        const id = first.get(key) as string | undefined;
        const next = id === undefined ? undefined : states.find(id)!;
        if (!next || taken >= next.concurrency_limit!) return called;
        called.push(states.change(next, { turn: null }));
      }
    },
  };
}
