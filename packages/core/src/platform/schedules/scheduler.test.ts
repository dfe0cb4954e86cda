import { describe, expect, test } from 'vitest';
import { VwmpError } from '../../errors.ts';
import type { ScheduleStore } from '../../ports/schedule-store.ts';
import { createScheduler } from './scheduler.ts';
import { Site, workflowText } from './testing/site.ts';

const hour = 3_600_000;
const minute = 60_000;
const hourly = { schedule: '0 * * * *', overlap: 'allow' };

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

describe('documents', () => {
  test('a new schedule begins when its workflow is saved, not before', async () => {
    const site = new Site('2030-01-01T00:30:00Z');
    const scheduler = await site.scheduler();
    await site.save('a', { schedule: '* * * * *', overlap: 'allow', catchup: 'all' });
    await site.clock.advance(90_000);
    expect(site.asked).toEqual([]);
    await scheduler.sync('a');
    await site.clock.advance(2 * minute);
    expect(await site.told()).toEqual(['00:32 started', '00:33 started']);
  });

  test('what falls between saving and the call is not lost', async () => {
    const site = new Site('2030-01-01T00:30:50Z');
    const scheduler = await site.scheduler();
    await site.save('a', { schedule: '* * * * *' });
    await site.clock.advance(20_000);
    await scheduler.sync('a');
    await site.clock.advance(0);
    expect(await site.told()).toEqual(['00:31 started']);
  });

  test('a changed time fires from then on, never before, and never stops', async () => {
    const site = new Site('2030-01-01T00:30:00Z');
    await site.save('a', { ...hourly, catchup: 'all' });
    const scheduler = await site.scheduler();
    const [before] = await site.schedules();
    await site.clock.advance(hour);
    await site.save('a', { ...hourly, schedule: '10 * * * *', catchup: 'all' });
    await scheduler.sync('a');
    const [after, ...others] = await site.schedules();
    expect(others).toEqual([]);
    expect(after!.id).not.toBe(before!.id);
    await site.clock.advance(2 * hour);
    expect(await site.told()).toEqual(['02:10 started', '03:10 started']);
    expect(site.asked).toHaveLength(3);
  });

  test('what else is changed leaves it the same schedule', async () => {
    const site = new Site('2030-01-01T00:30:00Z');
    await site.save('a', hourly);
    const scheduler = await site.scheduler();
    await site.clock.advance(hour);
    const [before] = await site.schedules();
    await site.save(
      'a',
      { schedule: '5 5 * * *' },
      { webhook: 'x', signature: 'none' },
      { schedule: ' 0  *  * * *', overlap: 'queue', catchup: 'last', parameters: { n: 1 } },
    );
    await scheduler.sync();
    const after = (await site.schedules()).find(({ id }) => id === before!.id);
    expect(after).toEqual({ ...before, overlap: 'queue', catchup: 'last', parameters: { n: 1 } });
    await site.clock.advance(hour);
    expect(await site.told(before!.id)).toEqual(['01:00 started', '02:00 started']);
    expect(site.asked.at(-1)!.parameters).toEqual({ n: 1 });
  });

  test('schedules that are alike are several', async () => {
    const site = new Site();
    await site.save('a', hourly, { ...hourly, parameters: { n: 2 } });
    await site.save('b', hourly);
    await site.scheduler();
    expect(new Set((await site.schedules()).map(({ id }) => id)).size).toBe(3);
  });

  test('schedules go with their trigger, and with their workflow', async () => {
    const site = new Site();
    await site.save('a', hourly);
    await site.save('b', hourly);
    const scheduler = await site.scheduler();
    await site.save('a');
    await scheduler.sync('a');
    expect((await site.schedules()).map(({ workflow_id }) => workflow_id)).toEqual(['b']);
    const { rev } = (await site.storage.workflows.get('b'))!;
    await site.storage.workflows.remove('b', rev);
    await scheduler.sync('b');
    expect(await site.schedules()).toEqual([]);
    await site.clock.advance(2 * hour);
    expect(site.asked).toEqual([]);
  });

  test('what was changed while nothing ran is found at the start', async () => {
    const site = new Site('2030-01-01T00:30:00Z');
    for (const id of ['a', 'b', 'c']) await site.save(id, { ...hourly, catchup: 'all' });
    const scheduler = await site.scheduler();
    await scheduler.close();
    await site.clock.advance(3 * hour);
    await site.save('a', { ...hourly, schedule: '20 * * * *', catchup: 'all' });
    const { rev } = (await site.storage.workflows.get('b'))!;
    await site.storage.workflows.remove('b', rev);
    await site.saveText('c', 'name: [');
    await site.scheduler();
    // The one of which nothing can be said goes on; starting it is what finds that it cannot run.
    expect(site.asked.map(({ workflowId }) => workflowId)).toEqual(['c', 'c', 'c']);
    expect((await site.schedules()).map((each) => `${each.workflow_id} ${each.schedule}`).sort()).toEqual([
      'a 20 * * * *',
      'c 0 * * * *',
    ]);
    expect(site.logged).toEqual([expect.stringContaining('stay as they were')]);
  });

  test('a change that nobody told of is found when it would fire, and when all documents are looked at', async () => {
    const site = new Site('2030-01-01T00:30:00Z');
    await site.save('a', hourly);
    const first = await site.scheduler({ followInterval: Number.POSITIVE_INFINITY });
    await site.save('a', { ...hourly, schedule: '30 * * * *' });
    await site.save('b', hourly);
    await site.clock.advance(hour - 1);
    expect(site.asked).toEqual([]);
    await site.clock.advance(hour);
    expect(site.asked.map(({ workflowId }) => workflowId)).toEqual(['a']);
    await first.close();
    await site.scheduler();
    await site.save('c', hourly);
    await site.clock.advance(20 * minute);
    expect(await site.schedules('c')).toHaveLength(1);
    // As if a process with an older text had removed it, and died.
    await site.storage.schedules.remove((await site.schedules('c'))[0]!.id);
    await site.clock.advance(40 * minute);
    expect(await site.schedules('c')).toHaveLength(1);
  });

  test('when the records cannot follow, whoever saved is told, and it is tried again', async () => {
    const site = new Site('2030-01-01T00:30:00Z');
    const { schedules } = site.storage;
    let away = false;
    const scheduler = await site.scheduler({
      schedules: {
        ...schedules,
        put: async (record) => {
          if (away) throw new VwmpError('STORE_UNAVAILABLE', 'The database is away.');
          return schedules.put(record);
        },
      },
    });
    await site.save('a', hourly);
    away = true;
    await expect(scheduler.sync('a')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    away = false;
    await site.clock.advance(10_000);
    expect(await site.schedules('a')).toHaveLength(1);
  });

  test.each(['the bus', 'the storage'])(
    'what another process saved, or resumed, fires in time: %s tells of it',
    async (teller) => {
      const site = new Site('2030-01-01T00:58:40Z');
      const heard = new Set<(who: string) => void>();
      const bus = {
        wake: (_: string, who: string) => {
          for (const listener of heard) listener(who);
        },
        onWake: (_: string, listener: (who: string) => void) => {
          heard.add(listener);
          return () => void heard.delete(listener);
        },
      };
      const storage = { onChange: (listener: () => void) => bus.onWake('', listener) };
      const tell = (): void => {
        if (teller === 'the storage') bus.wake('', 'a commit');
      };
      const here = await site.scheduler(teller === 'the bus' ? { bus } : { storage });
      // As commands do: they know it and end.
      const there = createScheduler({ ...site.options, ...(teller === 'the bus' && { bus }) });
      await site.save('a', { schedule: '* * * * *', overlap: 'allow' });
      await there.sync('a');
      tell();
      await site.clock.advance(minute);
      expect(await site.told()).toEqual(['00:59 started']);
      const { id } = await site.first();
      await there.pause(id);
      tell();
      await site.clock.advance(5 * minute);
      await there.resume(id);
      tell();
      await site.clock.advance(minute);
      expect((await site.told()).at(-1)).toBe('01:05 started');
      await here.close();
      expect(heard.size).toBe(0);
    },
  );

  test('of many hints records are read once a second at most, and of its own ones not at all', async () => {
    const site = new Site('2030-01-01T00:58:40Z');
    let hint = (_: string): void => {};
    let lists = 0;
    const { schedules } = site.storage;
    const own: string[] = [];
    const here = await site.scheduler({
      schedules: {
        ...schedules,
        list(query) {
          lists++;
          return schedules.list(query);
        },
      },
      bus: {
        wake: (_, who) => {
          own.push(who);
          hint(who);
        },
        onWake: (_, listener) => {
          hint = listener;
          return () => {};
        },
      },
    });
    const before = lists;
    for (let i = 0; i < 100; i++) {
      hint('another');
      await site.clock.advance(100);
    }
    expect(lists - before).toBeGreaterThan(5);
    expect(lists - before).toBeLessThan(15);
    await site.save('a', hourly);
    await here.sync('a');
    await site.clock.advance(2000);
    const after = lists;
    for (const who of own) hint(who);
    await site.clock.advance(2000);
    expect(own).toHaveLength(1);
    expect(lists).toBe(after);
    await here.close();
  });

  test('while records cannot be read, hints do not make it try more often', async () => {
    const site = new Site('2030-01-01T00:58:40Z');
    let hint = (): void => {};
    let lists = 0;
    const { schedules } = site.storage;
    const here = await site.scheduler({
      schedules: {
        ...schedules,
        async list() {
          lists++;
          throw new VwmpError('STORE_UNAVAILABLE', 'The database is away.');
        },
      },
      storage: {
        onChange: (listener) => {
          hint = listener;
          return () => {};
        },
      },
    });
    for (let i = 0; i < 600; i++) {
      hint();
      await site.clock.advance(100);
    }
    expect(lists).toBeLessThan(10);
    await here.close();
  });

  test('a store that cannot be listened to is one without hints', async () => {
    const site = new Site('2030-01-01T00:58:40Z');
    const storage = {
      onChange: () => {
        throw new Error('too many watchers');
      },
    };
    const here = await site.scheduler({ storage });
    expect(site.logged).toEqual([expect.stringMatching(/^warn: Schedules that others change are seen late/)]);
    await site.save('a', { schedule: '* * * * *', overlap: 'allow' });
    await createScheduler(site.options).sync('a');
    await site.clock.advance(7 * minute);
    expect((await site.told()).at(-1)).toBe('01:05 started');
    await here.close();
  });

  test('records that others changed are read again within minutes without a hint', async () => {
    const site = new Site('2030-01-01T00:30:00Z');
    const here = await site.scheduler();
    const there = await site.scheduler();
    await site.save('a', hourly);
    await there.sync('a');
    await there.close();
    await site.clock.advance(hour);
    expect(await site.told()).toEqual(['01:00 started']);
    await here.close();
  });

  test('schedules that cannot be read are left out', async () => {
    const site = new Site();
    const text = workflowText('a', [hourly, { schedule: 'never' }, { ...hourly, timezone: 'Mars/Olympus' }]);
    await site.saveText('a', text);
    await site.scheduler({ parse: (source) => JSON.parse(source) });
    expect((await site.schedules()).map(({ schedule }) => schedule)).toEqual(['0 * * * *']);
  });
});

describe('a glance at a document', () => {
  test('spares reading it when its schedules are what they were, and only then', async () => {
    const site = new Site();
    await site.save('a', hourly);
    await createScheduler(site.options).sync();
    let parsed = 0;
    const glancing = {
      glance: (source: string) => JSON.parse(source),
      parse: (source: string) => {
        parsed++;
        return JSON.parse(source);
      },
    };
    await createScheduler({ ...site.options, ...glancing }).sync();
    expect(parsed).toBe(0);
    await site.saveText('a', workflowText('a', [{ ...hourly, overlap: 'queue' }]));
    await createScheduler({ ...site.options, ...glancing }).sync();
    expect(parsed).toBeGreaterThan(0);
    expect((await site.schedules()).map(({ overlap }) => overlap)).toEqual(['queue']);
  });

  test('at what is no workflow leaves its schedules as they are', async () => {
    const site = new Site();
    await site.save('a', hourly);
    await createScheduler(site.options).sync();
    await site.saveText('a', JSON.stringify('a schedule'));
    const parse = (): never => {
      throw new Error('It is no workflow.');
    };
    await createScheduler({ ...site.options, glance: (source) => JSON.parse(source), parse }).sync();
    expect(await site.schedules()).toHaveLength(1);
  });
});

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
