// Apart, as both libraries together have 30 KB compressed: loaded when a schedule is looked at.
import { Cron } from 'croner';
import cronstrue from 'cronstrue';

/** A schedule as people read it. */
export interface CronReading {
  readonly words: string;
  /** The next instants, in order. */
  readonly next: readonly Date[];
}

/** What a cron expression of five fields means, or why it means nothing. @param zone - IANA name */
export function readCron(
  expression: string,
  zone: string,
  now: Date,
): CronReading | { readonly error: string } {
  try {
    if (expression.trim().split(/\s+/).length !== 5)
      return { error: 'A schedule has five fields: minute, hour, day of the month, month, day of the week.' };
    const next = new Cron(expression, { timezone: zone }).nextRuns(5, now);
    const words = cronstrue.toString(expression, { use24HourTimeFormat: true, verbose: false });
    return { words, next };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
