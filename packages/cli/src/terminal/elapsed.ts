/** A duration that is still going on: in tenths of a second, since milliseconds would only flicker. */
export function ongoing(milliseconds: number): string {
  return milliseconds < 1000 ? `${(Math.max(0, milliseconds) / 1000).toFixed(1)}s` : elapsed(milliseconds);
}

/** A duration for people: `12ms`, `3.4s`, `2m 05s`, `1h 02m`, `2d 03h`. */
export function elapsed(milliseconds: number): string {
  const ms = Math.max(0, milliseconds);
  if (ms < 1000) return `${Math.round(ms)}ms`;
  // Rounded before it is split, so that 59.96 s is 1m 00s and not 60.0s.
  if (Math.round(ms / 100) < 600) return `${(ms / 1000).toFixed(1)}s`;
  const seconds = Math.round(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  const hours = Math.floor(seconds / 3600);
  if (hours >= 24) return `${Math.floor(hours / 24)}d ${two(hours % 24)}h`;
  return `${hours}h ${two(Math.floor(seconds / 60) % 60)}m`;
}
