import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Sweeper } from '../platform/sweep.ts';
import type { ExecutionStore } from '../ports/execution-store.ts';
import { systemClock } from './clock.ts';

const clock = JSON.stringify(join(import.meta.dirname, 'clock.ts'));

function run(code: string): string {
  const program = `import { systemClock as clock } from ${clock};\n${code}`;
  return execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
}

test('a timer keeps the process alive, a background timer does not', () => {
  expect(run(`clock.setTimer(clock.now() + 20, () => console.log('fired'))`)).toBe('fired\n');
  // Any distance: the second one is beyond what setTimeout takes.
  expect(
    run(
      `for (const far of [1e8, 1e13]) clock.setTimer(clock.now() + far, () => console.log('fired'), { background: true })`,
    ),
  ).toBe('');
});

const hour = 3_600_000;
afterEach(() => {
  vi.useRealTimers();
});

test('a time of day that a machine slept towards is noticed soon, and a time to wait is waited for', () => {
  vi.useFakeTimers();
  const fired: string[] = [];
  const begun = systemClock.now();
  systemClock.setTimer(begun + 8 * hour, () => fired.push('at'));
  systemClock.setTimer(begun + 8 * hour, () => fired.push('elapsed'), { elapsed: true });
  vi.setSystemTime(begun + 9 * hour);
  vi.advanceTimersByTime(30_000);
  expect(fired).toEqual(['at']);
  vi.advanceTimersByTime(8 * hour);
  expect(fired).toEqual(['at', 'elapsed']);
});

describe('a clock that is set back by hours', () => {
  test('holds up a time of day, and no time to wait', () => {
    vi.useFakeTimers();
    const fired: string[] = [];
    const begun = systemClock.now();
    systemClock.setTimer(begun + 1000, () => fired.push('at'));
    systemClock.setTimer(begun + 1000, () => fired.push('elapsed'), { elapsed: true });
    systemClock.setTimer(begun + 30 * 24 * hour, () => fired.push('far'), { elapsed: true });
    vi.setSystemTime(begun - 3 * hour);
    vi.advanceTimersByTime(999);
    expect(fired).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(fired).toEqual(['elapsed']);
    vi.advanceTimersByTime(3 * hour);
    expect(fired).toEqual(['elapsed', 'at']);
    vi.advanceTimersByTime(30 * 24 * hour);
    expect(fired).toEqual(['elapsed', 'at', 'far']);
  });

  test('keeps nobody from looking for what is ready', async () => {
    vi.useFakeTimers();
    let looks = 0;
    const store = { ready: async () => [], nextReady: async () => undefined } as Partial<ExecutionStore>;
    const sweeper = new Sweeper({
      ...{ store: store as ExecutionStore, clock: systemClock, logger: { log: () => undefined } },
      ...{ interval: 15_000, pause: 250, held: async () => false, ready: async () => undefined },
      also: async () => void looks++,
    });
    await sweeper.sweep();
    for (const jump of [-3 * hour, 5 * hour, -hour]) {
      vi.setSystemTime(systemClock.now() + jump);
      await vi.advanceTimersByTimeAsync(15_000);
    }
    expect(looks).toBe(4);
    await sweeper.close();
  });

  test('keeps nobody from looking for what becomes due', async () => {
    vi.useFakeTimers();
    const looks: number[] = [];
    const store = { ready: async () => [], nextReady: async () => undefined } as Partial<ExecutionStore>;
    const sweeper = new Sweeper({
      ...{ store: store as ExecutionStore, clock: systemClock, logger: { log: () => undefined } },
      ...{ interval: 15_000, pause: 250, held: async () => false, ready: async () => undefined },
      also: async () => void looks.push(systemClock.now()),
    });
    await sweeper.sweep();
    vi.setSystemTime(systemClock.now() - 3 * hour);
    const due = systemClock.now() + 1000;
    sweeper.expect(due);
    await vi.advanceTimersByTimeAsync(1000);
    expect(looks.slice(1)).toEqual([due]);
    // Before the clock is back where it was, and after the next look in any case.
    vi.setSystemTime(systemClock.now() - 3 * hour);
    sweeper.expect(systemClock.now() + 2 * hour);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(looks).toHaveLength(3);
    await sweeper.close();
  });
});
