import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTime } from './read-time.ts';

const now = Date.parse('2026-11-21T12:00:00.000Z');
const read = (text: string): string => readTime(text, '--since', 'executions list', now);

test.each([
  ['90s', '2026-11-21T11:58:30.000Z'],
  ['2h', '2026-11-21T10:00:00.000Z'],
  ['1.5d', '2026-11-20T00:00:00.000Z'],
  ['1w', '2026-11-14T12:00:00.000Z'],
  ['2026-11-21T08:00Z', '2026-11-21T08:00:00.000Z'],
  ['2026-11-21T08:00:00+02:00', '2026-11-21T06:00:00.000Z'],
  ['2026-11-21', new Date(2026, 10, 21).toISOString()],
  ['2024-02-29', new Date(2024, 1, 29).toISOString()],
])('%s', (text, expected) => expect(read(text)).toBe(expected));

test.each([
  '',
  'yesterday',
  '2',
  '-2h',
  '2 h',
  '2026',
  '2026-13-01',
  '2026-02-30',
  '2026-02-30T08:00Z',
  '2025-02-29 08:00',
  '2026-04-31T08:00:00+02:00',
  '12/24/2026',
  '1e3h',
  `${'9'.repeat(30)}d`,
])('%j is refused with what may stand there', (text) =>
  expect(() => read(text)).toThrow(/--since is ".*", which is no time: use 2h/),
);

test('property: whatever is read is a time in ISO 8601, and all else is a usage error', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\d.T:Z+-]{1,25}[smhdw]?$/)), (text) => {
      try {
        const iso = read(text);
        expect(new Date(iso).toISOString()).toBe(iso);
      } catch (error) {
        expect((error as Error).name).toBe('UsageError');
      }
    }),
    { numRuns: 1000 },
  );
});
