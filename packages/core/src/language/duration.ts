import { parseDuration } from '../values/duration.ts';

/** What a duration in text looks like, for the published schema. */
export const durationPattern = '^\\d{1,15}(\\.\\d{1,15})?(ms|s|m|h|d)$';

/** True for `250ms`, `10s`, `5m`, `2h`, `1d`, and numbers of milliseconds. */
export function isDuration(value: unknown): boolean {
  return (typeof value === 'string' || typeof value === 'number') && parseDuration(value) !== undefined;
}
