/** A signal that ends on the first of two: the attempt is aborted, or the time is up. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Lets go of the timer and of the attempt's signal. To be called when the work has ended, however it did. */
  release(): void;
}

/** What a Node timer can hold; a longer time would fire at once. */
const maxDelay = 2 ** 31 - 1;

/**
 * Starts a deadline. The reason of its signal is the reason of the attempt, or what `timeUp` makes.
 *
 * Not `AbortSignal.any` with `AbortSignal.timeout`: their timers and links live until they are collected.
 *
 * @param ms - milliseconds; undefined for no limit
 */
export function startDeadline(attempt: AbortSignal, ms: number | undefined, timeUp: () => Error): Deadline {
  const controller = new AbortController();
  const forward = (): void => controller.abort(attempt.reason);
  if (attempt.aborted) forward();
  else attempt.addEventListener('abort', forward, { once: true });
  const timer =
    ms === undefined ? undefined : setTimeout(() => controller.abort(timeUp()), Math.min(ms, maxDelay));
  return {
    signal: controller.signal,
    release(): void {
      clearTimeout(timer);
      attempt.removeEventListener('abort', forward);
    },
  };
}
