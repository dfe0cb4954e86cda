import type { LogEntry, LogStore } from '../../ports/log-store.ts';
import type { Gate } from '../memory/gate.ts';
import { matchesLog } from '../memory/log-query.ts';
import { pageLimit } from '../memory/page.ts';
import { executionPath } from './execution-path.ts';
import { createLimit } from './limit.ts';
import { createLogQueue } from './log-queue.ts';
import { readLog } from './log-reader.ts';
import { appendLine } from './log-writer.ts';
import { node } from './node.ts';
import { removeFile } from './small-file.ts';
import { isSystemError, touching } from './unavailable.ts';

/** Entries that went to disk together. */
interface LogLines {
  entries: readonly LogEntry[];
}

export interface FileLogStoreParts {
  gate: Gate;
  /** The own folder of the store. */
  own: string;
  /** Whether an execution is there. */
  has(executionId: string): Promise<boolean>;
}

/** A store whose entries go with their execution. */
export type FileLogStore = LogStore & { forget(executionId: string): Promise<void> };

/**
 * Keeps the entries of each execution in a file of their own, as JSON Lines: see `log-line.ts` for the format. What is
 * added of one execution is added whole or not at all, also in a crash.
 */
export function createFileLogStore({ gate, own, has }: FileLogStoreParts): FileLogStore {
  const root = node.path.join(own, 'logs');
  const fileOf = (id: string): string => node.path.join(root, executionPath(id));
  const limit = createLimit(32);

  const forget = async (id: string): Promise<void> => {
    await removeFile(fileOf(id));
  };

  const queue = createLogQueue<readonly LogEntry[]>(async (id, group) => {
    if (await has(id)) {
      const entries = group.flat();
      await limit(() =>
        appendLine<LogLines, undefined>({
          ...{ path: fileOf(id), known: undefined },
          remember: () => undefined,
          next: () => ({ entries }),
        }),
      );
      // Pruned meanwhile: one that is created anew under this id must not find them.
      if (!(await has(id))) await forget(id);
    }
    return group.map(() => ({ value: undefined }));
  });

  /** Every entry of an execution with a key that grows from one to the next. */
  async function* entriesOf(id: string): AsyncGenerator<[key: string, entry: LogEntry]> {
    try {
      for await (const { offset, body } of readLog<LogLines>(fileOf(id))) {
        for (const [position, entry] of body.entries.entries()) {
          yield [`${String(offset).padStart(15, '0')}.${String(position).padStart(6, '0')}`, entry];
        }
      }
    } catch (error) {
      if (!isSystemError(error, 'ENOENT')) throw error;
    }
  }

  const list: LogStore['list'] = async (id, query = {}) => {
    const most = pageLimit(query);
    const results: LogEntry[] = [];
    let last: string | undefined;
    let more = false;
    let count = 0;
    for await (const [key, entry] of entriesOf(id)) {
      if (!matchesLog(entry, query)) continue;
      count++;
      if (query.cursor !== undefined && key <= query.cursor) continue;
      if (results.length < most) {
        results.push(entry);
        last = key;
      } else more = true;
    }
    return { results, ...(more && { next_cursor: last }), count };
  };

  return {
    open: gate.open,
    close: gate.close,
    forget,
    add(entries) {
      return gate.run(async () => {
        const byExecution = Map.groupBy(structuredClone(entries), ({ execution_id }) => execution_id);
        await touching('add to the logs', root, async () => {
          const writes = [...byExecution].map(([id, group]) => queue.add(id, group));
          const failed = (await Promise.allSettled(writes)).find(({ status }) => status === 'rejected');
          if (failed?.status === 'rejected') throw failed.reason;
        });
      });
    },
    list: (id, query) =>
      gate.run(() => touching(`read the log of the execution "${id}"`, fileOf(id), () => list(id, query))),
  };
}
