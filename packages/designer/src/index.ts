export type {
  Backend,
  ExecutionQuery,
  ExecutionSummary,
  ExecutionWatcher,
  HandlerDescription,
  LogEntry,
  Page,
  PageQuery,
  Role,
  StoredWorkflow,
  WorkflowTypeDescription,
} from './backend.ts';
export { createHttpBackend, type HttpBackendOptions } from './backends/http.ts';
export { createPageBackend, type PageBackendOptions } from './backends/page.ts';
export type { FrameProps } from './embed/frame.tsx';
export { VwmpDesigner, type VwmpDesignerProps } from './embed/vwmp-designer.tsx';
export { VwmpExecution, type VwmpExecutionProps } from './embed/vwmp-execution.tsx';
