import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isoTime, parseTime } from './time.ts';

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
