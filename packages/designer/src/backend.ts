// What the designer needs of a server, or of an engine in the page. Everything on screen reads and writes through this.
import type {
  ApprovalDecision,
  ErrorInfo,
  Execution,
  ExecutionEvent,
  ExecutionStatus,
  JsonObject,
  JsonSchema,
  JsonValue,
  LogLevel,
  WorkflowDocument,
} from '@vwmp/core';

/** What a key may do; each may do what those before it may. */
export type Role = 'viewer' | 'executor' | 'editor' | 'admin';

/** A part of a list. Pass `next_cursor` as `cursor` to go on. */
export interface Page<T> {
  results: T[];
  next_cursor?: string;
  /** Of all, where the server counts. */
  count?: number;
}

export interface PageQuery {
  limit?: number;
  cursor?: string;
}

/** A stored document; `text` is exactly what was saved. */
export interface StoredWorkflow {
  id: string;
  name: string;
  type: string;
  version: string;
  text: string;
  /** What a save has to be based on. */
  rev: string;
  updated_at: string;
}

/** A handler as the palette and the forms need it. */
export interface HandlerDescription {
  /** `plugin.name`. */
  path: string;
  title?: string;
  description: string;
  category?: string;
  icon?: string;
  /** Schema of its config. */
  config: JsonSchema;
  /** Schema of its output. */
  output?: JsonSchema;
  /**
   * Named ports besides `error`. A server cannot send the function of a handler whose ports depend on its config; the
   * designer then reads the ports of such a config itself (see graph/ports.ts).
   */
  ports?: readonly string[] | ((config: JsonObject) => readonly string[] | undefined);
}

export interface WorkflowTypeDescription {
  name: string;
  description: string;
  icon?: string;
  templates?: readonly { name: string; description: string; document: WorkflowDocument }[];
}

export interface ExecutionQuery extends PageQuery {
  workflow?: string;
  status?: readonly ExecutionStatus[];
  /** ISO 8601. */
  since?: string;
  until?: string;
  q?: string;
}

export interface ExecutionSummary {
  id: string;
  workflow_id: string;
  workflow_version: string;
  status: ExecutionStatus;
  started_at: string;
  completed_at?: string;
  error?: ErrorInfo;
}

export interface LogEntry {
  seq?: number;
  timestamp: string;
  level: LogLevel;
  message: string;
  step_id?: string;
  index?: number;
  data?: JsonValue;
}

/** Told about one execution as it goes on. */
export interface ExecutionWatcher {
  /** Each event once and in order, from the first that was asked for; logs and progress between them. */
  onEvent(event: ExecutionEvent): void;
  /** The connection was lost, and is being made again: or it is back, and what was missed has been told. */
  onConnection?(connected: boolean): void;
  /** It is not told any more, though the execution goes on: the key was revoked, say. */
  onEnd?(error: unknown): void;
}

/**
 * The one way out of the designer. Methods throw a `VwmpError` with a code: REV_CONFLICT, NOT_FOUND, ALREADY_EXISTS,
 * WORKFLOW_INVALID, PARAMETERS_INVALID, EXECUTION_NOT_ACTIVE and those of the network.
 */
export interface Backend {
  /** True where executions happen in the page and are gone with it. */
  readonly inPage: boolean;
  /**
   * What may be done with it; missing where everything may, and undefined where that cannot be known.
   *
   * @throws what keeps everyone out
   */
  readRole?(): Promise<Role | undefined>;

  listWorkflows(query?: PageQuery & { type?: string; q?: string }): Promise<Page<StoredWorkflow>>;
  /** @throws NOT_FOUND */
  readWorkflow(id: string): Promise<StoredWorkflow>;
  /**
   * Saves the text as it is.
   *
   * @param rev - of what the change is based on; undefined creates
   * @throws REV_CONFLICT, ALREADY_EXISTS, WORKFLOW_INVALID with all problems in its details
   */
  saveWorkflow(id: string, text: string, rev: string | undefined): Promise<StoredWorkflow>;
  /** @throws REV_CONFLICT, NOT_FOUND */
  deleteWorkflow(id: string, rev: string): Promise<void>;
  /** Newest first. Their texts may be missing (`''`): what is looked at is read. */
  listVersions(id: string, query?: PageQuery): Promise<Page<StoredWorkflow>>;
  /** @throws NOT_FOUND */
  readVersion(id: string, rev: string): Promise<StoredWorkflow>;

  listHandlers(): Promise<readonly HandlerDescription[]>;
  listWorkflowTypes(): Promise<readonly WorkflowTypeDescription[]>;
  /** Names of the secrets that documents can name; missing where they are not known. @throws FORBIDDEN */
  listSecretNames?(): Promise<readonly string[]>;

  /**
   * Starts an execution.
   *
   * @param options - `text`: of a document that is not saved, where the backend can run one; `key`: the same one gives the execution
   * of the first time, where the backend knows of such
   * @returns its id
   */
  execute(
    workflowId: string,
    parameters: JsonObject,
    options?: { text?: string; key?: string },
  ): Promise<string>;
  listExecutions(query?: ExecutionQuery): Promise<Page<ExecutionSummary>>;
  /** @throws EXECUTION_NOT_FOUND */
  readExecution(id: string): Promise<Execution>;
  /** The document that the execution runs, where it is known. */
  readExecutionDocument(id: string): Promise<string | undefined>;
  readLogs(id: string, query?: PageQuery): Promise<Page<LogEntry>>;
  /** @param after - seq of the last event that is known. @returns ends the watching */
  watchExecution(id: string, after: number, watcher: ExecutionWatcher): () => void;
  /** @param options - `gentle`: what is being undone already goes on, where it is given up else */
  cancelExecution(id: string, options?: { gentle?: boolean }): Promise<void>;
  /**
   * Runs it again from where it failed.
   *
   * @param options - `from`: a step to begin with instead; `text`: of the document to go on with, where it was mended; `key` as for
   * {@link Backend.execute}
   * @returns id of the execution that does
   */
  retryExecution(id: string, options?: { from?: string; text?: string; key?: string }): Promise<string>;
  /** @param options - `key`: of the signals of that name with the same key the execution takes in one */
  signalExecution(id: string, signal: string, payload: JsonValue, options?: { key?: string }): Promise<void>;
  /** @param asked - number of the event that told of the question, where it is known: no later one is answered then */
  decideApproval(id: string, step: string, decision: ApprovalDecision, asked?: number): Promise<void>;
}
