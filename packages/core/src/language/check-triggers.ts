import type { JsonValue } from '../model/json.ts';
import { cronFault } from './cron.ts';
import { didYouMean } from './nearest.ts';
import { isRecord } from './path.ts';
import type { Report } from './report.ts';

/** Reports schedules and time zones that cannot be read. */
export function checkTriggers(triggers: readonly JsonValue[], report: Report): void {
  triggers.forEach((trigger, index) => {
    if (!isRecord(trigger)) return;
    const { schedule, timezone } = trigger;
    if (typeof schedule === 'string' && schedule.trim() !== '') {
      const fault = cronFault(schedule);
      if (fault) {
        const message = `The schedule "${schedule}" cannot be used: ${fault}.`;
        report.add('SCHEDULE_INVALID', ['triggers', index, 'schedule'], message);
      }
    }
    if (typeof timezone === 'string' && !isTimeZone(timezone)) {
      const suggestion = report.nearest(timezone, timeZones());
      const message = `There is no time zone "${timezone}". Use an IANA name such as "Europe/Berlin".${didYouMean(suggestion)}`;
      report.add('SCHEDULE_INVALID', ['triggers', index, 'timezone'], message, { suggestion });
    }
  });
}

function isTimeZone(name: string): boolean {
  // Offsets such as "+02:00" would pass as well, and be wrong for half of the year.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function timeZones(): readonly string[] {
  // Older browsers do without suggestions.
  return typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('timeZone') : [];
}
