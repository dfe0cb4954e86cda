import { expect, test } from 'vitest';
import { hour, Site } from './testing/site.ts';

test('what is to come is shown in both times, with what is odd where clocks change', async () => {
  const site = new Site('2026-03-28T12:00:00Z');
  await site.save('a', { schedule: '30 2 * * *', timezone: 'Europe/Berlin' });
  const scheduler = await site.scheduler();
  const { id } = await site.first();
  expect(await scheduler.explain(id, { count: 2 })).toEqual({
    schedule: await site.first(),
    now: '2026-03-28T12:00:00.000Z',
    next: [
      {
        at: '2026-03-29T01:00:00.000Z',
        local: '2026-03-29T03:00:00+02:00',
        note: 'The clocks go forward and leave out the time that was meant: this is the first one after it.',
      },
      { at: '2026-03-30T00:30:00.000Z', local: '2026-03-30T02:30:00+02:00' },
    ],
    due: [],
    last: [],
  });
  const autumn = Date.parse('2026-10-24T12:00:00Z');
  expect((await scheduler.explain(id, { now: autumn, count: 1 })).next).toEqual([
    {
      at: '2026-10-25T00:30:00.000Z',
      local: '2026-10-25T02:30:00+02:00',
      note: 'The clocks go back and show this time twice: this is the first.',
    },
  ]);
});

test('what became of earlier times is shown with the reason, the newest first', async () => {
  const site = new Site('2030-01-01T00:30:00Z');
  await site.save('a', { schedule: '0 * * * *', timezone: 'Asia/Kathmandu' });
  const scheduler = await site.scheduler();
  await site.clock.advance(2 * hour);
  const { id } = await site.first();
  const { last } = await scheduler.explain(id);
  expect(last).toMatchObject([
    {
      at: '2030-01-01T02:15:00.000Z',
      local: '2030-01-01T08:00:00+05:45',
      outcome: 'skipped',
      reason: expect.stringContaining('"x1"'),
    },
    { at: '2030-01-01T01:15:00.000Z', outcome: 'started', execution_id: 'x1' },
  ]);
  expect((await scheduler.explain(id, { count: 1 })).last).toHaveLength(1);
});

test.each([
  ['none', ['01:00 missed', '02:00 missed', '03:00 missed', '04:00 start']],
  ['last', ['01:00 missed', '02:00 missed', '03:00 missed', '04:00 start']],
  ['all', ['01:00 start', '02:00 start', '03:00 start', '04:00 start']],
])('what nobody has decided yet is told in advance: %s', async (catchup, expected) => {
  const site = new Site('2030-01-01T00:30:00Z');
  await site.save('a', { schedule: '0 * * * *', catchup });
  const scheduler = await site.scheduler();
  await scheduler.close();
  await site.clock.advance(3.5 * hour);
  const { id } = await site.first();
  const { due } = await scheduler.explain(id);
  expect(due.map(({ at, outcome }) => `${at.slice(11, 16)} ${outcome}`)).toEqual(expected);
  for (const { reason } of due) expect(reason).not.toBe('');
  expect((await scheduler.explain(id, { count: 2 })).due).toHaveLength(2);
});

test('of a paused schedule nothing starts, and that is the reason', async () => {
  const site = new Site('2030-01-01T00:30:00Z');
  await site.save('a', { schedule: '0 * * * *' });
  const scheduler = await site.scheduler();
  const { id } = await site.first();
  await scheduler.pause(id);
  await site.clock.advance(2 * hour);
  const { due, next } = await scheduler.explain(id);
  expect(due).toMatchObject([
    { at: '2030-01-01T01:00:00.000Z', outcome: 'paused', reason: 'The schedule is paused.' },
    { at: '2030-01-01T02:00:00.000Z', outcome: 'paused' },
  ]);
  expect(next[0]).toEqual({ at: '2030-01-01T03:00:00.000Z', local: '2030-01-01T03:00:00+00:00' });
});

test('what was taken up and is about to start says so', async () => {
  const site = new Site('2030-01-01T00:30:00Z');
  await site.save('a', { schedule: '0 * * * *' });
  let release = (): void => {};
  const scheduler = await site.scheduler({
    start: () =>
      new Promise((resolve) => {
        release = () => resolve({ execution_id: 'x', created: true });
      }),
  });
  await site.clock.advance(hour);
  const { id } = await site.first();
  expect((await scheduler.explain(id)).due).toMatchObject([
    { at: '2030-01-01T01:00:00.000Z', outcome: 'start', reason: 'It was taken up and is about to start.' },
  ]);
  release();
  await scheduler.close();
});
