import { UsageError } from './usage-error.ts';

/** A whole number of an option; undefined when it was not given. @throws UsageError */
export function readNumber(
  text: string | undefined,
  option: string,
  command: string,
  { least, most }: { least: number; most: number },
): number | undefined {
  if (text === undefined) return undefined;
  const value = /^[+-]?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(
    `${option} is "${text}": it has to be a whole number from ${least} to ${most}.`,
    command,
  );
}
