import type { Fire, ScheduleRecord, ScheduleStore } from '../../ports/schedule-store.ts';
import type { Gate } from '../memory/gate.ts';
import { compareText, pageOf } from '../memory/page.ts';
import { later, sameInstant, withFires } from '../memory/schedules.ts';
import { writeAtomic } from './atomic-write.ts';
import { createExclusive } from './exclusive.ts';
import { makeFolder } from './folders.ts';
import { hashOf, readable } from './hash.ts';
import { createLimit } from './limit.ts';
import { encodeLine } from './log-line.ts';
import { readLog } from './log-reader.ts';
import { readTail } from './log-tail.ts';
import { appendLine } from './log-writer.ts';
import { node } from './node.ts';
import { removeFile } from './small-file.ts';
import { isSystemError, touching } from './unavailable.ts';

/** A change of a schedule: how it is now, and what was decided. */
interface ScheduleLine {
  schedule: ScheduleRecord;
  fires: readonly Fire[];
  /** How long the file was, in bytes, when it was last written anew. */
  base: number;
}

type ScheduleTail = Omit<ScheduleLine, 'fires'>;

const extension = '.jsonl';
/** A file that grew to so many times what it was when it was written anew, or this many bytes, is written anew. */
const growth = 4;
const leastSize = 256 * 1024;

const remember = ({ schedule, base }: ScheduleLine): ScheduleTail => ({ schedule, base });

/**
 * Keeps each schedule with its fires in a file of its own, as JSON Lines: see `log-line.ts` for the format. A file that has
 * become long is written anew with the newest fires.
 */
export function createFileScheduleStore(
  own: string,
  gate: Gate,
): ScheduleStore & { prepare(): Promise<void> } {
  const root = node.path.join(own, 'schedules');
  const fileOf = (id: string): string =>
    node.path.join(root, `${readable(id)}~${hashOf(id).slice(0, 32)}${extension}`);
  const exclusive = createExclusive(node.path.join(own, 'schedules.lock'));
  const limit = createLimit(32);

  const read = async (path: string): Promise<(ScheduleTail & { size: number }) | undefined> => {
    try {
      const handle = await node.fs.open(path, 'r');
      try {
        const { last, size } = await readTail<ScheduleLine, ScheduleTail>(path, handle, remember);
        return last && { ...last, size };
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (isSystemError(error, 'ENOENT')) return undefined;
      throw error;
    }
  };

  const firesOf = async (path: string): Promise<readonly Fire[]> => {
    let fires: readonly Fire[] = [];
    try {
      const all: Fire[] = [];
      for await (const { body } of readLog<ScheduleLine>(path)) all.push(...body.fires);
      fires = withFires([], all);
    } catch (error) {
      if (!isSystemError(error, 'ENOENT')) throw error;
    }
    return fires;
  };

  /** Writes a change; whoever holds the lock has seen what it is based on. */
  const write = async (
    schedule: ScheduleRecord,
    fires: readonly Fire[],
    check: () => Promise<void>,
  ): Promise<void> => {
    const path = fileOf(schedule.id);
    const { size, base } = (await read(path)) ?? { size: 0, base: 0 };
    if (size > growth * Math.max(base, leastSize)) {
      const line = { schedule, fires: withFires(await firesOf(path), fires) };
      const { length } = encodeLine({ ...line, base: size }, 0, undefined);
      const text = encodeLine({ ...line, base: length }, 0, undefined).toString('utf8');
      await writeAtomic(path, text, 'replace', check);
      return;
    }
    await appendLine<ScheduleLine, ScheduleTail>({
      ...{ path, known: undefined, remember },
      async next() {
        await check();
        return { schedule, fires, base };
      },
    });
  };

  const schedules = async (): Promise<ScheduleRecord[]> => {
    const names = (await node.fs.readdir(root)).filter((name) => name.endsWith(extension));
    const found = await Promise.all(names.map((name) => limit(() => read(node.path.join(root, name)))));
    return found.flatMap((each) => each?.schedule ?? []);
  };

  const withOne = <T>(aim: string, id: string, work: () => Promise<T>): Promise<T> =>
    gate.run(() => touching(`${aim} the schedule "${id}"`, fileOf(id), work));

  return {
    open: gate.open,
    close: gate.close,
    prepare: () => makeFolder(root),
    get: (id) => withOne('read', id, async () => (await read(fileOf(id)))?.schedule),
    list: (query = {}) =>
      gate.run(() =>
        touching('list the schedules', root, async () => {
          const matching = (await schedules())
            .filter(({ workflow_id }) => query.workflow_id === undefined || workflow_id === query.workflow_id)
            .sort((a, b) => compareText(a.id, b.id));
          return pageOf(matching, ({ id }) => id, query, 'ascending');
        }),
      ),
    put(schedule) {
      const given = structuredClone(schedule);
      return withOne('save', given.id, () =>
        exclusive(async (check) => {
          const before = await read(fileOf(given.id));
          const decided_until = later(given.decided_until, before?.schedule.decided_until);
          await write({ ...given, decided_until }, [], check);
        }),
      );
    },
    remove: (id) =>
      withOne('remove', id, () =>
        exclusive(async (check) => {
          await check();
          await removeFile(fileOf(id));
        }),
      ),
    decide(id, from, until, fires) {
      const given = structuredClone(fires);
      return withOne('decide about', id, () =>
        exclusive(async (check) => {
          const schedule = (await read(fileOf(id)))?.schedule;
          if (!schedule || !sameInstant(schedule.decided_until, from)) return false;
          await write({ ...schedule, decided_until: later(until, from) }, given, check);
          return true;
        }),
      );
    },
    fires: (id, query = {}) =>
      withOne('read the fires of', id, async () =>
        pageOf((await firesOf(fileOf(id))).toReversed(), ({ at }) => at, query, 'descending'),
      ),
  };
}
