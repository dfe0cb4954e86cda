import { afterEach, expect, test } from 'vitest';
import { createMemoryStorage } from '../../adapters/memory/index.ts';
import type { ScheduleRecord } from '../../ports/schedule-store.ts';
import type { Storage } from '../../ports/storage.ts';
import { Lookout } from './lookout.ts';
import { minute, workflowText } from './testing/site.ts';
import { settle, WallClock } from './testing/wall-clock.ts';

const nightly = [{ schedule: '0 3 * * *' }];
const record: ScheduleRecord = {
  ...{ id: 'gone~1', workflow_id: 'gone', schedule: '0 3 * * *', timezone: 'UTC', parameters: {} },
  overlap: 'skip',
  catchup: 'none',
  paused: false,
  decided_until: '2030-01-01T00:00:00.000Z',
};
const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

interface Site {
  lookout: Lookout;
  storage: Storage;
  clock: WallClock;
  /** How often something was found, and how often all documents were listed. */
  counts: { found: number; lists: number };
}

async function site(broken = false): Promise<Site> {
  const storage = createMemoryStorage();
  await storage.open();
  const clock = new WallClock();
  const counts = { found: 0, lists: 0 };
  const lookout = new Lookout({
    schedules: storage.schedules,
    workflows: {
      get: (id) => storage.workflows.get(id),
      list(query) {
        counts.lists++;
        return broken ? Promise.reject(new Error('The store is away.')) : storage.workflows.list(query);
      },
    },
    ...{ clock, lookInterval: 5 * minute, followInterval: 15 * minute },
    async found() {
      counts.found++;
    },
  });
  opened.push(storage, lookout);
  return { lookout, storage, clock, counts };
}

async function save({ workflows }: Storage, id: string, triggers: readonly object[]): Promise<void> {
  const text = workflowText(id, triggers);
  await workflows.save({ id, name: id, type: 'custom', version: '1.0.0', text }, undefined);
}

test('finds a schedule that a document mentions', async () => {
  const here = await site();
  await save(here.storage, 'a', []);
  await save(here.storage, 'b', nightly);
  here.lookout.open();
  await settle();
  expect(here.counts.found).toBe(1);
  expect(here.clock.timers).toEqual([]);
});

test('finds a record, of which no document tells any more', async () => {
  const here = await site();
  await here.storage.schedules.put(record);
  here.lookout.open();
  await settle();
  expect(here.counts).toEqual({ found: 1, lists: 0 });
});

test('looks again when others have changed something, until there is one', async () => {
  const here = await site();
  here.lookout.open();
  await settle();
  here.lookout.again();
  await settle();
  expect(here.counts.found).toBe(0);
  expect(here.clock.timers).toHaveLength(1);
  await here.storage.schedules.put(record);
  here.lookout.again();
  await settle();
  here.lookout.again();
  await settle();
  expect(here.counts.found).toBe(1);
  expect(here.clock.timers).toEqual([]);
});

test('goes on to look while there is none: for records often, through all documents seldom', async () => {
  const here = await site();
  await save(here.storage, 'a', []);
  here.lookout.open();
  await settle();
  expect(here.clock.timers).toMatchObject([{ background: true }]);
  await here.clock.advance(5 * minute);
  await here.clock.advance(5 * minute);
  expect(here.counts).toEqual({ found: 0, lists: 1 });
  await save(here.storage, 'b', nightly);
  await here.clock.advance(5 * minute);
  expect(here.counts).toEqual({ found: 1, lists: 2 });
});

test('finds within five minutes what another process has made', async () => {
  const here = await site();
  here.lookout.open();
  await settle();
  await here.storage.schedules.put(record);
  await here.clock.advance(5 * minute);
  expect(here.counts.found).toBe(1);
});

test('finds as soon what another process has made when the clock was set back by hours', async () => {
  const here = await site();
  here.lookout.open();
  await settle();
  await here.storage.schedules.put(record);
  here.clock.shift(-180 * minute);
  await here.clock.advance(5 * minute);
  expect(here.counts.found).toBe(1);
});

test('leaves it to a scheduler when nobody can say', async () => {
  const here = await site(true);
  here.lookout.open();
  await settle();
  expect(here.counts.found).toBe(1);
});

test('looks through more documents than a page has', async () => {
  const here = await site();
  for (let n = 0; n < 150; n++)
    await save(here.storage, `w${String(n).padStart(3, '0')}`, n === 149 ? nightly : []);
  here.lookout.open();
  await settle();
  expect(here.counts).toEqual({ found: 1, lists: 2 });
});

test('finds nothing any more once it is closed, and leaves no timer', async () => {
  const here = await site();
  await save(here.storage, 'a', nightly);
  here.lookout.open();
  await here.lookout.close();
  here.lookout.open();
  expect(here.counts.found).toBe(0);
  expect(here.clock.timers).toEqual([]);
});

test('is concerned with workflows that have schedules, or may get some', async () => {
  const { lookout, storage } = await site();
  await save(storage, 'none', []);
  await save(storage, 'nightly', nightly);
  await storage.schedules.put(record);
  const concerned = await Promise.all(
    ['none', 'nightly', 'gone', 'unknown'].map((id) => lookout.concerns(id)),
  );
  expect(concerned).toEqual([false, true, true, false]);
});
