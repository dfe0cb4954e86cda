import assert from 'node:assert/strict';
import type { Fire, ScheduleRecord, ScheduleStore } from '@vwmp/core/ports';
import { lifecycleCases, type Uses } from './lifecycle.ts';
import { nastyTexts, second } from './samples.ts';
import { type Case, caseOf, type Subject, tamper } from './suite.ts';

/** Everything that a {@link ScheduleStore} has to pass. */
export function scheduleStoreSuite(subject: Subject<ScheduleStore>): Case[] {
  const uses: Uses<ScheduleStore> = {
    get: (store) => store.get('s1'),
    list: (store) => store.list(),
    put: (store) => store.put(schedule('s1')),
    remove: (store) => store.remove('s1'),
    decide: (store) => store.decide('s1', second(0), second(1), []),
    fires: (store) => store.fires('s1'),
  };
  return [...keepCases(subject), ...decideCases(subject), ...lifecycleCases(subject, uses)];
}

function schedule(id: string, changes: Partial<ScheduleRecord> = {}): ScheduleRecord {
  return {
    id,
    workflow_id: 'sample',
    schedule: '0 * * * *',
    timezone: 'Europe/Vienna',
    overlap: 'skip',
    catchup: 'last',
    parameters: { env: 'prod', list: [1, null, { a: 'ä' }] },
    paused: false,
    decided_until: second(0),
    ...changes,
  };
}

function fire(schedule_id: string, n: number, changes: Partial<Fire> = {}): Fire {
  const started = { outcome: 'started', execution_id: `e${n}` } as const;
  return { schedule_id, at: second(n), ...started, decided_at: second(n + 1), ...changes };
}

function keepCases(subject: Subject<ScheduleStore>): Case[] {
  const ids = async (store: ScheduleStore, workflow_id?: string): Promise<string[]> =>
    (await store.list({ workflow_id })).results.map(({ id }) => id);

  return [
    caseOf(subject, 'what was put is read back as it was', async (store) => {
      const all = [
        schedule('s1'),
        schedule('s2', {
          overlap: 'queue',
          catchup: 'all',
          paused: true,
          parameters: { texts: [...nastyTexts] },
          decided_until: '2031-12-31T23:59:59.999Z',
        }),
        schedule('s3', { overlap: 'allow', catchup: 'none', parameters: {} }),
      ];
      for (const each of all) await store.put(each);
      for (const each of all) assert.deepEqual(await store.get(each.id), each);
      assert.deepEqual(await store.list(), { results: all, count: 3 });
    }),
    caseOf(subject, 'an unknown schedule is not there and has no fires', async (store) => {
      assert.equal(await store.get('nobody'), undefined);
      assert.deepEqual(await store.list(), { results: [], count: 0 });
      assert.deepEqual(await store.fires('nobody'), { results: [], count: 0 });
    }),
    caseOf(subject, 'lists are in the order of ids, in pages without gap or double', async (store) => {
      for (const id of ['c', 'a', 'e', 'b', 'd']) await store.put(schedule(id));
      const first = await store.list({ limit: 2 });
      assert.deepEqual(
        first.results.map(({ id }) => id),
        ['a', 'b'],
      );
      assert.equal(first.count, 5);
      await store.put(schedule('aa'));
      await store.remove('b');
      const next = await store.list({ limit: 2, cursor: first.next_cursor! });
      assert.deepEqual(
        next.results.map(({ id }) => id),
        ['c', 'd'],
      );
      const last = await store.list({ limit: 2, cursor: next.next_cursor! });
      assert.deepEqual(
        last.results.map(({ id }) => id),
        ['e'],
      );
      assert.equal(last.next_cursor, undefined);
    }),
    caseOf(subject, 'lists are narrowed by workflow', async (store) => {
      await store.put(schedule('s1', { workflow_id: 'one' }));
      await store.put(schedule('s2', { workflow_id: 'two' }));
      await store.put(schedule('s3', { workflow_id: 'one' }));
      assert.deepEqual(await ids(store, 'one'), ['s1', 's3']);
      assert.deepEqual(await ids(store, 'on'), []);
      await store.put(schedule('s1', { workflow_id: 'two' }));
      assert.deepEqual(await ids(store, 'one'), ['s3']);
      assert.deepEqual(await ids(store, 'two'), ['s1', 's2']);
    }),
    caseOf(subject, 'putting replaces it, but what was decided stays so', async (store) => {
      await store.put(schedule('s1', { decided_until: second(10) }));
      await store.decide('s1', second(10), second(20), [fire('s1', 15)]);
      const changed = schedule('s1', {
        schedule: '5 5 * * *',
        paused: true,
        parameters: {},
        decided_until: second(3),
      });
      await store.put(changed);
      assert.deepEqual(await store.get('s1'), { ...changed, decided_until: second(20) });
      assert.equal((await store.fires('s1')).count, 1);
      await store.put({ ...changed, decided_until: second(30) });
      assert.equal((await store.get('s1'))?.decided_until, second(30));
      assert.equal(await store.decide('s1', second(20), second(40), []), false);
      assert.equal(await store.decide('s1', second(30), second(40), []), true);
    }),
    caseOf(subject, 'what is removed goes with its fires, and can be put anew', async (store) => {
      await store.put(schedule('s1'));
      await store.put(schedule('s2'));
      for (const id of ['s1', 's2']) await store.decide(id, second(0), second(5), [fire(id, 4)]);
      await store.remove('s1');
      await store.remove('s1');
      await store.remove('nobody');
      assert.equal(await store.get('s1'), undefined);
      assert.deepEqual(await ids(store), ['s2']);
      assert.deepEqual(await store.fires('s1'), { results: [], count: 0 });
      assert.equal((await store.fires('s2')).count, 1);
      await store.put(schedule('s1'));
      assert.equal((await store.get('s1'))?.decided_until, second(0));
      assert.deepEqual(await store.fires('s1'), { results: [], count: 0 });
      assert.equal(await store.decide('s1', second(0), second(5), [fire('s1', 4)]), true);
    }),
    caseOf(subject, 'what was given in or out can be changed without harm', async (store) => {
      const given = schedule('s1');
      await store.put(given);
      tamper(() => Object.assign(given, { schedule: 'changed' }));
      const read = (await store.get('s1'))!;
      tamper(() => Object.assign(read, { schedule: 'changed' }));
      tamper(() => Object.assign(read.parameters, { env: 'changed' }));
      assert.deepEqual(await store.get('s1'), schedule('s1'));
    }),
  ];
}

