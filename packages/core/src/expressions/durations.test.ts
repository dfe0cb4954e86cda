import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { JsonValue } from '../model/json.ts';
import { compileExpression, prepareExpressions } from './index.ts';

beforeAll(() => prepareExpressions('duration("1s")'));

const run = (text: string): JsonValue => compileExpression(text).evaluate({});

test.each<[string, JsonValue]>([
  ['duration("-1.5s")', '-1.5s'],
  ['duration("-0.5s")', '-0.5s'],
  ['duration("-1ns")', '-0.000000001s'],
  ['duration("-0s")', '0s'],
  ['duration("1s") - duration("1.5s")', '-0.5s'],
  ['duration("-1.5s") + duration("-0.7s")', '-2.2s'],
  ['duration("-0.5s") + duration("2s")', '1.5s'],
  ['duration("1s") - duration("1.5s") == duration("-0.5s")', true],
  ['duration("1s") - duration("1.5s") < duration("-0.4s")', true],
  ['duration("-1.0005s").getMilliseconds() + duration("-1.5s").getSeconds()', -1001],
  ['timestamp("2024-01-01T00:00:00.250Z") - timestamp("2024-01-01T00:00:01Z")', '-0.75s'],
  ['timestamp("1999-01-01T00:00:00Z") - timestamp("2024-01-01T00:00:00.001Z")', '-788918400.001s'],
  ['timestamp("2024-01-01T00:00:00Z") + duration("-0.5s")', '2023-12-31T23:59:59.500Z'],
  ['timestamp("2024-01-01T00:00:00Z") - duration("-0.5s")', '2024-01-01T00:00:00.500Z'],
  [
    'timestamp("2024-01-01T00:00:00Z") - duration("1us") == timestamp("2024-01-01T00:00:00Z") + duration("-1us")',
    true,
  ],
])('%s', (text, expected) => {
  expect(run(text)).toEqual(expected);
});

test('what is written is read back as the same, and what is taken off comes back', () => {
  const nanos = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
  fc.assert(
    fc.property(nanos, nanos, (one, other) => {
      const [a, b] = [`duration("${one}ns")`, `duration("${other}ns")`];
      expect(run(`duration("${run(a)}") == ${a}`)).toBe(true);
      expect(run(`${a} - ${b}`)).toBe(run(`duration("${one - other}ns")`));
      expect(run(`${a} - ${b} + ${b} == ${a}`)).toBe(true);
    }),
  );
});

test.each([
  'timestamp("9999-12-31T23:59:59Z") + duration("24h")',
  'timestamp("0001-01-01T00:00:00Z") - duration("1ms")',
])('%s is out of range', (text) => {
  expect(() => run(text)).toThrow(/out of range/);
});
