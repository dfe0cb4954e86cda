import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Logger } from '../ports/logger.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { createMemoryMonitor, type MemoryMonitor } from './memory-monitor.ts';
import { WallClock } from './schedules/testing/wall-clock.ts';

interface Line {
  at: number;
  level: string;
  message: string;
  fields: Readonly<Record<string, unknown>> | undefined;
}

function monitor(
  clock: FakeClock | WallClock,
  interval: number,
  more: Partial<Parameters<typeof createMemoryMonitor>[0]> = {},
): { lines: Line[]; monitor: MemoryMonitor } {
  const lines: Line[] = [];
  const logger: Logger = {
    log: (level, message, fields) => void lines.push({ at: clock.now(), level, message, fields }),
  };
  return { lines, monitor: createMemoryMonitor({ clock, logger, interval, ...more }) };
}

test('property 11: with memory monitoring on, metrics appear in the log at the set interval', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1000, max: 86_400_000 }),
      fc.array(fc.integer({ min: 0, max: 200_000_000 }), { minLength: 1, maxLength: 4 }),
      fc.nat({ max: 1000 }),
      async (interval, passes, active) => {
        const clock = new FakeClock();
        const began = clock.now();
        const { lines, monitor: memory } = monitor(clock, interval, { counts: () => ({ active }) });
        memory.open();
        let passed = 0;
        // Of a long time at a short interval the beginning will do.
        for (const milliseconds of passes) {
          const some = Math.min(milliseconds, interval * 12);
          await clock.advance(some);
          passed += some;
        }
        const expected = Array.from(
          { length: Math.floor(passed / interval) },
          (_, n) => began + (n + 1) * interval,
        );
        expect(lines.map(({ at }) => at)).toEqual(expected);
        for (const { level, message, fields } of lines) {
          expect(level).toBe('info');
          expect(message).toMatch(/^Memory: [\d.]+ MB resident, [\d.]+ MB of heap in use\.$/);
          expect(fields).toMatchObject({ active });
          for (const name of ['resident', 'heap_used', 'heap_total', 'external'])
            expect(fields![name]).toBeGreaterThan(0);
        }
        memory.close();
        await clock.advance(3 * interval);
        expect(lines).toHaveLength(expected.length);
        expect(clock.pending).toBe(0);
      },
    ),
    { numRuns: 100 },
  );
});

test('off means that nothing is set', () => {
  const clock = new FakeClock();
  monitor(clock, 0).monitor.open();
  expect(clock.pending).toBe(0);
});

test('it keeps no process alive, and opening twice is opening once', () => {
  const clock = new WallClock();
  const { monitor: memory } = monitor(clock, 1000);
  memory.open();
  memory.open();
  expect(clock.timers).toEqual([expect.objectContaining({ background: true })]);
});

test('after a long sleep it says so once, and keeps the beat', async () => {
  const clock = new WallClock('2030-01-01T00:00:00Z');
  const { lines, monitor: memory } = monitor(clock, 60_000);
  memory.open();
  await clock.advance(59_000);
  clock.shift(10.5 * 60_000);
  await clock.advance(1000);
  expect(lines).toHaveLength(1);
  await clock.advance(30_000);
  expect(lines.map(({ at }) => at % 60_000)).toEqual([30_000, 0]);
});

test('a clock that is set back by hours does not silence it', async () => {
  const clock = new WallClock('2030-01-01T00:00:00Z');
  const { lines, monitor: memory } = monitor(clock, 60_000);
  memory.open();
  clock.shift(-10.5 * 60_000);
  await clock.advance(180_000);
  expect(lines.length).toBeGreaterThanOrEqual(2);
  memory.close();
});

test('a log that fails does not end it', async () => {
  const clock = new FakeClock();
  let calls = 0;
  const memory = createMemoryMonitor({
    clock,
    interval: 1000,
    logger: {
      log() {
        calls++;
        throw new Error('The disk is full.');
      },
    },
  });
  memory.open();
  for (let n = 0; n < 2; n++) await clock.advance(1000);
  expect(calls).toBe(2);
});
