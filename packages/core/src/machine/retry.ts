import type { ErrorInfo } from '../errors.ts';
import type { RetryPolicy } from './definition.ts';

/** True when another attempt is allowed and may help. */
export function mayRetry(policy: RetryPolicy, attempt: number, error: ErrorInfo): boolean {
  if (attempt >= policy.attempts || error.retryable === false) return false;
  return policy.on === undefined || policy.on.includes(error.code);
}

/**
 * The delay after the given attempt, in milliseconds: `delay × factor^(attempt − 1)`, at most `max`.
 * With jitter it lies between half of that and all of it ("equal jitter", Marc Brooker,
 * "Exponential Backoff And Jitter", AWS Architecture Blog 2015), so that a backoff never shrinks to nothing.
 *
 * @param random - from 0 up to, but not including, 1
 */
export function retryDelay(policy: RetryPolicy, attempt: number, random: number): number {
  // A factor that has grown to Infinity times a delay of 0 is not a number.
  const full = policy.delay === 0 ? 0 : Math.min(policy.delay * policy.factor ** (attempt - 1), policy.max);
  return Math.round(policy.jitter ? full / 2 + (random * full) / 2 : full);
}
