import type { SQL } from 'drizzle-orm';

/**
 * Work that asks a database several things, whichever it is: it yields a query and gets its rows. A driver that answers at once
 * runs it in one go ({@link runSteps}), so that nothing comes between two questions; others wait for each answer.
 */
export type Steps<T> = Generator<SQL, T, unknown>;

/** One question. */
export function* rowsOf<R>(query: SQL): Generator<SQL, R[], unknown> {
  return (yield query) as R[];
}

/** Runs steps to their end. @param ask - answers at once */
export function runSteps<T>(steps: Steps<T>, ask: (query: SQL) => unknown[]): T {
  let state = steps.next();
  while (!state.done) state = steps.next(ask(state.value));
  return state.value;
}

/** Runs steps to their end. @param ask - answers later */
export async function runStepsLater<T>(steps: Steps<T>, ask: (query: SQL) => Promise<unknown[]>): Promise<T> {
  let state = steps.next();
  while (!state.done) state = steps.next(await ask(state.value));
  return state.value;
}
