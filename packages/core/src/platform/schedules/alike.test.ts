import { describe, expect, test } from 'vitest';
import { VwmpError } from '../../errors.ts';
import { hour, hourly, minute, Site } from './testing/site.ts';

describe('schedules that are alike', () => {
  const numbered = (n: number) => ({ ...hourly, parameters: { n } });

  async function siteWith(...numbers: number[]) {
    const site = new Site('2030-01-01T00:30:00Z');
    const scheduler = await site.scheduler();
    const save = async (...wanted: number[]): Promise<void> => {
      await site.save('a', ...wanted.map(numbered));
      await scheduler.sync('a');
    };
    await save(...numbers);
    const recordOf = async (n: number) => {
      const record = (await site.schedules('a')).find(({ parameters }) => parameters.n === n);
      if (!record) throw new Error(`There is no schedule ${n}.`);
      return record;
    };
    const started = () =>
      site.asked.map(({ parameters, trigger }) => `${parameters.n} ${trigger.at}`.slice(0, 15));
    return { site, scheduler, save, recordOf, started };
  }

  test('one that is paused keeps all that is known of it when the one before it is deleted', async () => {
    const { site, scheduler, save, recordOf, started } = await siteWith(1, 2);
    const { id } = await recordOf(2);
    const paused = await scheduler.pause(id);
    await site.clock.advance(hour);
    await save(2);
    expect(await site.schedules()).toEqual([paused]);
    await site.clock.advance(hour);
    expect(started()).toEqual(['1 2030-01-01T01']);
    await scheduler.resume(id);
    await site.clock.advance(hour);
    expect(await site.told(id)).toEqual(['01:00 missed', '02:00 missed', '03:00 started']);
    expect(started()).toEqual(['1 2030-01-01T01', '2 2030-01-01T03']);
  });

  test('one that is not goes on when the one before it, which is paused, is deleted: nothing is lost or starts twice', async () => {
    const { site, scheduler, save, recordOf, started } = await siteWith(1, 2);
    await scheduler.pause((await recordOf(1)).id);
    const { id } = await recordOf(2);
    await site.clock.advance(hour);
    await save(2);
    await site.clock.advance(hour);
    expect(await site.told(id)).toEqual(['01:00 started', '02:00 started']);
    // Another one takes the number that has become free, and begins when it is saved.
    await save(2, 3);
    await site.clock.advance(hour);
    expect(started()).toEqual(['2 2030-01-01T01', '2 2030-01-01T02', '2 2030-01-01T03', '3 2030-01-01T03']);
    expect((await recordOf(2)).id).toBe(id);
  });

  test('what was taken up is started once, although the one before it is deleted meanwhile', async () => {
    const { site, save, recordOf, started } = await siteWith(1, 2);
    const { id } = await recordOf(2);
    site.beforeStart = ({ parameters }) => {
      if (parameters.n === 2) throw new VwmpError('QUEUE_FULL', 'The queue is full.');
    };
    await site.clock.advance(hour);
    await save(2);
    site.beforeStart = () => {};
    await site.clock.advance(10 * minute);
    expect(await site.told(id)).toEqual(['01:00 started']);
    expect(new Set(started())).toEqual(new Set(['1 2030-01-01T01', '2 2030-01-01T01']));
    expect(await site.active()).toHaveLength(2);
  });

  test.each([
    { what: 'another one before them', before: [1, 2], paused: [2], after: [0, 1, 2], left: [2] },
    { what: 'another order', before: [1, 2], paused: [2], after: [2, 1], left: [2] },
    { what: 'the one after it goes', before: [1, 2], paused: [1], after: [1], left: [1] },
    { what: 'all edited: by the order', before: [1, 2], paused: [2], after: [3, 4], left: [4] },
    { what: 'one of them edited', before: [1, 2, 3], paused: [3], after: [1, 4, 3], left: [3] },
    { what: 'nobody knows which one went', before: [1, 2], paused: [2], after: [3], left: [3] },
    { what: 'nobody knows which one is new', before: [1, 2], paused: [2], after: [3, 4, 5], left: [4, 5] },
    { what: 'a new one beside one that is known', before: [1], paused: [1], after: [2, 1], left: [1] },
    { what: 'none was paused', before: [1, 2], paused: [], after: [3, 4, 5], left: [] },
  ])('which ones are paused after a change: $what', async ({ before, paused, after, left }) => {
    const { site, scheduler, save, recordOf } = await siteWith(...before);
    for (const n of paused) await scheduler.pause((await recordOf(n)).id);
    await save(...after);
    const records = await site.schedules();
    expect(records.map(({ parameters }) => parameters.n).sort()).toEqual(after.toSorted());
    const still = records.filter((record) => record.paused);
    expect(still.map(({ parameters }) => parameters.n).sort()).toEqual(left);
  });

  test('those with the same parameters are told apart by the rest', async () => {
    const site = new Site('2030-01-01T00:30:00Z');
    await site.save('a', hourly, { ...hourly, overlap: 'queue' });
    const scheduler = await site.scheduler();
    const { id } = (await site.schedules()).find(({ overlap }) => overlap === 'queue')!;
    const paused = await scheduler.pause(id);
    await site.save('a', { ...hourly, overlap: 'queue' });
    await scheduler.sync('a');
    expect(await site.schedules()).toEqual([paused]);
  });

  test('each is found in its document, which may have mistakes', async () => {
    const { scheduler, recordOf } = await siteWith(1, 2);
    const { id } = await recordOf(2);
    const mistakes = [null, { schedule: 5 }, { schedule: '0 * * * *', timezone: 1 }, { webhook: 'x' }];
    expect(await scheduler.locate(id, { triggers: [...mistakes, numbered(2), numbered(1)] })).toBe(4);
    for (const document of [undefined, { triggers: 'none' }, { triggers: mistakes }])
      expect(await scheduler.locate(id, document)).toBeUndefined();
    expect(await scheduler.locate('gone', { triggers: [numbered(1)] })).toBeUndefined();
  });
});
