import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileStore, type FileStore } from '@vwmp/core/file';
import type { Lifecycle } from '@vwmp/core/ports';
import { type Subject, testAuditStore, testExecutionStore, testWorkflowStore } from './index.ts';

testWorkflowStore(
  'file workflow store',
  inFolder(({ workflows }) => workflows),
);
testExecutionStore(
  'file execution store',
  inFolder(({ executions }) => executions),
);
testAuditStore(
  'file audit store',
  inFolder(({ audit }) => audit),
);

function inFolder<T extends Lifecycle>(pick: (store: FileStore) => T): Subject<T> {
  return {
    durable: true,
    async place() {
      const folder = await mkdtemp(join(tmpdir(), 'vwmp-suite-'));
      return {
        make: () => pick(createFileStore({ folder })),
        dispose: () => rm(folder, { recursive: true }),
      };
    },
  };
}
