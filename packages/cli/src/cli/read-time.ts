import { UsageError } from './usage-error.ts';

const units: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * A moment as people give it: how long ago (`2h`), a day (`2026-11-21`, from midnight here), or a time of ISO 8601.
 *
 * @param option - for messages: `--since`
 * @returns ISO 8601 in UTC
 * @throws UsageError
 */
export function readTime(text: string, option: string, command: string, now: number): string {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text) ?? [];
  const at = unit === undefined ? parseMoment(text) : now - Number(amount) * units[unit]!;
  // Dates reach so far.
  if (at !== undefined && Math.abs(at) <= 8.64e15) return new Date(at).toISOString();
  throw new UsageError(
    `${option} is "${text}", which is no time: use 2h (ago), 2026-11-21 or 2026-11-21T08:00:00Z.`,
    command,
  );
}

function parseMoment(text: string): number | undefined {
  const [, day, clock] = /^(\d{4}-\d\d-\d\d)([T ]\d\d:\d\d.*)?$/.exec(text) ?? [];
  if (day === undefined) return undefined;
  // 2026-02-30 would be taken for the 2nd of March.
  if (new Date(Date.parse(day)).getUTCDate() !== Number(day.slice(8))) return undefined;
  // A day alone would be one of UTC.
  const at = Date.parse(clock === undefined ? `${day}T00:00` : text);
  return Number.isNaN(at) ? undefined : at;
}
