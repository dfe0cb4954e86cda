export type {
  Backend,
  ExecutionQuery,
  ExecutionSummary,
  ExecutionWatcher,
  HandlerDescription,
  LogEntry,
  Page,
  PageQuery,
  StoredWorkflow,
  WorkflowTypeDescription,
} from './backend.ts';
