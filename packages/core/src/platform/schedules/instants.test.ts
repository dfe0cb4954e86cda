import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSchedule } from './instants.ts';
import { changesOf, instantsByLooking, type Pattern } from './testing/oracle.ts';

const berlin = 'Europe/Berlin';

function times(schedule: string, timezone: string, from: string, count: number): string[] {
  const { next } = readSchedule(schedule, timezone);
  const found: string[] = [];
  for (let at = next(Date.parse(from)); at !== undefined && found.length < count; at = next(at))
    found.push(new Date(at).toISOString().slice(0, 16));
  return found;
}

describe('in Berlin, where 2:00 becomes 3:00 on 29 March 2026 and 3:00 becomes 2:00 on 25 October', () => {
  test('a time that does not exist fires once, at the end of the gap', () => {
    for (const schedule of ['30 2 * * *', '0,30 2 * * *', '*/15 2 * * *', '* 2 * * *', '0 2,3 * * *'])
      expect(times(schedule, berlin, '2026-03-28T12:00Z', 1)).toEqual(['2026-03-29T01:00']);
    expect(times('30 2 * * *', berlin, '2026-03-28T12:00Z', 3)).toEqual([
      '2026-03-29T01:00',
      '2026-03-30T00:30',
      '2026-03-31T00:30',
    ]);
  });

  test('a time that exists twice fires once, at the first of both', () => {
    expect(times('30 2 * * *', berlin, '2026-10-24T12:00Z', 2)).toEqual([
      '2026-10-25T00:30',
      '2026-10-26T01:30',
    ]);
    expect(times('*/30 2 * * *', berlin, '2026-10-24T12:00Z', 3)).toEqual([
      '2026-10-25T00:00',
      '2026-10-25T00:30',
      '2026-10-26T01:00',
    ]);
    expect(times('0 */2 * * *', berlin, '2026-10-24T21:30Z', 4)).toEqual([
      '2026-10-24T22:00',
      '2026-10-25T00:00',
      '2026-10-25T03:00',
      '2026-10-25T05:00',
    ]);
  });

  test('an interval goes on as time passes', () => {
    expect(times('0 * * * *', berlin, '2026-03-28T23:30Z', 3)).toEqual([
      '2026-03-29T00:00',
      '2026-03-29T01:00',
      '2026-03-29T02:00',
    ]);
    expect(times('*/30 * * * *', berlin, '2026-10-24T23:59Z', 5)).toEqual([
      '2026-10-25T00:00',
      '2026-10-25T00:30',
      '2026-10-25T01:00',
      '2026-10-25T01:30',
      '2026-10-25T02:00',
    ]);
  });
});

test('what is not written is told', () => {
  const { isAsWritten } = readSchedule('30 2 * * *', berlin);
  expect(isAsWritten(Date.parse('2026-03-29T01:00Z'))).toBe(false);
  expect(isAsWritten(Date.parse('2026-03-30T00:30Z'))).toBe(true);
});

test('short forms, names and spaces are read', () => {
  expect(times('@daily', 'UTC', '2026-01-01T12:00Z', 1)).toEqual(['2026-01-02T00:00']);
  expect(times('  0   6 * * mon-fri ', 'UTC', '2026-01-02T12:00Z', 1)).toEqual(['2026-01-05T06:00']);
  expect(times('1,*/20,50-52 3 * * *', 'UTC', '2026-01-01T12:00Z', 7)).toHaveLength(7);
});

test.each(['*/0 3 * * *', '0 0-99999999999 * * *', '5-1 3 * * *', '* * * *', 'a b c d e', '', '0 24 * * *'])(
  '"%s" is refused and not worked on for ever',
  (schedule) => {
    expect(() => readSchedule(schedule, 'UTC')).toThrow();
  },
);

test('a time zone that does not exist is refused', () => {
  expect(() => readSchedule('0 0 * * *', 'Mars/Olympus')).toThrow();
});

test('a day that never comes has no instants', () => {
  const never = readSchedule('0 0 31 2 *', 'UTC');
  expect(never.next(0)).toBeUndefined();
  expect(never.due(0, 1e12, 10)).toEqual({ instants: [] });
});

test('of those that are due the newest are given, and the first of them all', () => {
  const { due } = readSchedule('0 * * * *', 'UTC');
  const hour = 3_600_000;
  expect(due(0, 5 * hour, 5)).toEqual({ instants: [1, 2, 3, 4, 5].map((n) => n * hour) });
  expect(due(0, 5 * hour + 1, 3)).toEqual({ instants: [3, 4, 5].map((n) => n * hour), first: hour });
  expect(due(hour - 1, hour, 3)).toEqual({ instants: [hour] });
  expect(due(hour, hour, 3)).toEqual({ instants: [] });
});

const zones = [
  ...['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'America/Sao_Paulo', 'Asia/Beirut'],
  ...['Africa/Cairo', 'America/St_Johns', 'Africa/Casablanca', 'America/Santiago', 'Antarctica/Troll'],
  ...['Pacific/Chatham', 'America/Havana', 'Asia/Kathmandu', 'UTC'],
];
const changes = zones.flatMap((zone) =>
  [2018, 2024, 2026, 2030].flatMap((year) =>
    [...changesOf(zone, year), Date.UTC(year, 5)].map((at) => ({ zone, at })),
  ),
);
const someOf = (max: number, maxLength: number): fc.Arbitrary<Set<number>> =>
  fc.uniqueArray(fc.nat({ max }), { minLength: 1, maxLength }).map((values) => new Set(values));
const anyPattern: fc.Arbitrary<Pattern> = fc.record({
  minutes: fc.oneof(someOf(59, 4), fc.constant(new Set([0, 15, 30, 45]))),
  hours: fc.oneof(someOf(4, 3), someOf(23, 5), fc.constant(undefined)),
  days: fc.constantFrom(new Set([0, 1, 2, 3, 4, 5, 6]), new Set([0, 6])),
});
const all = (set: ReadonlySet<number>): string => [...set].sort((a, b) => a - b).join(',');

test('it fires when the clocks on the wall say so, wherever and whenever they change', () => {
  fc.assert(
    fc.property(
      anyPattern,
      fc.constantFrom(...changes),
      fc.integer({ min: -30 * 3_600_000, max: 10 * 3_600_000 }),
      (pattern, { zone, at }, shift) => {
        const { minutes, hours, days } = pattern;
        const schedule = `${all(minutes)} ${hours ? all(hours) : '*'} * * ${days.size === 7 ? '*' : all(days)}`;
        const [from, to] = [at + shift, at + shift + 36 * 3_600_000];
        const expected = instantsByLooking(pattern, zone, from, to);
        const { due } = readSchedule(schedule, zone);
        expect(due(from, to, 10_000)).toEqual({ instants: expected });
        const most = Math.max(1, expected.length - 2);
        if (expected.length > most)
          expect(due(from, to, most)).toEqual({ instants: expected.slice(-most), first: expected[0] });
      },
    ),
    { numRuns: 300 },
  );
});
