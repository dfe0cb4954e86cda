import { parseDuration, VwmpError } from '@vwmp/core';

/**
 * Milliseconds of a duration in a config.
 *
 * @throws CONFIG_INVALID: what cannot be read must not become "no limit"
 */
export function milliseconds(duration: string | number): number {
  const value = parseDuration(duration);
  if (value !== undefined) return value;
  const message = `${JSON.stringify(duration)} is no duration. Write it like 500ms, 10s, 5m or 2h.`;
  throw new VwmpError('CONFIG_INVALID', message, { retryable: false });
}
