import { Cron } from 'croner';

export { Cron };

const shortForm = /^@(hourly|daily|midnight|weekly|monthly|yearly|annually)$/i;

/**
 * Why a schedule cannot be used, or undefined when it can: five fields, or a short form such as `@daily`. It is read by the
 * library that also runs schedules, so that what passes here is what fires.
 */
export function cronFault(text: string): string | undefined {
  const schedule = text.trim();
  // The library also takes a single moment, which is no schedule.
  if (/^\d{4}-/.test(schedule)) return 'a schedule repeats; for one moment use core.sleep with "until"';
  if (schedule.split(/\s+/).length !== 5 && !shortForm.test(schedule))
    return 'it needs five fields: minute, hour, day of month, month, day of week; or one like @hourly, @daily, @weekly, @monthly or @yearly';
  try {
    const cron = new Cron(schedule, { mode: '5-part', paused: true });
    return cron.nextRun() === null ? 'no such day ever comes, so it would never start anything' : undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return reason.replace(/^CronPattern: /, '').replace(/\.$/, '');
  }
}
