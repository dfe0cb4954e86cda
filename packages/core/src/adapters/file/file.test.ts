import { describe, test } from 'vitest';
import type { Lifecycle } from '../../ports/index.ts';
import {
  type Case,
  type Subject,
  testAuditStore,
  testExecutionStore,
  testWorkflowStore,
} from '../testing/index.ts';
import { createFileStore, type FileStore } from './index.ts';
import { removeFolder, temporaryFolder } from './testing/folder.ts';

const groups: Record<string, Case[]> = {
  'workflow store': testWorkflowStore(inFolder(({ workflows }) => workflows)),
  'execution store': testExecutionStore(inFolder(({ executions }) => executions)),
  'audit store': testAuditStore(inFolder(({ audit }) => audit)),
};

for (const [name, cases] of Object.entries(groups)) {
  describe(`file ${name}`, () => {
    for (const each of cases) test(each.name, each.run);
  });
}

function inFolder<T extends Lifecycle>(pick: (store: FileStore) => T): Subject<T> {
  return {
    durable: true,
    async place() {
      const folder = temporaryFolder();
      return { make: () => pick(createFileStore({ folder })), dispose: async () => removeFolder(folder) };
    },
  };
}
