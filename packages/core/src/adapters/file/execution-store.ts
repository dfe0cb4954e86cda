import { VwmpError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ExecutionStore } from '../../ports/execution-store.ts';
import type { Logger } from '../../ports/logger.ts';
import { queryExecutions } from '../memory/execution-query.ts';
import { createGate, type Gate } from '../memory/gate.ts';
import { executionPath } from './execution-path.ts';
import { createFileExecutions, type FileExecutions } from './executions.ts';
import { ownFolder, prepareOwnFolder } from './folders.ts';
import type { HistoryLine } from './history.ts';
import { corrupt, readLog } from './log-reader.ts';
import { node } from './node.ts';
import { isSystemError, touching } from './unavailable.ts';

export interface FileExecutionStoreOptions {
  /** Where the workflows are; histories go to `.vwmp/executions` below. On a local disk. */
  folder: string;
  /** Told of damaged histories, which lists then leave out. Without it a list with one rejects. */
  logger?: Logger;
  /** By which leases count. @defaultValue the clock of the system, which all its processes share */
  clock?: Pick<Clock, 'now'>;
}

/**
 * Keeps each execution in a file of its own, as JSON Lines. Several processes may use one folder.
 */
export function createFileExecutionStore(options: FileExecutionStoreOptions): ExecutionStore {
  const { folder, logger, clock = Date } = options;
  const own = ownFolder(folder);
  const executions = createFileExecutions({ own, logger, clock, onForget: async () => undefined });
  const gate = createGate('execution store', {
    open: () =>
      touching('open the execution store', executions.root, async () => {
        await prepareOwnFolder(folder);
        await executions.prepare();
      }),
    close: async () => executions.index.known.clear(),
  });
  return executionFilesOf(executions, gate);
}

/** Makes the store as a part of a storage. */
export function executionFilesOf(executions: FileExecutions, gate: Gate): ExecutionStore {
  const { root, leases } = executions;
  const fileOf = (id: string): string => node.path.join(root, executionPath(id));

  /** Names what could not be done to one execution. */
  const withOne = <T>(aim: string, id: string, work: () => Promise<T>): Promise<T> =>
    gate.run(() => touching(`${aim} the execution "${id}"`, fileOf(id), work));

  const withAll = <T>(aim: string, work: () => Promise<T>): Promise<T> =>
    gate.run(() => touching(aim, root, work));

  return {
    open: gate.open,
    close: gate.close,
    append(append) {
      const { id } = append.summary;
      return withOne('append to', id, () => {
        // What is written later is what was given now, whatever the caller does with it meanwhile.
        const given = structuredClone(append);
        return executions.append(given);
      });
    },
    get: (id) => withOne('read', id, () => executions.get(id)),
    findByKey: (workflowId, key) =>
      withAll('read the idempotency keys', () => executions.findByKey(workflowId, key)),
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
      withAll('list the executions', async () => {
        const found = await executions.index.scan();
        const page = queryExecutions(
          found.map(({ last }) => last),
          query,
        );
        return { ...page, results: page.results.map((summary) => ({ ...summary })) };
      }),
    prune: (retention, now, batch) =>
      withAll('prune the executions', () => executions.prune(retention, now, batch)),
    heartbeat: (worker, ttl) => withAll('renew a lease', () => leases.renew(worker, ttl)),
    retire: (worker) => withAll('end a lease', () => leases.end(worker)),
    ready: (now, limit) => withAll('look for executions', () => executions.ready(now, limit)),
    nextReady: () => withAll('look for executions', () => executions.nextReady()),
    claim: (id, worker, now) => withOne('claim', id, () => executions.claim(id, worker, now)),
    post(message) {
      return withOne('send a message to', message.execution_id, () =>
        executions.post(structuredClone(message)),
      );
    },
    messages: (id) => withOne('read the messages of', id, () => executions.messages(id)),
    mail: (worker) => withAll('look for messages', () => executions.mail(worker)),
  };
}
