import { describe, expect, test } from 'vitest';
import { hour, hourly, Site } from './testing/site.ts';

describe('pausing', () => {
  test('a paused schedule starts nothing, and what it missed is noted when it goes on', async () => {
    const site = new Site('2030-01-01T00:30:00Z');
    await site.save('a', { ...hourly, catchup: 'all' });
    const scheduler = await site.scheduler();
    const { id } = await site.first();
    expect(await scheduler.pause(id)).toMatchObject({ id, paused: true });
    await scheduler.pause(id);
    await site.clock.advance(2 * hour);
    expect(await site.told()).toEqual([]);
    expect(await scheduler.resume(id)).toMatchObject({ id, paused: false });
    await scheduler.resume(id);
    await site.clock.advance(hour);
    expect(await site.told()).toEqual(['01:00 missed', '02:00 missed', '03:00 started']);
    expect((await site.fires())[0]!.reason).toBe('The schedule was paused.');
  });

  test('it stays paused when it is changed, and over a restart', async () => {
    const site = new Site('2030-01-01T00:30:00Z');
    await site.save('a', hourly);
    const scheduler = await site.scheduler();
    await scheduler.pause((await site.schedules())[0]!.id);
    await site.save('a', { ...hourly, parameters: { n: 1 } });
    await scheduler.sync('a');
    await site.save('a', { ...hourly, schedule: '7 * * * *' });
    await scheduler.sync('a');
    await scheduler.close();
    await site.scheduler();
    await site.clock.advance(3 * hour);
    expect(await site.schedules()).toEqual([
      expect.objectContaining({ schedule: '7 * * * *', paused: true }),
    ]);
    expect(site.asked).toEqual([]);
  });

  test('without being open it can be paused, resumed and explained', async () => {
    const site = new Site('2030-01-01T00:30:00Z');
    await site.save('a', hourly);
    const other = await site.scheduler();
    await other.close();
    const { id } = await site.first();
    await other.pause(id);
    expect((await other.explain(id)).schedule.paused).toBe(true);
    await other.resume(id);
    expect(site.clock.timers).toEqual([]);
    for (const method of ['pause', 'resume', 'explain'] as const)
      await expect(other[method]('gone')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(other.open()).rejects.toMatchObject({ code: 'CLOSED' });
  });
});
