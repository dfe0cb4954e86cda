interface Field {
  name: string;
  from: number;
  to: number;
  words?: readonly string[];
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const days = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** Length of each month in a leap year: what is possible in some year is possible. */
const lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const fields: readonly Field[] = [
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day of month', from: 1, to: 31 },
  { name: 'month', from: 1, to: 12, words: months },
  { name: 'day of week', from: 0, to: 7, words: days },
];

/**
 * Why a cron expression cannot be read, or undefined when it can. Only what every cron knows is allowed:
 * five fields of `*`, numbers, names, ranges, lists and steps. So the check needs no cron library.
 */
export function cronFault(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed.startsWith('@')) return 'short forms such as "@daily" are not known; write the five fields';
  const parts = trimmed.split(/\s+/);
  if (parts.length !== fields.length) {
    return `it has ${trimmed === '' ? 0 : parts.length} fields and needs five: minute, hour, day of month, month, day of week`;
  }
  const values: (Set<number> | undefined)[] = [];
  for (const [index, field] of fields.entries()) {
    const read = readField(parts[index]!, field);
    if (typeof read === 'string') return read;
    values.push(parts[index] === '*' ? undefined : read);
  }
  return neverFault(values[2], values[3], values[4]);
}

function readField(text: string, field: Field): Set<number> | string {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const [range = '', step, ...rest] = part.split('/');
    if (rest.length > 0) return `"${part}" in the field for the ${field.name} cannot be read`;
    const bounds = readRange(range, field);
    if (typeof bounds === 'string') return bounds;
    const [from, to] = bounds;
    if (step !== undefined && !/^[1-9]\d*$/.test(step))
      return `the step "/${step}" in the field for the ${field.name} is no number from 1 up`;
    if (step !== undefined && range !== '*' && !range.includes('-')) {
      return `"${part}" in the field for the ${field.name} has a step but no range; write "${range}-${field.to}/${step}"`;
    }
    for (let value = from; value <= to; value += Number(step ?? 1)) values.add(value);
  }
  return values;
}

function readRange(text: string, field: Field): [number, number] | string {
  if (text === '*') return [field.from, field.to];
  const ends = text.split('-');
  const [from, to = from] = ends.map((end, index) => readValue(end, field, index === 1));
  if (ends.length > 2 || from === undefined || to === undefined) {
    const words = field.words ? ` or ${field.words[0]} to ${field.words.at(-1)}` : '';
    return `"${text}" in the field for the ${field.name} is not ${field.from} to ${field.to}${words}`;
  }
  return from <= to ? [from, to] : `the range "${text}" in the field for the ${field.name} runs backwards`;
}

function readValue(text: string, field: Field, last: boolean): number | undefined {
  if (/^\d{1,2}$/.test(text)) {
    const value = Number(text);
    return value >= field.from && value <= field.to ? value : undefined;
  }
  const word = field.words?.indexOf(text.toUpperCase()) ?? -1;
  if (word < 0) return undefined;
  // Sunday closes the week as 7 and opens it as 0; months count from 1.
  return field.words === days ? (last && word === 0 ? 7 : word) : word + 1;
}

/** Days of the week and of the month are alternatives when both are given, so only the month can rule a day out. */
function neverFault(day?: Set<number>, month?: Set<number>, weekday?: Set<number>): string | undefined {
  if (!day || !month || weekday) return undefined;
  const longest = Math.max(...[...month].map((each) => lengths[each - 1]!));
  return Math.min(...day) > longest
    ? 'no month that it names has such a day, so it would never start anything'
    : undefined;
}
