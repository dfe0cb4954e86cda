import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { JsonValue } from '../model/json.ts';
import { compileExpression, prepareExpressions } from './index.ts';

/** What holds wherever the process is. */
const expected: Record<string, JsonValue> = {
  'timestamp("2024-03-01T00:00:00Z").getDayOfYear()': 60,
  'timestamp("2024-07-01T00:00:00Z").getDayOfYear()': 182,
  'timestamp("2024-12-31T23:59:59.999Z").getDayOfYear()': 365,
  'timestamp("2024-06-15T22:30:00Z").getDayOfYear("Europe/Berlin")': 167,
  'timestamp("2024-12-31T23:30:00Z").getDayOfYear("Europe/Berlin")': 0,
  'timestamp("2024-01-01T00:30:00Z").getDayOfYear("America/New_York")': 364,
  // There is no such hour in Berlin, nor in New York.
  'timestamp("2024-03-31T02:30:00Z").getHours("UTC")': 2,
  'timestamp("2024-03-10T02:30:00Z").getHours("UTC")': 2,
  'timestamp("2024-03-31T00:59:59Z").getHours("Europe/Berlin")': 1,
  'timestamp("2024-03-31T01:00:00Z").getHours("Europe/Berlin")': 3,
  'timestamp("2024-01-01T00:15:16.017Z").getMinutes("-02:30")': 45,
  'timestamp("2024-01-01T00:15:16.017Z").getHours("-02:30")': 21,
  'timestamp("2024-01-01T00:00:00Z").getHours("UTC")': 0,
  'timestamp("2024-01-01T00:15:16.017Z").getSeconds("UTC")': 16,
  'timestamp("2024-01-01T00:15:16.017Z").getMilliseconds("Asia/Tokyo")': 17,
  'timestamp("2024-01-31T23:30:00Z").getMonth("Europe/Berlin")': 1,
  'timestamp("2024-01-31T23:30:00Z").getDate("Europe/Berlin")': 1,
  'timestamp("2024-01-31T23:30:00Z").getDayOfMonth("Europe/Berlin")': 0,
  'timestamp("2024-01-31T23:30:00Z").getDayOfWeek("Europe/Berlin")': 4,
  'timestamp("0050-06-01T00:00:00Z").getFullYear("UTC")': 50,
  'timestamp("0050-06-01T00:00:00Z").getDayOfYear("UTC")': 151,
  'timestamp("0001-01-01T00:00:00Z").getFullYear("America/New_York")': 0,
  'timestamp("2024-12-31T23:30:00Z").getFullYear("+01:00")': 2025,
};

const code = `
  const { compileExpression, prepareExpressions } = await import(${JSON.stringify(import.meta.resolve('./index.ts'))});
  await prepareExpressions('timestamp("")');
  const found = {};
  for (const text of ${JSON.stringify(Object.keys(expected))}) found[text] = compileExpression(text).evaluate({});
  console.log(JSON.stringify(found));`;

test.each(['UTC', 'Europe/Berlin', 'America/New_York'])(
  'parts of a timestamp are the same with TZ=%s',
  (TZ) => {
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', code], {
      env: { ...process.env, TZ },
      encoding: 'utf8',
    });
    expect(JSON.parse(output)).toEqual(expected);
  },
);

test('a zone that is not known is said to be', async () => {
  await prepareExpressions('timestamp("")');
  const { evaluate } = compileExpression('timestamp("2024-01-01T00:00:00Z").getHours("Nope/Zone")');
  expect(() => evaluate({})).toThrow(/no such time zone/);
});