function decideCases(subject: Subject<ScheduleStore>): Case[] {
  return [
    caseOf(subject, 'what became of instants is noted, the newest first', async (store) => {
      await store.put(schedule('s1'));
      const fires = [
        fire('s1', 10),
        fire('s1', 30, { outcome: 'missed', reason: 'nobody was there: "ü"', execution_id: undefined }),
        fire('s1', 20, { outcome: 'skipped', reason: 'e10 still runs' }),
      ];
      assert.equal(await store.decide('s1', second(0), second(30), fires), true);
      assert.equal((await store.get('s1'))?.decided_until, second(30));
      const { execution_id: _, ...missed } = fires[1]!;
      assert.deepEqual(await store.fires('s1'), { results: [missed, fires[2], fires[0]], count: 3 });
      assert.equal(await store.decide('s1', second(30), second(40), []), true);
      assert.equal((await store.fires('s1')).count, 3);
      assert.equal((await store.get('s1'))?.decided_until, second(40));
    }),
    caseOf(subject, 'what was decided already, or is not there, changes nothing', async (store) => {
      await store.put(schedule('s1'));
      await store.decide('s1', second(0), second(10), [fire('s1', 5)]);
      for (const from of [0, 5, 9, 11, 20])
        assert.equal(await store.decide('s1', second(from), second(30), [fire('s1', 25)]), false);
      assert.equal(await store.decide('nobody', second(0), second(30), [fire('nobody', 25)]), false);
      assert.deepEqual(await store.fires('s1'), { results: [fire('s1', 5)], count: 1 });
      assert.equal((await store.get('s1'))?.decided_until, second(10));
      assert.equal(await store.get('nobody'), undefined);
      assert.deepEqual(await store.fires('nobody'), { results: [], count: 0 });
      await store.remove('s1');
      assert.equal(await store.decide('s1', second(10), second(30), [fire('s1', 25)]), false);
      assert.deepEqual(await store.fires('s1'), { results: [], count: 0 });
    }),
    caseOf(subject, 'a decision touches no other schedule', async (store) => {
      await store.put(schedule('s1'));
      await store.put(schedule('s2'));
      await store.decide('s1', second(0), second(10), [fire('s1', 5)]);
      assert.deepEqual(await store.get('s2'), schedule('s2'));
      assert.deepEqual(await store.fires('s2'), { results: [], count: 0 });
      assert.equal(await store.decide('s2', second(0), second(10), [fire('s2', 5)]), true);
      assert.deepEqual((await store.fires('s2')).results, [fire('s2', 5)]);
    }),
    caseOf(subject, 'of those that decide at the same time exactly one does', async (store, bench) => {
      const stores = [store, await bench.companion(), await bench.companion()];
      await store.put(schedule('s1'));
      for (let round = 0; round < 10; round++) {
        const tries = stores.map((each, n) =>
          each.decide('s1', second(round * 10), second(round * 10 + 10), [
            fire('s1', round * 10 + 5, { execution_id: `by ${n}` }),
          ]),
        );
        const outcomes = await Promise.all(tries);
        assert.deepEqual([...outcomes].sort(), [false, false, true]);
        const [newest] = (await store.fires('s1', { limit: 1 })).results;
        assert.equal(newest?.execution_id, `by ${outcomes.indexOf(true)}`);
      }
      assert.equal((await store.fires('s1')).count, 10);
    }),
    caseOf(subject, 'fires are paged without gap or double while others come', async (store) => {
      await store.put(schedule('s1'));
      const of = (numbers: number[]) => numbers.map((n) => fire('s1', n));
      await store.decide('s1', second(0), second(5), of([1, 2, 3, 4, 5]));
      const first = await store.fires('s1', { limit: 2 });
      assert.deepEqual(first.results, of([5, 4]));
      assert.equal(first.count, 5);
      await store.decide('s1', second(5), second(6), of([6]));
      const next = await store.fires('s1', { limit: 2, cursor: first.next_cursor! });
      assert.deepEqual(next.results, of([3, 2]));
      const last = await store.fires('s1', { limit: 2, cursor: next.next_cursor! });
      assert.deepEqual(last, { results: of([1]), count: 6 });
    }),
    caseOf(subject, 'the newest thousand stay', async (store) => {
      await store.put(schedule('s1'));
      for (let round = 0; round < 5; round++) {
        const fires = Array.from({ length: 300 }, (_, n) => fire('s1', round * 300 + n + 1));
        await store.decide('s1', second(round * 300), second(round * 300 + 300), fires);
      }
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.fires('s1', { limit: 500, cursor });
        assert.ok(page.count >= 1000);
        seen.push(...page.results.map(({ at }) => at));
        cursor = page.next_cursor;
      } while (cursor !== undefined && seen.length < 1000);
      assert.deepEqual(
        seen.slice(0, 1000),
        Array.from({ length: 1000 }, (_, n) => second(1500 - n)),
      );
    }),
    ...(subject.durable
      ? [
          caseOf(subject, 'everything is there for the next one that opens', async (store, bench) => {
            const other = await bench.another();
            await store.put(schedule('s1'));
            await store.put(schedule('s2', { paused: true }));
            assert.equal(await other.decide('s1', second(0), second(10), [fire('s1', 5)]), true);
            assert.equal(await store.decide('s1', second(0), second(10), [fire('s1', 5)]), false);
            await store.close();
            const next = await bench.another();
            assert.deepEqual(await next.get('s1'), schedule('s1', { decided_until: second(10) }));
            assert.deepEqual(await next.get('s2'), schedule('s2', { paused: true }));
            assert.deepEqual((await next.fires('s1')).results, [fire('s1', 5)]);
            await next.remove('s2');
            assert.equal(await other.get('s2'), undefined);
          }),
        ]
      : []),
  ];
}
