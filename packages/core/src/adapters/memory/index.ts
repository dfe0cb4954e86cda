export { type Audience, type AudienceOptions, createAudience } from './audience.ts';
export { createMemoryAuditStore, type MemoryAuditStoreOptions } from './audit-store.ts';
export { createMemoryEventBus, type MemoryEventBusOptions } from './event-bus.ts';
export { createMemoryExecutionStore, type MemoryExecutionStoreOptions } from './execution-store.ts';
export { createMemoryKeyStore } from './key-store.ts';
export { createMemoryScheduleStore } from './schedule-store.ts';
export { createMemoryStorage, type MemoryStorageOptions } from './storage.ts';
export { createMemoryWorkflowStore, type MemoryWorkflowStoreOptions } from './workflow-store.ts';
