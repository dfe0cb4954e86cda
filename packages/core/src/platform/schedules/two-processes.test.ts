import { describe, expect, test } from 'vitest';
import { createScheduler } from './scheduler.ts';
import { hourly, minute, Site } from './testing/site.ts';

describe('two processes', () => {
  /** The answer to a call, held back. */
  function held(): { reached: Promise<void>; release: () => void; wait: () => Promise<void> } {
    let release = (): void => {};
    let reach = (): void => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const reached = new Promise<void>((resolve) => {
      reach = resolve;
    });
    return {
      reached,
      release,
      wait: () => {
        reach();
        return released;
      },
    };
  }

  test('one that puts a schedule there a second time, much later, moves nothing', async () => {
    const site = new Site('2030-01-01T00:30:30Z');
    await site.save('a', { schedule: '* * * * *', overlap: 'allow' });
    const { schedules } = site.storage;
    const gate = held();
    const slow = createScheduler({
      ...site.options,
      schedules: {
        ...schedules,
        list: async (query) => {
          const page = await schedules.list(query);
          await gate.wait();
          return page;
        },
      },
    });
    const syncing = slow.sync('a');
    await gate.reached;
    const scheduler = await site.scheduler();
    await site.clock.advance(3 * minute);
    await scheduler.close();
    await site.clock.advance(40_000);
    gate.release();
    await syncing;
    await site.scheduler();
    expect(await site.told()).toEqual(['00:31 started', '00:32 started', '00:33 started', '00:34 started']);
  });

  test('one that follows an older text undoes nothing', async () => {
    const site = new Site('2030-01-01T00:30:30Z');
    await site.save('a', hourly);
    const { workflows } = site.storage;
    const gate = held();
    const slow = createScheduler({
      ...site.options,
      workflows: {
        ...workflows,
        get: async (id) => {
          const record = await workflows.get(id);
          await gate.wait();
          return record;
        },
      },
    });
    const syncing = slow.sync('a');
    await gate.reached;
    await site.save('a', { ...hourly, schedule: '5 * * * *' });
    const scheduler = await site.scheduler();
    gate.release();
    await syncing;
    expect((await site.schedules()).map(({ schedule }) => schedule)).toEqual(['5 * * * *']);
    await scheduler.close();
  });
});
