import { SQL } from 'drizzle-orm';
import type { Tables } from '../schema/tables.ts';

/** Rows to be added to a table. They may leave out a `serial`, which the database or {@link Steps} counts. */
export interface Insert {
  into: keyof Tables;
  rows: readonly Readonly<Record<string, string | number | null>>[];
  /** What happens to a row whose key is there; an error unless it says. */
  conflict?: 'ignore' | 'replace';
}

export type Question = SQL | Insert;

/**
 * Work that asks a database several things, whichever it is: it yields a query and gets its rows, or an insert and gets how many
 * were added. A driver that answers at once runs it in one go ({@link runSteps}), so that nothing comes between two questions;
 * others wait for each answer.
 */
export type Steps<T> = Generator<Question, T, unknown>;

/** Asks for rows. */
export function* rowsOf<R>(query: SQL): Generator<Question, R[], unknown> {
  return (yield query) as R[];
}

/** Adds rows. @returns how many were added or replaced */
export function* insert(
  into: Insert['into'],
  rows: Insert['rows'],
  conflict?: Insert['conflict'],
): Generator<Question, number, unknown> {
  return (yield { into, rows, ...(conflict && { conflict }) }) as number;
}

/** Answers questions: with rows to a query, with a number to an insert. */
export interface Answerer<Rows, Count> {
  rows(query: SQL): Rows;
  insert(insert: Insert): Count;
}

/** Answers one question. */
export function answer<R, C>(answerer: Answerer<R, C>, question: Question): R | C {
  return question instanceof SQL ? answerer.rows(question) : answerer.insert(question);
}

/** Runs steps to their end with answers that come at once. */
export function runSteps<T>(steps: Steps<T>, answerer: Answerer<unknown[], number>): T {
  let state = steps.next();
  while (!state.done) state = steps.next(answer(answerer, state.value));
  return state.value;
}

/** Runs steps to their end with answers that come later. */
export async function runStepsLater<T>(
  steps: Steps<T>,
  answerer: Answerer<Promise<unknown[]>, Promise<number>>,
): Promise<T> {
  let state = steps.next();
  while (!state.done) state = steps.next(await answer(answerer, state.value));
  return state.value;
}

/** How a database runs steps. They are made anew for every try. */
export interface Runner {
  /** Runs what only reads. */
  read<T>(steps: () => Steps<T>): Promise<T>;
  /** Runs all or nothing of it, and nothing else of the same kind in between where {@link Dialect.lock} is put. */
  write<T>(steps: () => Steps<T>): Promise<T>;
  /** Adds rows, all or none; what is added at about the same time may share a transaction. Cheaper than a `write`. */
  add(insert: Insert): Promise<void>;
}
