import { describe, expect, test } from 'vitest';
import { VwmpError } from '../../errors.ts';
import type { ScheduleStore } from '../../ports/schedule-store.ts';
import { hour, hourly, minute, Site } from './testing/site.ts';

describe('failures', () => {
  const unavailable = (): VwmpError => new VwmpError('STORE_UNAVAILABLE', 'The database is away.');

  test('a start that fails in passing is tried until it succeeds, however late', async () => {
    const site = new Site('2030-01-01T00:30:00Z');
    await site.save('a', hourly);
    await site.scheduler();
    site.beforeStart = () => {
      throw unavailable();
    };
    await site.clock.advance(45 * minute);
    // 1, 2, 4, … 60 s after each other.
    expect(site.asked.length).toBeGreaterThan(10);
    expect(site.asked.length).toBeLessThan(30);
    site.beforeStart = () => {};
    await site.clock.advance(minute);
    expect(await site.told()).toEqual(['01:00 started']);
    expect(new Set(site.asked.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    expect(site.logged.length).toBeLessThan(20);
  });

  test('a crash between start and note starts nothing twice', async () => {
    const site = new Site('2030-01-01T00:30:00Z');
    await site.save('a', hourly);
    const { schedules } = site.storage;
    const dying: ScheduleStore = {
      ...schedules,
      decide: async (id, from, until, fires) => {
        if (fires.length > 0) throw unavailable();
        return schedules.decide(id, from, until, fires);
      },
    };
    const scheduler = await site.scheduler({ schedules: dying });
    await site.clock.advance(hour);
    await scheduler.close();
    expect(await site.told()).toEqual([]);
    // Late as it is: it was taken up.
    await site.clock.advance(20 * minute);
    await site.scheduler();
    expect(await site.told()).toEqual(['01:00 started']);
    expect(await site.active()).toEqual(['x1']);
  });

  test('a store that is away when a time comes does not make it missed', async () => {
    const site = new Site('2030-01-01T00:30:00Z');
    await site.save('a', hourly);
    const { executions, schedules } = site.storage;
    let away = false;
    const scheduler = await site.scheduler({
      schedules: {
        ...schedules,
        decide: async (...given) => {
          if (away) throw unavailable();
          return schedules.decide(...given);
        },
      },
      executions,
    });
    away = true;
    await site.clock.advance(40 * minute);
    away = false;
    await site.clock.advance(minute);
    expect(await site.told()).toEqual(['01:00 started']);
    await scheduler.close();
  });

  test('what can never start is noted with the reason, and the next time is tried again', async () => {
    const site = new Site('2030-01-01T00:30:00Z');
    await site.save('a', hourly);
    await site.scheduler();
    site.beforeStart = () => {
      throw new VwmpError('PARAMETERS_INVALID', 'Parameter "n" is missing.', { retryable: false });
    };
    await site.clock.advance(hour);
    expect(await site.fires()).toEqual([
      expect.objectContaining({
        outcome: 'skipped',
        reason: 'It could not be started: Parameter "n" is missing.',
      }),
    ]);
    site.beforeStart = () => {};
    await site.clock.advance(hour);
    expect(await site.told()).toEqual(['01:00 skipped', '02:00 started']);
  });

  test('what fails for no known reason is given up after a while', async () => {
    const site = new Site('2030-01-01T00:30:00Z');
    await site.save('a', { schedule: '0 * * * *' });
    await site.scheduler();
    site.beforeStart = () => {
      throw new TypeError('Boom.');
    };
    await site.clock.advance(hour);
    expect(site.asked).toHaveLength(10);
    expect(await site.told()).toEqual(['01:00 skipped']);
  });

  test('an execution that is there although its start failed counts as started', async () => {
    const site = new Site('2030-01-01T00:30:00Z');
    await site.save('a', hourly);
    const { start } = site.options;
    await site.scheduler({
      start: async (...given) => {
        await start(...given);
        throw new VwmpError('CONCURRENCY_LIMIT', 'One runs.', { retryable: false });
      },
    });
    await site.clock.advance(hour);
    expect(await site.fires()).toEqual([expect.objectContaining({ outcome: 'started', execution_id: 'x1' })]);
  });

  test('stores that are away at the start are waited for', async () => {
    const site = new Site('2030-01-01T00:30:00Z');
    await site.save('a', hourly);
    const { workflows } = site.storage;
    let away = true;
    await site.scheduler({
      workflows: {
        ...workflows,
        list: async (query) => {
          if (away) throw unavailable();
          return workflows.list(query);
        },
      },
    });
    await site.clock.advance(10 * minute);
    expect(site.logged[0]).toBe('warn: Schedules could not be looked after; they are tried again.');
    away = false;
    await site.clock.advance(20 * minute);
    expect(await site.told()).toEqual(['01:00 started']);
  });
});
