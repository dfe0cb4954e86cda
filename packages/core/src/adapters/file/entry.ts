import type { Append } from '../../ports/execution-store.ts';
import { keyTaken, limitReached } from '../memory/check-append.ts';
import { isCompleted } from '../memory/execution-query.ts';
import type { Exclusive } from './exclusive.ts';
import type { ExecutionIndex, Found } from './execution-index.ts';
import { executionPath } from './execution-path.ts';
import type { Going } from './going.ts';
import type { Outgoing } from './history.ts';
import type { HistoryWriter, Written } from './history-writer.ts';
import type { Keys } from './keys.ts';
import type { Markers } from './markers.ts';
import type { Outbox } from './outbox.ts';

export interface EntryParts {
  index: ExecutionIndex;
  keys: Keys;
  markers: Markers;
  going: Going;
  outbox: Outbox;
  writer: HistoryWriter;
  exclusive: Exclusive;
  /** The execution that has an idempotency key. */
  holderOf(workflowId: string, key: string): Promise<Found | undefined>;
}

/** What was written, and what is to be delivered. */
export interface Entered {
  written: Written;
  outgoing: readonly Outgoing[];
}

/** Writes the append at hand, in its turn. */
type Write = (more: { place?: number; check?(): Promise<void> }) => Promise<Written>;

/**
 * Makes what does everything that comes before an append is written. Those to one execution are written in the order in
 * which they were asked for, whatever has to be done first.
 */
export function createEntry(parts: EntryParts): (append: Append) => Promise<Entered> {
  const { index, keys, markers, going, outbox, writer, exclusive, holderOf } = parts;
  /** By execution: when the last one that was asked for is in its place. */
  const entering = new Map<string, Promise<void>>();

  const create = async (append: Append, path: string, write: Write): Promise<Written> => {
    const { id, workflow_id } = append.summary;
    const { idempotency_key: key, concurrency } = append.origin ?? {};
    if (key === undefined && concurrency === undefined) {
      await markers.add(path);
      return await write({});
    }
    return await exclusive(async (check) => {
      // One that is there is refused when it is written.
      if (await index.tail(path)) return await write({});
      const holder = key === undefined ? undefined : await holderOf(workflow_id, key);
      if (holder) throw keyTaken(append, holder.last.summary.id);
      const place = concurrency && (await placeOf(append, concurrency));
      await markers.add(path);
      // If the process is killed now, the key names an execution that is not there, and is free.
      if (key !== undefined) await keys.put(workflow_id, key, id);
      return await write({ place, check });
    });
  };

  const placeOf = async (
    append: Append,
    { key, limit, policy }: NonNullable<NonNullable<Append['origin']>['concurrency']>,
  ): Promise<number> => {
    const others = (await going.all()).filter(({ last }) => last.origin?.concurrency?.key === key);
    if (policy === 'skip' && others.length >= limit) throw limitReached(append);
    return others.reduce((most, { last }) => Math.max(most, last.place ?? 0), 0) + 1;
  };

  const goOn = async (path: string, write: Write): Promise<Written> => {
    const last = index.known.get(path)?.last ?? (await index.tail(path))?.last;
    // One that ended has no marker any more.
    if (last && isCompleted(last.summary)) await markers.add(path);
    return await write({});
  };

  return async (append) => {
    const { id } = append.summary;
    const path = executionPath(id);
    const before = entering.get(id);
    const entered = Promise.withResolvers<void>();
    entering.set(id, entered.promise);
    const leave = (): void => {
      entered.resolve();
      if (entering.get(id) === entered.promise) entering.delete(id);
    };
    try {
      await before;
      const outgoing = append.messages ? await outbox.address(append.messages) : [];
      const write: Write = async (more) => {
        const written = writer.add(id, { kind: 'append', append, outbox: outgoing, ...more });
        leave();
        return (await written)!;
      };
      const creates = append.expected_seq === 0;
      return { written: await (creates ? create(append, path, write) : goOn(path, write)), outgoing };
    } finally {
      leave();
    }
  };
}
