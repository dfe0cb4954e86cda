import type { Problem } from '../model/problem.ts';
import type { Lifecycle, Page, PageQuery } from './lifecycle.ts';

/** A stored document. `text` is exactly what was saved, comments included. */
export interface WorkflowRecord {
  id: string;
  name: string;
  type: string;
  version: string;
  text: string;
  /** Changes whenever the text does; opaque. */
  rev: string;
  /** ISO 8601. */
  updated_at: string;
  /**
   * Why the text is no workflow, in a store whose documents are also edited from outside: the other fields are
   * then guesses. It can be read, repaired and saved like any other. Missing when there is nothing to say.
   */
  problems?: readonly Problem[];
}

export interface WorkflowQuery extends PageQuery {
  type?: string;
  /** Found in id, name or text, whatever the case. */
  q?: string;
}

/** What is saved: the text and what was read from it. */
export type WorkflowDraft = Pick<WorkflowRecord, 'id' | 'name' | 'type' | 'version' | 'text'>;

/** Keeps workflow documents with their history. */
export interface WorkflowStore extends Lifecycle {
  get(id: string): Promise<WorkflowRecord | undefined>;
  /** Ordered by id. */
  list(query?: WorkflowQuery): Promise<Page<WorkflowRecord>>;
  /**
   * Saves all or nothing.
   *
   * @param rev - the rev that the change is based on; undefined creates
   * @throws REV_CONFLICT when it is not the current one; ALREADY_EXISTS when creating over something; NOT_FOUND;
   * STORE_UNAVAILABLE
   */
  save(draft: WorkflowDraft, rev: string | undefined): Promise<WorkflowRecord>;
  /** @throws REV_CONFLICT, NOT_FOUND */
  remove(id: string, rev: string): Promise<void>;
  /**
   * The versions that were saved, newest first; a store without history has the current one only. None for an
   * unknown id.
   */
  versions(id: string, query?: PageQuery): Promise<Page<WorkflowRecord>>;
}
