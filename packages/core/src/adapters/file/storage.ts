import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Storage } from '../../ports/storage.ts';
import { createGate } from '../memory/gate.ts';
import { unfinishedPrefix } from './atomic-write.ts';
import { auditFileOf } from './audit-store.ts';
import { executionPath } from './execution-path.ts';
import { executionFilesOf } from './execution-store.ts';
import { createFileExecutions } from './executions.ts';
import { ownFolder, prepareOwnFolder } from './folders.ts';
import { keyFileOf } from './key-store.ts';
import { createFileLogStore } from './log-store.ts';
import { node } from './node.ts';
import { createFileScheduleStore } from './schedule-store.ts';
import { touching } from './unavailable.ts';
import { unique } from './unique.ts';
import { createWorkflowFolder } from './workflow-folder.ts';
import { prepareWorkflows, workflowFilesOf } from './workflow-store.ts';

export interface FileStorageOptions {
  /** Where the workflows are. Everything else is kept in `.vwmp` below. On a local disk. */
  folder: string;
  /** Told of damaged histories, which lists then leave out. Without it a list with one rejects. */
  logger?: Logger;
  /** By which leases count. @defaultValue the clock of the system, which all its processes share */
  clock?: Pick<Clock, 'now'>;
}

/**
 * Keeps everything in a folder, without a database. Several processes on one machine may use it at once. It is made for
 * small installations: who looks for work looks at one file for each execution that has not ended.
 *
 * @example
 * ```ts
 * const storage = createFileStorage({ folder: 'workflows' });
 * await storage.open();
 * ```
 */
export function createFileStorage({ folder, logger, clock = Date }: FileStorageOptions): Storage {
  const root = node.path.resolve(folder);
  const own = ownFolder(folder);
  const documents = createWorkflowFolder(root);
  const files = createFileExecutions({ own, logger, clock, onForget: (id) => logs.forget(id) });
  const gate = createGate('storage', {
    open: () =>
      touching('open the storage', root, async () => {
        await prepareWorkflows(root);
        await prepareOwnFolder(root);
        await files.prepare();
        await schedules.prepare();
      }),
    async close() {
      documents.clear();
      files.index.known.clear();
    },
  });
  const executions = executionFilesOf(files, gate);
  const workflows = workflowFilesOf(root, documents, gate);
  const schedules = createFileScheduleStore(own, gate);
  const has = async (id: string): Promise<boolean> =>
    (await files.index.tail(executionPath(id))) !== undefined;
  const logs = createFileLogStore({ gate, own, has });
  const audit = auditFileOf(own, gate);
  const keys = keyFileOf(own, gate);

  return {
    ...{ executions, workflows, schedules, logs, audit, keys },
    open: gate.open,
    close: gate.close,
    ping: () =>
      gate.run(() =>
        touching('write', own, async () => {
          await node.fs.readdir(root);
          const probe = node.path.join(own, `${unfinishedPrefix}${unique()}`);
          try {
            await node.fs.writeFile(probe, 'probe', { flag: 'wx' });
          } finally {
            // A full disk has room for an empty one.
            await node.fs.rm(probe, { force: true });
          }
        }),
      ),
  };
}
