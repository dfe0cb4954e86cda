import { hasCode } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type {
  Append,
  ExecutionRecord,
  ExecutionSummary,
  Message,
  Retention,
  Woken,
} from '../../ports/execution-store.ts';
import type { Logger } from '../../ports/logger.ts';
import { keyTaken, limitReached } from '../memory/check-append.ts';
import { isCompleted } from '../memory/execution-query.ts';
import { selectPrunable } from '../memory/retention.ts';
import { createExclusive } from './exclusive.ts';
import { createExecutionIndex, type ExecutionIndex, type Found } from './execution-index.ts';
import { executionPath } from './execution-path.ts';
import { makeFolder } from './folders.ts';
import type { HistoryLine, HistoryTail, Outgoing } from './history.ts';
import { isDue } from './history-ops.ts';
import { createHistoryWriter, type Written } from './history-writer.ts';
import { readInbox } from './inbox.ts';
import { createKeys } from './keys.ts';
import { createLeases, type Leases } from './leases.ts';
import { createLineUp } from './line-up.ts';
import { corrupt, readLog } from './log-reader.ts';
import { createMarkers } from './markers.ts';
import { node } from './node.ts';
import { createOutbox } from './outbox.ts';
import { removeFile } from './small-file.ts';
import { isSystemError } from './unavailable.ts';

export interface FileExecutionsOptions {
  /** The own folder of the store. */
  own: string;
  logger: Logger | undefined;
  clock: Pick<Clock, 'now'>;
  /** Called with the id of each execution before and after it goes. */
  onForget(id: string): Promise<void>;
}

/** Executions in files, and everything that they are found by. */
export interface FileExecutions {
  /** The folder of the histories. */
  readonly root: string;
  readonly index: ExecutionIndex;
  readonly leases: Leases;
  /** Makes what is missing, and delivers what a crash left undelivered. */
  prepare(): Promise<void>;
  append(append: Append): Promise<Woken[]>;
  get(id: string): Promise<ExecutionRecord | undefined>;
  findByKey(workflowId: string, key: string): Promise<ExecutionSummary | undefined>;
  prune(retention: Retention, now: number, batch: number): Promise<number>;
  ready(now: number, limit: number): Promise<string[]>;
  nextReady(): Promise<number | undefined>;
  claim(id: string, worker: string, now: number): Promise<ExecutionRecord | undefined>;
  post(message: Message): Promise<Woken>;
  messages(id: string): Promise<Message[]>;
  mail(worker: string): Promise<string[]>;
}

/** Writes the append at hand, in its turn. */
type WriteAppend = (more: { place?: number; check?(): Promise<void> }) => Promise<Written>;

/**
 * Makes the executions of one folder. One history is changed by one line at a time, whoever writes. What concerns several
 * needs no common transaction: messages stand in the history of their sender before they are delivered, and only
 * creating with a key takes a lock.
 */
