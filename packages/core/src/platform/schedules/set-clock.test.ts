import { describe, expect, test } from 'vitest';
import { hour, hourly, minute, Site } from './testing/site.ts';

describe('a clock that is set', () => {
  test('forwards: what was jumped over is found within minutes', async () => {
    const site = new Site('2030-01-01T00:30:00Z');
    await site.save('a', { ...hourly, catchup: 'all' });
    await site.scheduler();
    site.clock.shift(3 * hour);
    await site.clock.advance(6 * minute);
    expect(await site.told()).toEqual(['01:00 started', '02:00 started', '03:00 started']);
  });

  test('forwards, or slept for so long, to shortly before a fire: it is in time', async () => {
    const site = new Site('2030-01-01T00:30:00Z');
    await site.save('a', hourly);
    await site.scheduler();
    site.clock.shift(29 * minute + 50_000);
    await site.clock.advance(30_000);
    expect(await site.told()).toEqual(['01:00 started']);
  });

  test('backwards: what others save and change is seen as soon as otherwise', async () => {
    const site = new Site('2030-01-01T00:30:00Z');
    await site.save('a', hourly);
    await site.scheduler();
    await site.clock.advance(2 * hour);
    site.clock.shift(-20 * hour);
    // As another process does it, or someone who edits a file: nobody tells the scheduler.
    await site.save('b', { schedule: '*/30 * * * *' });
    await site.clock.advance(hour);
    expect(site.asked.map(({ workflowId }) => workflowId)).toContain('b');
  });

  test('backwards: of what is decided already nothing is said to come', async () => {
    const site = new Site('2030-01-01T00:30:00Z');
    await site.save('a', hourly);
    const scheduler = await site.scheduler();
    await site.clock.advance(2 * hour);
    site.clock.shift(-2 * hour);
    const { next } = await scheduler.explain((await site.first()).id, { count: 1 });
    expect(next).toMatchObject([
      { at: '2030-01-01T03:00:00.000Z', note: expect.stringContaining('the clock was set back') },
    ]);
    await site.clock.advance(2 * hour);
    const [later] = (await scheduler.explain((await site.first()).id, { count: 1 })).next;
    expect(later).toEqual({ at: '2030-01-01T03:00:00.000Z', local: '2030-01-01T03:00:00+00:00' });
  });

  test('backwards: nothing fires twice, and it goes on where it was', async () => {
    const site = new Site('2030-01-01T00:30:00Z');
    await site.save('a', hourly);
    await site.scheduler();
    await site.clock.advance(2 * hour);
    site.clock.shift(-2 * hour);
    await site.clock.advance(4 * hour);
    expect(await site.told()).toEqual(['01:00 started', '02:00 started', '03:00 started', '04:00 started']);
  });
});
