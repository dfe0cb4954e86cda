import { BoundedCache } from './cache.ts';
import { charge, Failure } from './work.ts';

const day = 86_400_000;
const formats = new BoundedCache<Intl.DateTimeFormat>(20);

/** Of a timestamp whose UTC is the time of the wanted zone. */
const parts: Readonly<Record<string, (time: Date) => number>> = {
  getDate: (time) => time.getUTCDate(),
  getDayOfMonth: (time) => time.getUTCDate() - 1,
  getDayOfWeek: (time) => time.getUTCDay(),
  getDayOfYear: (time) => Math.floor((time.getTime() - new Date(time).setUTCMonth(0, 1)) / day),
  getFullYear: (time) => time.getUTCFullYear(),
  getHours: (time) => time.getUTCHours(),
  getMilliseconds: (time) => time.getUTCMilliseconds(),
  getMinutes: (time) => time.getUTCMinutes(),
  getMonth: (time) => time.getUTCMonth(),
  getSeconds: (time) => time.getUTCSeconds(),
};

/**
 * What a method like `getHours` gives; undefined for one that is called on something else. cel-js goes through the zone of
 * the process, in which hours are left out or come twice.
 */
export function partOfTimestamp(name: string, values: readonly unknown[]): number | undefined {
  const [time, zone] = values;
  const part = parts[name];
  if (!part || !(time instanceof Date)) return undefined;
  if (values.length === 1) return part(time);
  return typeof zone === 'string' ? part(inZone(time, zone)) : undefined;
}

function inZone(time: Date, zone: string): Date {
  charge(100);
  const found: Record<string, string> = {};
  for (const { type, value } of formatOf(zone).formatToParts(time)) found[type] = value;
  const { era, year, month, day, hour, minute, second } = found;
  const local = new Date(0);
  local.setUTCFullYear(era === 'BC' ? 1 - Number(year) : Number(year), Number(month) - 1, Number(day));
  local.setUTCHours(Number(hour), Number(minute), Number(second), time.getUTCMilliseconds());
  return local;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    charge(1_000);
    const number = 'numeric';
    const time = { hour: number, minute: number, second: number, hourCycle: 'h23' } as const;
    try {
      format = new Intl.DateTimeFormat('en-US', {
        ...{ timeZone, era: 'short', year: number, month: number, day: number },
        ...time,
      });
    } catch {
      throw new Failure('there is no such time zone; write it like Europe/Berlin, UTC or +01:00');
    }
    formats.set(timeZone, format);
  }
  return format;
}
