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
import { isCompleted } from '../memory/execution-query.ts';
import { selectPrunable } from '../memory/retention.ts';
import { createEntry } from './entry.ts';
import { createExclusive } from './exclusive.ts';
import { createExecutionIndex, type ExecutionIndex, type Found } from './execution-index.ts';
import { executionPath } from './execution-path.ts';
import { makeFolder } from './folders.ts';
import { createGoing } from './going.ts';
import type { HistoryLine, HistoryTail } from './history.ts';
import { isDue } from './history-ops.ts';
import { createHistoryWriter } from './history-writer.ts';
import { readInbox } from './inbox.ts';
import { createKeys } from './keys.ts';
import { createLeases, type Leases } from './leases.ts';
import { createLineUp } from './line-up.ts';
import { corrupt, readLog } from './log-reader.ts';
import { createMarkers } from './markers.ts';
import { node } from './node.ts';
import { createOutbox } from './outbox.ts';
import { removeFile } from './small-file.ts';

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
  const exclusive = createExclusive(node.path.join(own, 'keys.lock'));
  const settled = new Map<string, number>();
  const writer = createHistoryWriter({ root, index, leases, clock, settled });
  const outbox = createOutbox({ root, index, writer, settled });
  const going = createGoing({ root, logger, index, markers, outbox });
  const lineUp = async () => createLineUp((await going.all()).map(({ last }) => last));

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

  const enter = createEntry({ index, keys, markers, going, outbox, writer, exclusive, holderOf });

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

  /** Whether one that nobody owns can be claimed now. */
  const isFree = async (tail: HistoryTail | undefined): Promise<boolean> => {
    if (!tail || isCompleted(tail.summary) || tail.standing.owner !== undefined) return false;
    return isDue(tail.standing, clock.now()) && (await isCalled(tail));
  };

  const calledBy = async (ended: HistoryTail): Promise<string[]> => {
    const key = ended.origin?.concurrency?.key;
    if (key === undefined) return [];
    const others = (await going.all()).map(({ last }) => last);
    const [before, after] = [createLineUp([...others, ended]), createLineUp(others)];
    return others
      .filter(({ origin, standing }) => origin?.concurrency?.key === key && standing.owner === undefined)
      .filter((each) => after.isCalled(each) && !before.isCalled(each) && isDue(each.standing, clock.now()))
      .map(({ summary }) => summary.id);
  };

  /** All that time alone makes ready, or has made ready, and when. */
  const candidates = async () => {
    const tails = (await going.all()).map(({ last }) => last);
    const [ends, line] = [await leases.all(), createLineUp(tails)];
    return tails
      .filter((tail) => line.isCalled(tail))
      .flatMap(({ summary: { id }, standing }) => {
        const { owner, wake_at } = standing;
        if (owner !== undefined) return { id, standing, owned: true, due: ends.get(owner) ?? 0 };
        return wake_at === undefined ? [] : { id, standing, owned: false, due: Date.parse(wake_at) };
      });
  };

  const remove = async (found: Found): Promise<number> => {
    const { path, last } = found;
    const { id, workflow_id } = last.summary;
    await going.settle(found);
    const key = last.origin?.idempotency_key;
    const go = async (): Promise<number> => {
      await onForget(id);
      index.known.delete(path);
      const gone = await removeFile(fileOf(path));
      await onForget(id);
      if (key !== undefined) await keys.remove(workflow_id, key, id);
      await going.done(path);
      return gone ? 1 : 0;
    };
    return key === undefined ? await go() : await exclusive(go);
  };

  return {
    root,
    index,
    leases,
    async prepare() {
      await makeFolder(root);
      await makeFolder(node.path.join(own, 'active'));
      try {
        await going.all();
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
      if (ends && outbox.isSettled({ path, last: tail })) await going.done(path);
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
      const found = (await candidates()).filter(({ due, standing, owned }) =>
        owned ? due <= clock.now() : isDue(standing, now),
      );
      found.sort((a, b) => a.due - b.due);
      return found.slice(0, Math.max(limit, 0)).map(({ id }) => id);
    },
    async nextReady() {
      const times = (await candidates()).map(({ due }) => due);
      return times.length === 0 ? undefined : times.reduce((a, b) => Math.min(a, b));
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
      const own = (await going.all()).filter(({ last }) => last.standing.owner === worker && last.inbox);
      return own.map(({ last }) => last.summary.id);
    },
  };
}
