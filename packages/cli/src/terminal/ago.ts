import { elapsed } from './elapsed.ts';

/** How long ago a moment was, or in how long it will be: `3m ago`, `in 2h`. Both in milliseconds since 1970. */
export function ago(at: number, now: number): string {
  const distance = Math.abs(now - at);
  if (distance < 1000) return 'now';
  return at <= now ? `${coarse(distance)} ago` : `in ${coarse(distance)}`;
}

/** A duration of one unit: what is long over need not be exact. */
export function coarse(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 1) return elapsed(milliseconds);
  if (seconds < 60) return `${Math.floor(seconds)}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}
