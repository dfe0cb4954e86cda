export { type Config, defineConfig } from './config.ts';
export type { ExecutionHandle } from './engine/engine.ts';
export { WorkflowEngine } from './engine/engine.ts';
export type { ExecutionObserver } from './engine/observer.ts';
export type { ApprovalDecision, EngineOptions, ExecuteOptions } from './engine/options.ts';
export type { Workflow } from './engine/workflow.ts';
export {
  type ErrorCode,
  type ErrorInfo,
  errorCodes,
  hasCode,
  toErrorInfo,
  VwmpError,
  type VwmpErrorOptions,
} from './errors.ts';
export type { Note } from './language/note.ts';
export type {
  AnnouncedEvent,
  Deadline,
  EventHeader,
  EventName,
  EventOf,
  ExecutionEvent,
  LogLevel,
  RecordedEvent,
  RunRef,
  StoredEvent,
  Wait,
} from './model/event.ts';
export type {
  Execution,
  ExecutionStatus,
  FinalStatus,
  SkipReason,
  StepExecution,
  StepStatus,
} from './model/execution.ts';
export type { JsonArray, JsonObject, JsonSchema, JsonValue } from './model/json.ts';
export { type Problem, type ProblemCode, problemCodes } from './model/problem.ts';
export type {
  Compensation,
  ConcurrencyLimit,
  Duration,
  Join,
  Parameter,
  ParameterType,
  Repeat,
  Retry,
  ScheduleTrigger,
  Step,
  Trigger,
  WebhookTrigger,
  WorkflowDocument,
} from './model/workflow.ts';
export {
  defineHandler,
  type Emitted,
  type Execute,
  type Executions,
  emit,
  type Handler,
  type HandlerContext,
  type HandlerInfo,
  type HandlerModule,
  type HandlerOptions,
  type HandlerResult,
  type Progress,
  type Resume,
  type Secrets,
  type StepLogger,
  type Suspended,
  suspend,
  type WaitRequest,
  type Workspace,
} from './plugin/handler.ts';
export { loadPlugins } from './plugin/load-plugins.ts';
export {
  definePlugin,
  type Plugin,
  type PluginOptions,
  type WorkflowTemplate,
  type WorkflowType,
} from './plugin/plugin.ts';
export { PluginRegistry, type RegisteredHandler } from './plugin/registry.ts';
export type * from './ports/index.ts';
export type { Infer, OptionalSchema, Schema, SchemaOptions } from './schema.ts';
export { formatDuration, parseDuration } from './values/index.ts';
export { createWorkspace } from './workspace/index.ts';
