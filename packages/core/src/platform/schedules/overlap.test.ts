import { describe, expect, test } from 'vitest';
import { hour, minute, Site } from './testing/site.ts';

describe('overlap', () => {
  test('skip: what runs is in the way, however long, and is named', async () => {
    const site = new Site('2030-01-01T00:30:00Z');
    await site.save('a', { schedule: '0 * * * *', overlap: 'skip' });
    await site.scheduler();
    await site.clock.advance(3 * hour);
    expect(await site.told()).toEqual(['01:00 started', '02:00 skipped', '03:00 skipped']);
    expect((await site.fires()).at(-1)).toMatchObject({
      execution_id: 'x1',
      reason: 'Execution "x1" of an earlier time had not ended, and overlap is skip.',
    });
    await site.end('x1');
    await site.clock.advance(hour);
    expect((await site.told()).at(-1)).toBe('04:00 started');
  });

  test('skip: it is found behind a thousand skipped fires', async () => {
    const site = new Site('2030-01-01T00:00:30Z');
    await site.save('a', { schedule: '* * * * *' });
    await site.scheduler();
    await site.clock.advance(1100 * minute);
    expect(site.asked).toHaveLength(1);
  });

  test('skip: executions of others are not in the way, of which there may be thousands', async () => {
    const site = new Site('2030-01-01T00:30:00Z');
    await site.save('a', { schedule: '0 * * * *' });
    await site.scheduler();
    const { start } = site.options;
    for (let n = 0; n < 600; n++) await start('a', {}, { idempotencyKey: `k${n}`, trigger: {} });
    await site.clock.advance(hour);
    expect(await site.told()).toEqual(['01:00 started']);
    await site.clock.advance(hour);
    expect((await site.told()).at(-1)).toBe('02:00 skipped');
  });

  test('skip: two schedules of one workflow do not hinder each other', async () => {
    const site = new Site('2030-01-01T00:30:00Z');
    await site.save('a', { schedule: '0 * * * *' }, { schedule: '1 * * * *' });
    await site.scheduler();
    await site.clock.advance(hour);
    expect(site.asked).toHaveLength(2);
  });

  test('allow: nothing is in the way', async () => {
    const site = new Site('2030-01-01T00:30:00Z');
    await site.save('a', { schedule: '0 * * * *', overlap: 'allow' });
    await site.scheduler();
    await site.clock.advance(3 * hour);
    expect(await site.active()).toHaveLength(3);
    expect(site.asked[0]).not.toHaveProperty('concurrency');
  });

  test('queue: each is accepted and waits for the ones before', async () => {
    const site = new Site('2030-01-01T00:30:00Z');
    await site.save('a', { schedule: '0 * * * *', overlap: 'queue' });
    await site.scheduler();
    await site.clock.advance(2 * hour);
    const { id } = await site.first();
    const concurrency = { key: `schedule:${id}`, limit: 1, policy: 'queue' };
    expect(site.asked).toMatchObject([{ concurrency }, { concurrency }]);
  });
});
