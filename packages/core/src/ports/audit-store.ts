import type { JsonObject } from '../model/json.ts';
import type { Lifecycle, Page, PageQuery } from './lifecycle.ts';

/** Who did what, when. */
export interface AuditRecord {
  /** ISO 8601. */
  at: string;
  /** Name of the key or user; `system` for the platform itself. */
  actor: string;
  /** Such as `workflow.saved`. */
  action: string;
  /** Id of what was changed. */
  subject: string;
  details?: JsonObject;
}

/** Append-only record of changes and decisions. */
export interface AuditStore extends Lifecycle {
  add(record: AuditRecord): Promise<void>;
  /** Added last first. */
  list(query?: PageQuery & { subject?: string }): Promise<Page<AuditRecord>>;
}
