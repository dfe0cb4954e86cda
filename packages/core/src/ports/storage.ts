import type { JsonObject } from '../model/json.ts';
import type { AuditStore } from './audit-store.ts';
import type { ExecutionStore } from './execution-store.ts';
import type { KeyStore } from './key-store.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { LogStore } from './log-store.ts';
import type { ScheduleStore } from './schedule-store.ts';
import type { WorkflowStore } from './workflow-store.ts';

/**
 * Everything that one database (or folder, or memory) keeps. Opening and closing it, or any of its stores, opens
 * and closes all of it.
 */
export interface Storage extends Lifecycle {
  readonly executions: ExecutionStore;
  readonly workflows: WorkflowStore;
  readonly schedules: ScheduleStore;
  readonly logs: LogStore;
  readonly audit: AuditStore;
  readonly keys: KeyStore;
  /** What `vwmp db` does. Missing where there is nothing to maintain. */
  readonly maintenance?: Maintenance;
  /**
   * Tells when another process has changed something, for storages that can tell without an event bus. A hint: it may come late
   * or for nothing.
   *
   * @returns a function that ends it; idempotent
   */
  onChange?(listener: () => void): () => void;
  /** Resolves when it can be read and written now. @throws STORE_UNAVAILABLE, with what to do in the message */
  ping(): Promise<void>;
}

export interface MigrationStatus {
  /** Ids of the migrations that were carried out, oldest first. */
  applied: string[];
  /** Ids of those that are to come. */
  pending: string[];
}

/** How large one table is. */
export interface TableSize {
  name: string;
  rows: number;
}

/** Work on the database itself. The methods work before `open` too, and do not migrate unless they say so. */
export interface Maintenance {
  /** Carries out what is pending, all or nothing; several processes at once carry it out once. @returns their ids */
  migrate(): Promise<string[]>;
  status(): Promise<MigrationStatus>;
  /** @param path - a new file @throws ALREADY_EXISTS, STORE_UNAVAILABLE */
  backup(path: string): Promise<void>;
  /** Gives free pages back to the file system, in small steps. @returns bytes */
  compact(): Promise<number>;
  /** What is damaged or contradicts itself, for people; empty when all is well. */
  check(): Promise<string[]>;
  /** In an order in which they can be filled. */
  tables(): Promise<TableSize[]>;
  /**
   * Rows of a table in a form that every database takes, in the order of their key.
   *
   * @param after - the cursor of the batch before; undefined begins
   */
  exportRows(
    table: string,
    after: string | undefined,
    limit: number,
  ): Promise<{ rows: JsonObject[]; cursor?: string }>;
  /**
   * Marks the database as half a copy, which nobody else opens, until `end`, also when this process is killed. `begin` migrates
   * it, and marks it only if it is empty or was marked before. Idempotent.
   *
   * @throws MIGRATION_FAILED, STORE_UNAVAILABLE
   */
  importing?(step: 'begin' | 'end'): Promise<void>;
  /** Adds rows from {@link Maintenance.exportRows}; those that are there already are replaced. All or none. */
  importRows(table: string, rows: readonly JsonObject[]): Promise<void>;
}
