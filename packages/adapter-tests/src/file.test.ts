import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileExecutionStore, createFileStorage, createFileWorkflowStore } from '@vwmp/core/file';
import type { Lifecycle } from '@vwmp/core/ports';
import { type Subject, testExecutionStore, testStorage, testWorkflowStore } from './index.ts';

testStorage('file', inFolder(createFileStorage));
testExecutionStore('file execution store alone', inFolder(createFileExecutionStore));
testWorkflowStore('file workflow store alone', inFolder(createFileWorkflowStore));

function inFolder<T extends Lifecycle>(make: (options: { folder: string }) => T): Subject<T> {
  return {
    durable: true,
    async place() {
      const folder = await mkdtemp(join(tmpdir(), 'vwmp-suite-'));
      return { make: () => make({ folder }), dispose: () => rm(folder, { recursive: true }) };
    },
  };
}
