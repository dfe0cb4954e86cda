import { describe, expect, test } from 'vitest';
import { hour, minute, Site } from './testing/site.ts';

describe('firing', () => {
  test('a schedule starts its workflow at its times, with a key, what triggered it and its parameters', async () => {
    const site = new Site('2030-01-01T05:59:00Z');
    await site.save('report', {
      schedule: '0 6 * * *',
      timezone: 'Europe/Berlin',
      parameters: { at: '${trigger.at}' },
    });
    await site.scheduler();
    await site.clock.advanceTo('2030-01-02T04:59:59Z');
    expect(site.asked).toEqual([]);
    await site.clock.advanceTo('2030-01-02T05:00:00Z');
    const { id } = await site.first();
    expect(site.asked).toEqual([
      {
        workflowId: 'report',
        parameters: { at: '${trigger.at}' },
        idempotencyKey: `schedule:${id}:2030-01-02T05:00:00.000Z`,
        trigger: {
          type: 'schedule',
          schedule_id: id,
          schedule: '0 6 * * *',
          timezone: 'Europe/Berlin',
          at: '2030-01-02T05:00:00.000Z',
        },
      },
    ]);
    expect(await site.fires()).toEqual([
      {
        schedule_id: id,
        at: '2030-01-02T05:00:00.000Z',
        outcome: 'started',
        execution_id: 'x1',
        decided_at: '2030-01-02T05:00:00.000Z',
      },
    ]);
    expect(site.logged).toEqual([]);
  });

  test('one timer serves all schedules, in the background unless asked otherwise, and one reads them anew', async () => {
    const site = new Site('2030-01-01T00:00:30Z');
    await site.save('a', { schedule: '0 0 1 1 *' });
    for (const id of ['b', 'c']) await site.save(id, { schedule: '2 0 * * *' });
    const scheduler = await site.scheduler();
    expect(site.clock.timers).toMatchObject([
      { at: Date.parse('2030-01-01T00:02Z'), background: true },
      { at: Date.parse('2030-01-01T00:05:30Z'), background: true },
    ]);
    await site.clock.advance(2 * minute);
    expect(site.asked.map(({ workflowId }) => workflowId).sort()).toEqual(['b', 'c']);
    expect(site.clock.timers).toHaveLength(2);
    await scheduler.close();
    expect(site.clock.timers).toEqual([]);
    await site.scheduler({ keepAlive: true });
    expect(site.clock.timers).toMatchObject([{ background: false }, { background: true }]);
  });

  test('without schedules nothing keeps the process alive', async () => {
    const site = new Site();
    await site.scheduler({ keepAlive: true });
    expect(site.clock.timers).toEqual([expect.objectContaining({ background: true })]);
  });

  test('a year without a fire goes by, and then it fires', async () => {
    const site = new Site('2030-01-01T12:00:00Z');
    await site.save('a', { schedule: '0 0 29 2 *' });
    const scheduler = await site.scheduler();
    await scheduler.close();
    await site.clock.advanceTo('2032-02-28T23:00:00Z');
    await site.scheduler();
    await site.clock.advance(2 * hour);
    expect(await site.told()).toEqual(['00:00 started']);
  });

  test('in Berlin the night that lacks an hour and the night that has it twice start once', async () => {
    for (const [evening, fired] of [
      ['2026-03-28T12:00:00Z', '01:00'],
      ['2026-10-24T12:00:00Z', '00:30'],
    ] as const) {
      const site = new Site(evening);
      await site.save('a', { schedule: '30 2 * * *', timezone: 'Europe/Berlin', overlap: 'allow' });
      await site.scheduler();
      await site.clock.advance(23 * hour);
      expect(await site.told()).toEqual([`${fired} started`]);
    }
  });

  test('many schedules at once all start, a few at a time', async () => {
    const site = new Site('2030-01-01T00:00:30Z');
    for (let n = 0; n < 300; n++) await site.save(`w${n}`, { schedule: '1 0 * * *' });
    let most = 0;
    let now = 0;
    const { start } = site.options;
    const scheduler = await site.scheduler({
      start: async (...given) => {
        most = Math.max(most, ++now);
        await new Promise((resolve) => setImmediate(resolve));
        now--;
        return start(...given);
      },
    });
    await expect.poll(() => site.schedules()).toHaveLength(300);
    await site.clock.advance(minute);
    await expect.poll(() => site.asked.length).toBe(300);
    expect(most).toBe(8);
    await scheduler.close();
  });

  test('a start that hangs holds up no other schedule', async () => {
    const site = new Site('2030-01-01T00:00:30Z');
    await site.save('stuck', { schedule: '* * * * *' });
    await site.save('fine', { schedule: '* * * * *', overlap: 'allow' });
    const { start } = site.options;
    await site.scheduler({
      start: (id, ...rest) => (id === 'stuck' ? new Promise(() => {}) : start(id, ...rest)),
    });
    await site.clock.advance(5 * minute);
    expect(site.asked).toHaveLength(5);
  });
});
