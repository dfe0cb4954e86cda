import { VwmpError } from '../../errors.ts';
import type { Append, ExecutionStore } from '../../ports/execution-store.ts';
import type { Logger } from '../../ports/logger.ts';
import { checkAppend, type HistoryEnd } from '../memory/check-append.ts';
import { isCompleted, queryExecutions } from '../memory/execution-query.ts';
import { createGate } from '../memory/gate.ts';
import { selectPrunable } from '../memory/retention.ts';
import { createExecutionIndex, type HistoryLine, type HistoryTail, rememberTail } from './execution-index.ts';
import { executionPath } from './execution-path.ts';
import { makeFolder, ownFolder, prepareOwnFolder } from './folders.ts';
import { createLimit } from './limit.ts';
import { createLogQueue } from './log-queue.ts';
import { corrupt, readLog } from './log-reader.ts';
import { readTail } from './log-tail.ts';
import { appendLine } from './log-writer.ts';
import { node } from './node.ts';
import { isSystemError, touching } from './unavailable.ts';

export interface FileExecutionStoreOptions {
  /** Where the workflows are; histories go to `.vwmp/executions` below. On a local disk. */
  folder: string;
  /** Told of damaged histories, which lists then leave out. Without it a list with one rejects. */
  logger?: Logger;
}

/**
 * Keeps each execution in a file of its own, as JSON Lines: see `log-line.ts` for the format. Several
 * processes may use one folder.
 */
export function createFileExecutionStore({ folder, logger }: FileExecutionStoreOptions): ExecutionStore {
  const root = node.path.join(ownFolder(folder), 'executions');
  const fileOf = (id: string): string => node.path.join(root, executionPath(id));
  const index = createExecutionIndex(root, logger);
  const gate = createGate('execution store', {
    open: () =>
      touching('open the execution store', root, async () => {
        await prepareOwnFolder(folder);
        await makeFolder(root);
      }),
    close: async () => index.known.clear(),
  });
  const limit = createLimit(32);

  const queue = createLogQueue<Append>(async (id, group) => {
    const path = executionPath(id);
    let errors: unknown[] = [];
    try {
      const tail = await limit(() =>
        appendLine<HistoryLine, HistoryTail>({
          path: fileOf(id),
          known: index.known.get(path),
          remember: rememberTail,
          next(last) {
            errors = [];
            return mergeAppends(group, last, errors);
          },
        }),
      );
      // Of what runs the end is known without reading; of what has ended nothing needs to stay, unless it is
      // listed.
      if (tail?.last && (index.listed || !isCompleted(tail.last.summary))) index.known.set(path, tail);
      else index.known.delete(path);
    } catch (error) {
      index.known.delete(path);
      throw error;
    }
    return errors;
  });

  const get = async (id: string): ReturnType<ExecutionStore['get']> => {
    const path = fileOf(id);
    const tail = await readEnd(path);
    if (!tail) return undefined;
    for await (const { body } of readLog<HistoryLine>(path)) {
      if (!body.document) throw corrupt(path, 1);
      return { ...tail.summary, seq: tail.seq, epoch: tail.epoch, document: body.document };
    }
    return undefined;
  };

  const remove = async (id: string): Promise<number> => {
    const path = executionPath(id);
    index.known.delete(path);
    try {
      await node.fs.unlink(fileOf(id));
      return 1;
    } catch (error) {
      if (isSystemError(error, 'ENOENT')) return 0;
      throw error;
    }
  };

  const notYet = async (): Promise<never> => {
    throw new VwmpError('STORE_UNAVAILABLE', 'The file store cannot be used by several workers yet.');
  };

  return {
    ...{ findByKey: notYet, heartbeat: notYet, retire: notYet, ready: notYet, nextReady: notYet },
    ...{ claim: notYet, post: notYet, messages: notYet, mail: notYet },
    open: gate.open,
    close: gate.close,
    append(append) {
      // What is written later is what was given now, whatever the caller does with it meanwhile.
      return gate.run(async () => {
        const { id } = append.summary;
        const given = structuredClone(append);
        await touching(`append to the execution "${id}"`, fileOf(id), () => queue.add(id, given));
        return [];
      });
    },
    get: (id) => gate.run(() => touching(`read the execution "${id}"`, fileOf(id), () => get(id))),
    async *events(id, after = 0) {
      gate.check();
      const path = fileOf(id);
      const lines = readLog<HistoryLine>(path);
      let seq = 0;
      for (;;) {
        gate.check();
        const line = await touching(`read the execution "${id}"`, path, async () => {
          try {
            return await lines.next();
          } catch (error) {
            if (isSystemError(error, 'ENOENT')) return undefined;
            throw error;
          }
        });
        if (!line && seq > 0) {
          const message = `The execution "${id}" was removed while its events were read.`;
          throw new VwmpError('NOT_FOUND', message, { retryable: false });
        }
        if (!line || line.done) return;
        const { body, number } = line.value;
        if (body.from !== seq) throw corrupt(path, number);
        seq += body.events.length;
        for (const event of body.events) if (event.seq > after) yield event;
      }
    },
    list: (query = {}) =>
      gate.run(() =>
        touching('list the executions', root, async () => {
          const page = queryExecutions(await index.scan(), query);
          return { ...page, results: page.results.map((summary) => ({ ...summary })) };
        }),
      ),
    prune: (retention, now, batch) =>
      gate.run(() =>
        touching('prune the executions', root, async () => {
          const ids = selectPrunable(await index.scan(), retention, now, batch);
          const removed = await Promise.all(ids.map((id) => limit(() => remove(id))));
          return removed.reduce((sum, count) => sum + count, 0);
        }),
      ),
  };
}

async function readEnd(path: string): Promise<HistoryTail | undefined> {
  try {
    const handle = await node.fs.open(path, 'r');
    try {
      return (await readTail<HistoryLine, HistoryTail>(path, handle, rememberTail)).last;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Makes one line of those appends that may follow on `last`; `errors` says why the others may not. */
function mergeAppends(
  group: readonly Append[],
  last: HistoryTail | undefined,
  errors: unknown[],
): HistoryLine | undefined {
  let end: HistoryEnd | undefined = last;
  let line: HistoryLine | undefined;
  for (const [position, append] of group.entries()) {
    try {
      checkAppend(append, end);
    } catch (error) {
      errors[position] = error;
      continue;
    }
    const { expected_seq, epoch, summary, document, events } = append;
    line = line
      ? { ...line, epoch, summary, events: [...line.events, ...events] }
      : { from: expected_seq, epoch, summary, ...(expected_seq === 0 && { document }), events };
    end = { seq: expected_seq + events.length, epoch };
  }
  return line;
}
