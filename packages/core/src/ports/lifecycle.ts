/**
 * What every adapter has. Using one before `open` or after `close` rejects with CLOSED; a method that
 * gives no promise throws it.
 */
export interface Lifecycle {
  /**
   * Connects and prepares. Idempotent; may be called again when it failed.
   *
   * @throws STORE_UNAVAILABLE; CLOSED after `close`, which is for good
   */
  open(): Promise<void>;
  /** Ends what is under way and frees every connection, file, timer and listener. Idempotent. */
  close(): Promise<void>;
}

/** One page of a list. */
export interface Page<T> {
  results: T[];
  /** Give it back to get the next page; missing on the last. Opaque. */
  next_cursor?: string;
  /** All that match, on every page. */
  count: number;
}

export interface PageQuery {
  /** @defaultValue 50, at most 500 */
  limit?: number;
  cursor?: string;
}
