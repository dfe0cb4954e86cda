import type { Lifecycle } from './lifecycle.ts';

/** One timer of an execution. */
export interface TimerRecord {
  execution_id: string;
  /** Unique within its execution. */
  key: string;
  /** ISO 8601. */
  at: string;
}

/** Keeps the timers of parked executions, so that they cost no process memory. */
export interface TimerStore extends Lifecycle {
  /** Replaces the timer with the same execution and key. */
  set(timer: TimerRecord): Promise<void>;
  /** Idempotent. */
  clear(executionId: string, key?: string): Promise<void>;
  /**
   * Takes due timers, earliest first; each is given to one caller only, and again after `visibility`
   * milliseconds unless it was cleared or set anew.
   *
   * @param now - milliseconds since 1970
   */
  claim(now: number, limit: number, visibility: number): Promise<TimerRecord[]>;
  /** When `claim` finds something next, in milliseconds since 1970, so that nobody has to poll. */
  next(): Promise<number | undefined>;
}