export function createFileExecutions({
  own,
  logger,
  clock,
  onForget,
}: FileExecutionsOptions): FileExecutions {
  const root = node.path.join(own, 'executions');
  const fileOf = (path: string): string => node.path.join(root, path);
  const index = createExecutionIndex(root, logger);
  const leases = createLeases(node.path.join(own, 'leases'), clock);
  const keys = createKeys(node.path.join(own, 'keys'));
  const markers = createMarkers(node.path.join(own, 'active'));
  const locked = createExclusive(node.path.join(own, 'keys.lock'));
  const settled = new Map<string, number>();
  const writer = createHistoryWriter({ root, index, leases, clock, settled });
  const outbox = createOutbox({ root, index, writer, settled });

  /** When nothing is to be done any more. */
  const unmark = async (path: string): Promise<void> => {
    await markers.remove(path);
    outbox.forget(path);
  };

  /** All that have not ended. What others left to be done on the way is done. */
  const active = async (): Promise<Found[]> => {
    const marked = await markers.list();
    const found = await index.tails(marked);
    const unsettled = found.filter((each) => !outbox.isSettled(each));
    for (const each of unsettled) await outbox.finish(each);
    const ended = found.filter(({ last }) => isCompleted(last.summary));
    for (const { path } of ended) await unmark(path);
    if (found.length < marked.length) {
      const present = new Set(found.map(({ path }) => path));
      for (const path of marked)
        if (!present.has(path) && !(await exists(path))) await markers.removeAbandoned(path);
    }
    const going = found.filter(({ last }) => !isCompleted(last.summary));
    // What was delivered has changed those that it was delivered to.
    return unsettled.length === 0 ? going : await index.tails(going.map(({ path }) => path));
  };

  const exists = async (path: string): Promise<boolean> => {
    try {
      await node.fs.access(fileOf(path));
      return true;
    } catch (error) {
      if (isSystemError(error, 'ENOENT')) return false;
      throw error;
    }
  };

  const lineUp = async () => createLineUp((await active()).map(({ last }) => last));

  /** Most have no concurrency key: for them nobody else has to be looked at. */
  const isCalled = async (tail: HistoryTail): Promise<boolean> =>
    tail.origin?.concurrency === undefined || tail.summary.status !== 'pending'
      ? true
      : (await lineUp()).isCalled(tail);

  const holderOf = async (workflowId: string, key: string): Promise<Found | undefined> => {
    const id = await keys.read(workflowId, key);
    const found = id === undefined ? undefined : await index.tail(executionPath(id));
    const { origin, summary } = found?.last ?? {};
    return origin?.idempotency_key === key && summary?.workflow_id === workflowId ? found : undefined;
  };

  const recordOf = async (path: string, tail: HistoryTail): Promise<ExecutionRecord> => {
    const { summary, seq, epoch, origin, standing } = tail;
    const { owner, wake_at } = standing;
    for await (const { body } of readLog<HistoryLine>(fileOf(path))) {
      const { document, encrypted: sealed } = body;
      if (!document) break;
      return {
        ...{ ...summary, seq, epoch, document },
        ...(origin && { origin: { ...origin, ...(sealed !== undefined && { sealed }) } }),
        ...(owner !== undefined && { owner }),
        ...(wake_at !== undefined && { wake_at }),
      };
    }
    throw corrupt(fileOf(path), 1);
  };

  const create = async (append: Append, path: string, write: WriteAppend): Promise<Written> => {
    const { id, workflow_id } = append.summary;
    const { idempotency_key: key, concurrency } = append.origin ?? {};
    if (key === undefined && concurrency === undefined) {
      await markers.add(path);
      return await write({});
    }
    return await locked(async (check) => {
      // One that is there is refused when it is written.
      if (await index.tail(path)) return await write({});
      const holder = key === undefined ? undefined : await holderOf(workflow_id, key);
      if (holder) throw keyTaken(append, holder.last.summary.id);
      let place: number | undefined;
      if (concurrency) {
        const others = (await active()).filter(
          ({ last }) => last.origin?.concurrency?.key === concurrency.key,
        );
        if (concurrency.policy === 'skip' && others.length >= concurrency.limit) throw limitReached(append);
        place = others.reduce((most, { last }) => Math.max(most, last.place ?? 0), 0) + 1;
      }
      await markers.add(path);
      if (key !== undefined) await keys.put(workflow_id, key, id);
      return await write({ place, check });
    });
  };

  const goOn = async (path: string, write: WriteAppend): Promise<Written> => {
    const last = index.known.get(path)?.last ?? (await index.tail(path))?.last;
    // One that ended has no marker any more.
    if (last && isCompleted(last.summary)) await markers.add(path);
    return await write({});
  };

  /** Appends to one execution are written in the order in which they were asked for, whatever has to be done first. */
  const entering = new Map<string, Promise<void>>();

  const enter = async (append: Append): Promise<{ written: Written; outgoing: Outgoing[] }> => {
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
      const write: WriteAppend = async (more) => {
        const written = writer.add(id, { kind: 'append', append, outbox: outgoing, ...more });
        leave();
        return (await written)!;
      };
      const written = await (append.expected_seq === 0 ? create(append, path, write) : goOn(path, write));
      return { written, outgoing };
    } finally {
      leave();
    }
  };

  /** Whether one that nobody owns can be claimed now. */
  const isFree = async (tail: HistoryTail | undefined): Promise<boolean> => {
    if (!tail || isCompleted(tail.summary) || tail.standing.owner !== undefined) return false;
    return isDue(tail.standing, clock.now()) && (await isCalled(tail));
  };

  const calledBy = async (ended: HistoryTail): Promise<string[]> => {
    const key = ended.origin?.concurrency?.key;
    if (key === undefined) return [];
    const others = (await active()).map(({ last }) => last);
    const [before, after] = [createLineUp([...others, ended]), createLineUp(others)];
    return others
      .filter(({ origin, standing }) => origin?.concurrency?.key === key && standing.owner === undefined)
      .filter((each) => after.isCalled(each) && !before.isCalled(each) && isDue(each.standing, clock.now()))
      .map(({ summary }) => summary.id);
  };

  const remove = async ({ path, last }: Found): Promise<number> => {
    const { id, workflow_id } = last.summary;
    const key = last.origin?.idempotency_key;
    const go = async (): Promise<number> => {
      await onForget(id);
      index.known.delete(path);
      const gone = await removeFile(fileOf(path));
      await onForget(id);
      if (key !== undefined) await keys.remove(workflow_id, key, id);
      await unmark(path);
      return gone ? 1 : 0;
    };
    return key === undefined ? await go() : await locked(go);
  };

  return {
    root,
    index,
    leases,
    async prepare() {
      await makeFolder(root);
      await makeFolder(node.path.join(own, 'active'));
      try {
        await active();
      } catch (error) {
        // Whoever looks for work is told; what is well can be read.
        if (!hasCode(error, 'STORE_CORRUPT')) throw error;
      }
    },
    async append(append) {
      const path = executionPath(append.summary.id);
      const { written, outgoing } = await enter(append);
      const { before, after, tail } = written;
      const woken = new Map<string, Woken>();
      const { id } = append.summary;
      if ((await isFree(after)) && !(await isFree(before))) woken.set(id, { execution_id: id });
      const ends = isCompleted(after.summary);
      if (ends && before && !isCompleted(before.summary))
        for (const called of await calledBy(before)) woken.set(called, { execution_id: called });
      if (outgoing.length > 0)
        for (const each of await outbox.send(path, outgoing, tail.unsent)) woken.set(each.execution_id, each);
      if (ends && outbox.isSettled({ path, last: tail })) await unmark(path);
      return [...woken.values()];
    },
    async get(id) {
      const found = await index.tail(executionPath(id));
      return found && (await recordOf(found.path, found.last));
    },
    async findByKey(workflowId, key) {
      return (await holderOf(workflowId, key))?.last.summary;
    },
    async prune(retention, now, batch) {
      const all = await index.scan();
      const byId = new Map(all.map((found) => [found.last.summary.id, found]));
      const ids = selectPrunable(
        all.map(({ last }) => last),
        retention,
        now,
        batch,
      );
      let count = 0;
      for (const id of ids) count += await remove(byId.get(id)!);
      return count;
    },
    async ready(now, limit) {
      const going = await active();
      const ends = await leases.all();
      const line = createLineUp(going.map(({ last }) => last));
      const time = clock.now();
      const found: { id: string; due: number }[] = [];
      for (const { last } of going) {
        const { owner, wake_at } = last.standing;
        const end = owner === undefined ? undefined : (ends.get(owner) ?? 0);
        if (end === undefined ? !isDue(last.standing, now) : end > time) continue;
        if (line.isCalled(last)) found.push({ id: last.summary.id, due: end ?? Date.parse(wake_at!) });
      }
      found.sort((a, b) => a.due - b.due);
      return found.slice(0, Math.max(limit, 0)).map(({ id }) => id);
    },
    async nextReady() {
      const going = await active();
      const ends = await leases.all();
      const line = createLineUp(going.map(({ last }) => last));
      let next: number | undefined;
      for (const { last } of going) {
        const { owner, wake_at } = last.standing;
        if ((owner === undefined && wake_at === undefined) || !line.isCalled(last)) continue;
        const due = owner === undefined ? Date.parse(wake_at!) : (ends.get(owner) ?? 0);
        next = Math.min(next ?? due, due);
      }
      return next;
    },
    async claim(id, worker, now) {
      const found = await index.tail(executionPath(id));
      if (!found) return undefined;
      const called = await isCalled(found.last);
      const written = await writer.add(id, { kind: 'claim', worker, now, called });
      return written && (await recordOf(found.path, written.after));
    },
    async post(message) {
      const written = await writer.add(message.execution_id, { kind: 'post', message });
      return written!.woken!;
    },
    async messages(id) {
      const found = await index.tail(executionPath(id));
      return found ? [...(await readInbox(fileOf(found.path), found.last, found.size)).values()] : [];
    },
    async mail(worker) {
      const own = (await active()).filter(({ last }) => last.standing.owner === worker && last.inbox);
      return own.map(({ last }) => last.summary.id);
    },
  };
}
