import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isoTime, parseTime } from './time.ts';

it('stays in the years that can be written, as a timer for a time that cannot be read fires at once', () => {
  expect(isoTime(Number.MAX_SAFE_INTEGER)).toBe('9999-12-31T23:59:59.999Z');
  expect(isoTime(-Number.MAX_SAFE_INTEGER)).toBe('0000-01-01T00:00:00.000Z');
});

it('writes times as the platform does, and reads them back', () => {
  const year9999 = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(2000, 0), max: year9999 }), (milliseconds) => {
      expect(isoTime(milliseconds)).toBe(new Date(milliseconds).toISOString());
      expect(parseTime(isoTime(milliseconds))).toBe(milliseconds);
      expect(parseTime(new Date(milliseconds - 1).toISOString())).toBe(milliseconds - 1);
    }),
  );
});
