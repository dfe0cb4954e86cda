export interface TimerOptions {
  /** Does not keep the process alive. @defaultValue false */
  background?: boolean;
  /**
   * It is a time to wait and no time of day: it fires when that has passed, also when the clock was set back meanwhile and says less than
   * `at`. A clock that nobody sets need not tell them apart.
   *
   * @defaultValue false
   */
  elapsed?: boolean;
}

/** Time, so that tests can bring their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /**
   * Calls `callback` once, at `at` or as soon after as possible, never before; at once (but not within this
   * call) when `at` has passed. Any distance is allowed. Keeps the process alive until then, unless it is a background timer.
   *
   * @param at - milliseconds since 1970
   * @returns a function that takes the timer back; harmless after it fired
   */
  setTimer(at: number, callback: () => void, options?: TimerOptions): () => void;
}
