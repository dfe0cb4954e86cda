import { describe, expect, test } from 'vitest';
import { VwmpError } from '../../errors.ts';
import { createScheduler } from './scheduler.ts';
import { hour, hourly, minute, Site, workflowText } from './testing/site.ts';

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
