import type { JsonValue } from '../model/json.ts';
import { didYouMean } from './nearest.ts';
import { isRecord } from './path.ts';
import type { Report } from './report.ts';

/** Asking for a time zone that does not exist takes 0.2 ms: a document of 1 MB could ask for 25,000. */
const mostWrongZones = 1000;

/** Says why a schedule cannot be used: cron.ts, handed in, so that its library is loaded only when it is needed. */
export type CronFault = (schedule: string) => string | undefined;

/** False for a document without a schedule that {@link checkTriggers} would have to read. */
export function hasSchedules(document: unknown): boolean {
  const triggers = isRecord(document) ? document.triggers : undefined;
  return (
    Array.isArray(triggers) && triggers.some((trigger) => isRecord(trigger) && isSchedule(trigger.schedule))
  );
}

/** Reports schedules and time zones that cannot be read, and webhooks that anyone could call. */
export function checkTriggers(
  triggers: readonly JsonValue[],
  cronFault: CronFault | undefined,
  report: Report,
): void {
  const zones = new Map<string, boolean>();
  let wrong = 0;
  const isKnown = (name: string): boolean => {
    const known = zones.get(name) ?? (wrong >= mostWrongZones || isTimeZone(name));
    if (!zones.has(name) && !known) wrong++;
    zones.set(name, known);
    return known;
  };
  triggers.forEach((trigger, index) => {
    if (!isRecord(trigger)) return;
    const { schedule, timezone } = trigger;
    if (isWebhook(trigger.webhook)) {
      checkSecret(trigger, index, report);
      checkWebhook(trigger.webhook, index, report);
    }
    if (cronFault && isSchedule(schedule)) {
      const fault = cronFault(schedule);
      if (fault) {
        const message = `The schedule "${schedule}" cannot be used: ${fault}.`;
        report.add('SCHEDULE_INVALID', ['triggers', index, 'schedule'], message);
      }
    }
    if (typeof timezone === 'string' && !isKnown(timezone)) {
      const suggestion = report.nearest(timezone, timeZones());
      const message = `There is no time zone "${timezone}". Use an IANA name such as "Europe/Berlin".${didYouMean(suggestion)}`;
      report.add('SCHEDULE_INVALID', ['triggers', index, 'timezone'], message, { suggestion });
    }
  });
}

function isWebhook(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** Whoever calls an address takes these out of it before. */
function checkWebhook(path: string, index: number, report: Report): void {
  const dots = path.split('/').find((part) => part === '.' || part === '..');
  if (dots === undefined) return;
  const message = `The path "${path}" has the part "${dots}", with which no address can be called. Take it out.`;
  report.add('VALUE', ['triggers', index, 'webhook'], message);
}

function checkSecret({ secret, signature }: Record<string, unknown>, index: number, report: Report): void {
  const isOpen = signature === 'none';
  if (isOpen === (secret === undefined)) return;
  const message = isOpen
    ? 'A secret has no use where `signature` is `none`. Take one of the two out.'
    : 'A webhook needs a `secret` that deliveries are signed with. Where anyone may call it, say so: `signature: none`.';
  report.add(isOpen ? 'VALUE' : 'REQUIRED', ['triggers', index, isOpen ? 'signature' : 'secret'], message);
}

function isSchedule(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
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
