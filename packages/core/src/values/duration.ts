const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const pattern = /^(\d{1,15}(?:\.\d{1,15})?)(ms|s|m|h|d)$/;

/**
 * Milliseconds of a duration: `250ms`, `10s`, `1.5m`, `2h`, `1d`, or a number of milliseconds.
 *
 * @returns undefined when it cannot be read, is negative, not finite or beyond 2^53 milliseconds
 */
export function parseDuration(value: string | number): number | undefined {
  let milliseconds: number;
  if (typeof value === 'number') milliseconds = value;
  else {
    const match = pattern.exec(value);
    if (!match) return undefined;
    // "1.1s" is 1100 ms and not 1100.0000000000002; more digits than a double holds mean nothing.
    milliseconds = Number((Number(match[1]) * (units[match[2] as string] as number)).toPrecision(15));
  }
  return milliseconds >= 0 && milliseconds <= Number.MAX_SAFE_INTEGER ? milliseconds : undefined;
}

/**
 * Writes milliseconds as whole days, hours or minutes, else as seconds: `2d`, `90m`, `1.5s`, `250ms`.
 * {@link parseDuration} reads it back as the same number.
 */
export function formatDuration(milliseconds: number): string {
  for (const unit of ['d', 'h', 'm', 's']) {
    const amount = milliseconds / (units[unit] as number);
    const short = Number(amount.toFixed(unit === 's' ? 2 : 0));
    if (amount >= 1 && parseDuration(`${short}${unit}`) === milliseconds) return `${short}${unit}`;
  }
  return `${milliseconds}ms`;
}
