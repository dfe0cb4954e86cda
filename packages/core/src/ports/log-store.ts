import type { LogLevel } from '../model/event.ts';
import type { JsonValue } from '../model/json.ts';
import type { Lifecycle, Page, PageQuery } from './lifecycle.ts';

/** One line that a step wrote. */
export interface LogEntry {
  execution_id: string;
  /** ISO 8601. */
  timestamp: string;
  level: LogLevel;
  message: string;
  data?: JsonValue;
  step_id?: string;
  index?: number;
}

export interface LogQuery extends PageQuery {
  step_id?: string;
  level?: readonly LogLevel[];
}

/** Keeps what steps log. Entries go when their execution is pruned. */
export interface LogStore extends Lifecycle {
  /** All or none. Those of an execution that is not there are dropped. */
  add(entries: readonly LogEntry[]): Promise<void>;
  /** Added first first. */
  list(executionId: string, query?: LogQuery): Promise<Page<LogEntry>>;
}
