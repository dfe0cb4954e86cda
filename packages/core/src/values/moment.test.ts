import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseMoment } from './moment.ts';

test.each([
  ['2030-01-31T08:00:00Z', '2030-01-31T08:00:00.000Z'],
  ['2030-01-31t08:00:00.5z', '2030-01-31T08:00:00.500Z'],
  ['2030-01-31 08:00:00+02:30', '2030-01-31T05:30:00.000Z'],
  ['2030-01-31T08:00:00.123456789-00:30', '2030-01-31T08:30:00.123Z'],
  ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59.999Z'],
  ['2017-01-01T00:59:60.7+01:00', '2016-12-31T23:59:59.999Z'],
  ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
])('%s is a moment', (text, moment) => {
  expect(new Date(parseMoment(text) ?? Number.NaN).toISOString()).toBe(moment);
});

test.each([
  '2024-02-30T00:00:00Z',
  '2023-02-29T00:00:00Z',
  '2024-04-31T00:00:00Z',
  '2024-13-01T00:00:00Z',
  '2024-00-10T00:00:00Z',
  '2024-01-00T00:00:00Z',
  '2024-01-01T24:00:00Z',
  '2024-01-01T00:60:00Z',
  '2024-01-01T12:00:60Z',
  '2024-01-01T00:00:00',
  '2024-01-01T00:00Z',
  '2024-01-01',
  '2024-01-01T00:00:00+0100',
  '2024-01-01T00:00:00+24:00',
  '+002024-01-01T00:00:00Z',
  'January 1, 2024 10:00',
  'March 5 2020',
  '5',
  '',
  ' 2024-01-01T00:00:00Z',
  '2024-01-01T00:00:00Z\n',
])('%j is none', (text) => {
  expect(parseMoment(text)).toBeUndefined();
});

test('what a date writes is read back', () => {
  const date = fc.date({ min: new Date(-62_135_596_800_000), max: new Date(253_402_300_799_999) });
  fc.assert(
    fc.property(
      date.filter((each) => !Number.isNaN(each.getTime())),
      (each) => {
        expect(parseMoment(each.toISOString())).toBe(each.getTime());
      },
    ),
  );
});
