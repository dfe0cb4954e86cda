import type { AuditStore, ExecutionStore, Logger, WorkflowStore } from '../../ports/index.ts';
import { createFileAuditStore } from './audit-store.ts';
import { createFileExecutionStore } from './execution-store.ts';
import { createFileWorkflowStore } from './workflow-store.ts';

export { createFileAuditStore, type FileAuditStoreOptions } from './audit-store.ts';
export { createFileExecutionStore, type FileExecutionStoreOptions } from './execution-store.ts';
export { createFileWorkflowStore, type FileWorkflowStoreOptions } from './workflow-store.ts';

export interface FileStoreOptions {
  /** Where the workflows are. What happened is kept in `.vwmp` below. On a local disk. */
  folder: string;
  /** Told of damaged histories, which lists then leave out. Without it a list with one rejects. */
  logger?: Logger;
}

/** The stores of one folder; each is opened and closed by itself. */
export interface FileStore {
  workflows: WorkflowStore;
  executions: ExecutionStore;
  audit: AuditStore;
}

/**
 * Keeps everything in a folder, without a database.
 *
 * @example
 * ```ts
 * const { workflows, executions } = createFileStore({ folder: 'workflows' });
 * await Promise.all([workflows.open(), executions.open()]);
 * ```
 */
export function createFileStore(options: FileStoreOptions): FileStore {
  return {
    workflows: createFileWorkflowStore(options),
    executions: createFileExecutionStore(options),
    audit: createFileAuditStore(options),
  };
}
