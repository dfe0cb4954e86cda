import type { Woken } from '../../ports/execution-store.ts';
import type { ExecutionIndex, Found } from './execution-index.ts';
import { executionPath } from './execution-path.ts';
import type { HistoryLine, Outgoing } from './history.ts';
import type { HistoryWriter } from './history-writer.ts';
import { readLog } from './log-reader.ts';
import { node } from './node.ts';

/**
 * Takes messages from the history of their sender, where they are on disk as soon as what they tell of is, to their
 * receivers. Each arrives once: a receiver that has it already, from this process or another one, does not take it
 * again. What a crash left undelivered is delivered by whoever looks for work next.
 */
export interface Outbox {
  /** Addresses messages to those that are there and have not ended. */
  address(messages: readonly Outgoing['message'][]): Promise<Outgoing[]>;
  /**
   * Delivers what one append sent.
   *
   * @param unsent - of the history of the sender with that append
   * @returns whom it reached, by the id of the message
   */
  send(path: string, outgoing: readonly Outgoing[], unsent: Found['last']['unsent']): Promise<Woken[]>;
  /** Delivers what may be undelivered of a history. */
  finish(found: Found): Promise<void>;
  isSettled(found: Pick<Found, 'path' | 'last'>): boolean;
  /** Forgets a history of which nothing is to be delivered any more. */
  forget(path: string): void;
}

export interface OutboxParts {
  root: string;
  index: ExecutionIndex;
  writer: HistoryWriter;
  settled: Map<string, number>;
}

/** Makes the outbox of a folder. */
export function createOutbox({ root, index, writer, settled }: OutboxParts): Outbox {
  /** One delivery after the other for each sender, so that its messages arrive in order. */
  const chains = new Map<string, Promise<unknown>>();
  /** Senders of which something could not be delivered. */
  const failed = new Set<string>();

  const inTurn = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
    const before = chains.get(path);
    const own = (async () => {
      await before?.catch(() => undefined);
      return await work();
    })();
    chains.set(path, own);
    try {
      return await own;
    } finally {
      if (chains.get(path) === own) chains.delete(path);
    }
  };

  const deliver = async (outgoing: Outgoing): Promise<Woken | undefined> =>
    (await writer.add(outgoing.message.execution_id, { kind: 'deliver', ...outgoing }))?.woken;

  const deliverAll = async (path: string, outgoing: readonly Outgoing[]): Promise<Woken[]> => {
    // Nothing of it goes on when this has ended.
    const outcomes = await Promise.allSettled(outgoing.map(deliver));
    const woken: Woken[] = [];
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') {
        if (outcome.value) woken.push(outcome.value);
        continue;
      }
      failed.add(path);
      settled.delete(path);
      throw outcome.reason;
    }
    return woken;
  };

  const isSettled: Outbox['isSettled'] = ({ path, last }) =>
    last.unsent === undefined || (settled.get(path) ?? -1) >= last.unsent.until;

  return {
    isSettled,
    async address(messages) {
      const addressed = await Promise.all(
        messages.map(async (message) => {
          const found = await index.tail(executionPath(message.execution_id));
          if (!found || found.last.summary.completed_at !== undefined) return undefined;
          return { message, born: found.last.born, after: found.size };
        }),
      );
      return addressed.filter((outgoing) => outgoing !== undefined);
    },
    send: (path, outgoing, unsent) =>
      inTurn(path, async () => {
        const woken = await deliverAll(path, outgoing);
        // Unless something before it was left undelivered.
        const alone = unsent && (unsent.since === unsent.until || (settled.get(path) ?? -1) >= unsent.since);
        if (alone && !failed.has(path)) settled.set(path, unsent.until);
        return woken;
      }),
    finish: (found) =>
      inTurn(found.path, async () => {
        const { unsent } = found.last;
        if (!unsent || isSettled(found)) return;
        const file = node.path.join(root, found.path);
        const range = { from: unsent.since, until: found.size };
        for await (const { body } of readLog<HistoryLine>(file, range)) {
          await deliverAll(found.path, body.outbox ?? []);
        }
        failed.delete(found.path);
        settled.set(found.path, unsent.until);
      }),
    forget(path) {
      settled.delete(path);
      failed.delete(path);
    },
  };
}
