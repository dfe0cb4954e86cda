import type { Lifecycle, Page, PageQuery } from './lifecycle.ts';

/** What whoever shows an API key may do; each may do what those before it may. */
export type KeyRole = 'viewer' | 'executor' | 'editor' | 'admin';

/** An API key without its secret. */
export interface KeyRecord {
  /** The part of the key by which it is found. Not secret. */
  id: string;
  /** For people; appears as the actor in the audit log. */
  name: string;
  role: KeyRole;
  /** Of the secret. The secret itself is nowhere. */
  hash: string;
  /** ISO 8601, like the other times. */
  created_at: string;
  /** Refused from then on. */
  expires_at?: string;
  /** Refused since then. */
  revoked_at?: string;
  /** Not of every use: whoever checks keys tells it now and then. */
  last_used_at?: string;
}

/** Keeps API keys. None is ever removed, so that the audit log stays readable. */
export interface KeyStore extends Lifecycle {
  /** @throws ALREADY_EXISTS when there is one of this id, which then stays as it is */
  add(key: KeyRecord): Promise<void>;
  get(id: string): Promise<KeyRecord | undefined>;
  /** Ordered by id. */
  list(query?: PageQuery): Promise<Page<KeyRecord>>;
  /**
   * Marks it as revoked. A key that is revoked stays so since the first time.
   *
   * @param at - ISO 8601
   * @returns the key as it is now; undefined when there is none
   */
  revoke(id: string, at: string): Promise<KeyRecord | undefined>;
  /** Notes a use; never goes back. Does nothing when there is no such key. @param at - ISO 8601 */
  used(id: string, at: string): Promise<void>;
}
