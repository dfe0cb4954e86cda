import { completion, creation, progress } from '@vwmp/adapter-tests/samples';
import { hasCode } from '@vwmp/core';
import type { Append, ExecutionStore } from '@vwmp/core/ports';

/** Writers that go on as long as they are let, whatever happens to the store. */
export interface Load {
  /** How many appends were confirmed so far. */
  confirmed(): number;
  /** Codes of errors that writers got. */
  readonly codes: Set<unknown>;
  /** Resolves when so many more appends have been confirmed. */
  more(count: number): Promise<void>;
  /** Ends the writers after what they are doing. @returns how many events of each execution were confirmed */
  end(): Promise<Map<string, number>>;
}

/** Starts so many writers, each of which writes one execution after the other. */
export function startLoad(store: ExecutionStore, writers: number): Load {
  const confirmed = new Map<string, number>();
  const codes = new Set<unknown>();
  const waiting = new Set<{ at: number; resolve(): void }>();
  let count = 0;
  let ended = false;

  /** Appends until it is known that the events are there, as a worker does. */
  const persist = async (append: Append): Promise<void> => {
    const seq = append.expected_seq + append.events.length;
    while (!ended) {
      try {
        await store.append(append);
        break;
      } catch (error) {
        const { code } = error as { code?: unknown };
        codes.add(code);
        // What could not be told may have been done.
        if (hasCode(error, 'VERSION_CONFLICT') || hasCode(error, 'ALREADY_EXISTS')) break;
        if (!hasCode(error, 'STORE_UNAVAILABLE')) throw error;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
    if (ended) return;
    confirmed.set(append.summary.id, seq);
    count++;
    for (const waiter of waiting) {
      if (count < waiter.at) continue;
      waiting.delete(waiter);
      waiter.resolve();
    }
  };

  const write = async (writer: number): Promise<void> => {
    for (let n = 0; !ended; n++) {
      const id = `w${writer}-${n}`;
      await persist({ ...creation(id), owner: 'w' });
      for (let seq = 1; seq <= 3 && !ended; seq++) await persist(progress(id, seq));
      if (!ended) await persist(completion(id, 4));
    }
  };

  const all = Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  all.catch(() => undefined);

  return {
    confirmed: () => count,
    codes,
    more: (wanted) =>
      Promise.race([
        all.then(() => undefined),
        new Promise<void>((resolve) => waiting.add({ at: count + wanted, resolve })),
      ]),
    async end() {
      ended = true;
      await all;
      return confirmed;
    },
  };
}
