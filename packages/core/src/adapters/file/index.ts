export { createFileAuditStore, type FileAuditStoreOptions } from './audit-store.ts';
export { createFileExecutionStore, type FileExecutionStoreOptions } from './execution-store.ts';
export { createFileStorage, type FileStorageOptions } from './storage.ts';
export { createFileWorkflowStore, type FileWorkflowStoreOptions } from './workflow-store.ts';
