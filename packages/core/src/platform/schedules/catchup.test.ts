import { describe, expect, test } from 'vitest';
import { hour, hourly, minute, Site } from './testing/site.ts';

describe('catchup', () => {
  async function afterPause(trigger: object, pause: number): Promise<Site> {
    const site = new Site('2030-01-01T00:30:00Z');
    await site.save('a', { schedule: '0 * * * *', overlap: 'allow', ...trigger });
    const scheduler = await site.scheduler();
    await site.clock.advance(hour);
    await scheduler.close();
    await site.clock.advance(pause);
    await site.scheduler();
    return site;
  }

  test('none: what was missed is noted', async () => {
    const site = await afterPause({}, 3 * hour);
    expect(await site.told()).toEqual(['01:00 started', '02:00 missed', '03:00 missed', '04:00 missed']);
    expect((await site.fires())[1]!.reason).toBe('Nothing ran at that time, and catchup is none.');
    await site.clock.advance(hour);
    expect((await site.told()).at(-1)).toBe('05:00 started');
  });

  test('none: a short absence misses nothing', async () => {
    const site = await afterPause({}, 30 * minute + 20_000);
    expect(await site.told()).toEqual(['01:00 started', '02:00 started']);
  });

  test('last: the last one is made up for', async () => {
    const site = await afterPause({ catchup: 'last' }, 3 * hour);
    expect(await site.told()).toEqual(['01:00 started', '02:00 missed', '03:00 missed', '04:00 started']);
  });

  test('last: one that is in time stands for those before', async () => {
    const site = await afterPause({ catchup: 'last' }, 3 * hour - 30 * minute);
    expect(await site.told()).toEqual(['01:00 started', '02:00 missed', '03:00 missed', '04:00 started']);
    expect(site.asked).toHaveLength(2);
  });

  test('all: each is made up for, in order', async () => {
    const site = await afterPause({ catchup: 'all' }, 3 * hour);
    expect(await site.told()).toEqual(['01:00 started', '02:00 started', '03:00 started', '04:00 started']);
    expect(site.asked.map(({ trigger }) => (trigger.at as string).slice(11, 13))).toEqual([
      ...['01', '02', '03', '04'],
    ]);
  });

  test.each(['none', 'last', 'all'])('%s: of a very long absence the last 1000 count', async (catchup) => {
    const site = await afterPause({ schedule: '* * * * *', catchup }, 3000 * minute);
    await expect
      .poll(async () => (await site.schedules())[0]!.decided_until)
      .toBe(new Date(site.clock.now()).toISOString());
    // The last two are in time.
    const missed = { none: 998, last: 998, all: 0 }[catchup]!;
    const { results, count } = await site.storage.schedules.fires((await site.schedules())[0]!.id, {
      limit: 500,
    });
    // A store keeps the last 1000 only.
    expect(count).toBe(1000);
    expect(results.filter(({ outcome }) => outcome === 'missed')).toHaveLength(Math.min(missed, 498));
    expect(site.asked).toHaveLength(60 + 1000 - missed);
  });

  test('all: pausing ends the making up', async () => {
    const site = new Site('2030-01-01T00:30:00Z');
    await site.save('a', { ...hourly, catchup: 'all' });
    const scheduler = await site.scheduler();
    await scheduler.close();
    await site.clock.advance(10 * hour);
    const { id } = await site.first();
    site.beforeStart = () => {
      if (site.asked.length === 3) void scheduler.pause(id);
    };
    await site.scheduler();
    expect(site.asked.length).toBeLessThan(6);
  });
});
