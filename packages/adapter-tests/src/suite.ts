import assert from 'node:assert/strict';
import { hasCode } from '@vwmp/core';
import type { Lifecycle } from '@vwmp/core/ports';

/** Where one test keeps its data: a folder, a database, or nothing but memory. */
export interface Place<T extends Lifecycle> {
  /** Makes an adapter over this place, not opened yet. When it is durable, each one sees the same data. */
  make(): T;
  /** Removes everything. All adapters have been closed before. */
  dispose?(): Promise<void>;
}

/** What an adapter can do beyond the least; the suite tests both branches. */
export interface Capabilities {
  /**
   * What one adapter stored, another one over the same place finds, also while both are open.
   *
   * @defaultValue false
   */
  durable?: boolean;
  /**
   * The storage has `maintenance`.
   *
   * @defaultValue false
   */
  maintenance?: boolean;
}

/** In milliseconds. */
export const defaultPatience = 30_000;

/** The adapter under test. */
export interface Subject<T extends Lifecycle> extends Capabilities {
  /**
   * How long it may take until something happens by itself (a lease ends, an event arrives), in milliseconds. No
   * test waits for longer than it takes.
   *
   * @defaultValue 30000
   */
  patience?: number;
  /** A new and empty place. */
  place(): Promise<Place<T>>;
}

/** One part of an adapter as a subject of its own. */
export function part<T extends Lifecycle, P extends Lifecycle>(
  subject: Subject<T>,
  pick: (adapter: T) => P,
): Subject<P> {
  return {
    ...subject,
    async place() {
      const { make, dispose } = await subject.place();
      return { make: () => pick(make()), dispose };
    },
  };
}

/** One test. */
export interface Case {
  name: string;
  run(): Promise<void>;
}

/** What a test gets: an open adapter, and more of them over the same place. */
export interface Bench<T extends Lifecycle> {
  store: T;
  /** Another open adapter over the same place. */
  another(): Promise<T>;
  /** An adapter for whoever works at the same time: another one where that is possible. */
  companion(): Promise<T>;
  /** Waits until a condition holds. */
  until(what: string, holds: () => Promise<unknown> | boolean): Promise<void>;
}

/** Makes a case that works on open adapters; all of them are closed and the place removed in the end. */
export function caseOf<T extends Lifecycle>(
  subject: Subject<T>,
  name: string,
  run: (store: T, bench: Bench<T>) => Promise<void>,
): Case {
  return {
    name,
    async run() {
      const place = await subject.place();
      const made: T[] = [];
      const another = async (): Promise<T> => {
        const adapter = place.make();
        made.push(adapter);
        await adapter.open();
        return adapter;
      };
      let failure: { readonly error: unknown } | undefined;
      try {
        const store = await another();
        const companion = async (): Promise<T> => (subject.durable ? await another() : store);
        const wait: Bench<T>['until'] = (what, holds) =>
          until(subject.patience ?? defaultPatience, what, holds);
        await run(store, { store, another, companion, until: wait });
      } catch (error) {
        failure = { error };
      }
      const cleaned = cleanUp(place, made);
      if (!failure) return cleaned;
      // It waits for what runs, and what runs may wait for the rest of the test: that would hide why the test failed.
      await Promise.race([cleaned.catch(() => {}), new Promise((resolve) => setTimeout(resolve, 1000))]);
      throw failure.error;
    },
  };
}

async function cleanUp(place: Place<Lifecycle>, made: readonly Lifecycle[]): Promise<void> {
  for (const adapter of made.toReversed()) await adapter.close();
  await place.dispose?.();
}

async function until(patience: number, what: string, holds: () => Promise<unknown> | boolean): Promise<void> {
  const end = performance.now() + patience;
  while (!(await holds())) {
    assert.ok(performance.now() < end, `waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Expects a rejection with the given code. @returns its details */
export async function rejectsWith(promise: Promise<unknown>, code: string): Promise<unknown> {
  let details: unknown;
  await assert.rejects(promise, (error) => {
    assert.ok(hasCode(error, code), `expected ${code}, got ${String(error)}`);
    assert.ok((error as Error).message.length > 10, 'the message says too little');
    details = (error as { details?: unknown }).details;
    return true;
  });
  return details;
}

/** Everything that an iterable gives. */
export async function collect<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of iterable) all.push(item);
  return all;
}

/** Tries to change a value that was given out or in; a frozen one refuses, which is as good. */
export function tamper(change: () => void): void {
  try {
    change();
  } catch (error) {
    assert.ok(error instanceof TypeError);
  }
}
