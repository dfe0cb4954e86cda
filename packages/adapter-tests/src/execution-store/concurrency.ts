import assert from 'node:assert/strict';
import type { ExecutionStore, Origin } from '@vwmp/core/ports';
import { completion, epochStart, progress, second, summaryOf } from '../samples.ts';
import { type Case, caseOf, rejectsWith, type Subject } from '../suite.ts';
import { behind, creationAtOnce, future, long, message, pending, release } from './situations.ts';

/** How many with the same concurrency key may run. */
export function concurrencyCases(subject: Subject<ExecutionStore>): Case[] {
  const of = (key: string, limit: number, policy: 'queue' | 'skip' = 'queue'): Origin => ({
    concurrency: { key, limit, policy },
  });
  const begin = async (store: ExecutionStore, id: string, epoch = 2): Promise<void> => {
    await store.append(progress(id, 1, 1, epoch));
  };
  const end = (store: ExecutionStore, id: string, seq: number, epoch = 2) =>
    store.append({ ...completion(id, seq), epoch });

  return [
    caseOf(subject, 'those above the limit wait, in the order of creation', async (store) => {
      await store.heartbeat('w1', long);
      // Ids and times that sort differently.
      const create = (id: string, started: number) =>
        store.append(pending(id, of('k', 1), { started_at: second(started) }));
      assert.deepEqual(await create('c', 5), [{ execution_id: 'c' }]);
      assert.deepEqual(await create('a', 9), []);
      assert.deepEqual(await create('b', 1), []);
      const now = Date.now();
      const order: string[] = [];
      for (const [id, others] of [
        ['c', ['a', 'b']],
        ['a', ['b']],
        ['b', []],
      ] as const) {
        assert.deepEqual(await store.ready(now, 100), [id]);
        for (const other of others) assert.equal(await store.claim(other, 'w1', now), undefined);
        assert.equal((await store.claim(id, 'w1', now))?.owner, 'w1');
        // It was claimed and has not begun: it takes a place.
        assert.deepEqual(await store.ready(now, 100), []);
        for (const other of others) assert.equal(await store.claim(other, 'w1', now), undefined);
        await begin(store, id);
        assert.deepEqual(await store.ready(now, 100), []);
        const woken = await end(store, id, 2);
        assert.deepEqual(woken, others.length > 0 ? [{ execution_id: others[0] }] : []);
        order.push(id);
      }
      assert.deepEqual(order, ['c', 'a', 'b']);
    }),
    caseOf(subject, 'as many run at a time as the limit says', async (store) => {
      await store.heartbeat('w1', long);
      for (const id of ['e1', 'e2', 'e3', 'e4', 'e5']) await store.append(pending(id, of('k', 3)));
      assert.deepEqual((await store.ready(behind(), 100)).sort(), ['e1', 'e2', 'e3']);
      for (const id of ['e2', 'e3']) {
        await store.claim(id, 'w1', Date.now());
        await begin(store, id);
      }
      assert.deepEqual(await store.ready(behind(), 100), ['e1']);
      await end(store, 'e3', 2);
      assert.deepEqual((await store.ready(behind(), 100)).sort(), ['e1', 'e4']);
      assert.equal(await store.claim('e5', 'w1', Date.now()), undefined);
    }),
    caseOf(subject, 'a key holds up nobody but its own', async (store) => {
      for (const key of ['k', 'K', 'k ', '', '__proto__', 'k%'])
        for (const n of [1, 2]) await store.append(pending(`${key}-${n}`, of(key, 1)));
      await store.append(creationAtOnce('free'));
      const expected = ['free', ...['k', 'K', 'k ', '', '__proto__', 'k%'].map((key) => `${key}-1`)];
      assert.deepEqual((await store.ready(behind(), 100)).sort(), expected.sort());
    }),
    caseOf(
      subject,
      'one that has begun keeps its place while it waits and after it was given back',
      async (store) => {
        await store.heartbeat('w1', long);
        await store.append(pending('e1', of('k', 1)));
        await store.append(pending('e2', of('k', 1)));
        await store.claim('e1', 'w1', Date.now());
        const parked = { ...progress('e1', 1, 1, 2), owner: null, wake_at: null };
        await store.append({ ...parked, summary: summaryOf('e1', { status: 'waiting' }) });
        assert.deepEqual(await store.ready(future().at, 100), []);
        assert.equal(await store.nextReady(), undefined);
        await store.post(message('m1', 'e1'));
        assert.deepEqual(await store.ready(Date.now(), 100), ['e1']);
      },
    ),
    caseOf(
      subject,
      'one that was claimed and left behind before it began is taken up before others',
      async (store) => {
        await store.heartbeat('w1', long);
        await store.heartbeat('w2', long);
        await store.append(pending('e1', of('k', 1)));
        await store.append(pending('e2', of('k', 1)));
        await store.claim('e1', 'w1', Date.now());
        await store.retire('w1');
        assert.deepEqual(await store.ready(Date.now(), 100), ['e1']);
        assert.equal(await store.claim('e2', 'w2', Date.now()), undefined);
        assert.equal((await store.claim('e1', 'w2', Date.now()))?.epoch, 3);
        // Given back without having begun, it goes first again.
        const back = { ...release('e1', 1), summary: summaryOf('e1', { status: 'pending' }), epoch: 3 };
        await store.append({ ...back, events: [] });
        assert.deepEqual(await store.ready(Date.now(), 100), ['e1']);
      },
    ),
    caseOf(subject, 'one that ends without having begun makes room, wherever it stood', async (store) => {
      for (const id of ['e1', 'e2', 'e3', 'e4']) await store.append(pending(id, of('k', 1)));
      // One that waits makes no room for others.
      assert.deepEqual(await store.append(completion('e2', 1, { status: 'cancelled' })), []);
      assert.deepEqual(await store.ready(Date.now(), 100), ['e1']);
      const woken = await store.append(completion('e1', 1, { status: 'cancelled' }));
      assert.deepEqual(woken, [{ execution_id: 'e3' }]);
      assert.deepEqual(await store.ready(Date.now(), 100), ['e3']);
    }),
    caseOf(subject, 'what has ended can be pruned without making room once more', async (store) => {
      for (const id of ['e1', 'e2', 'e3']) await store.append(pending(id, of('k', 1)));
      await store.append(completion('e1', 1));
      assert.equal(await store.prune({ max_count: 0 }, epochStart + 1_000_000, 100), 1);
      assert.deepEqual(await store.ready(Date.now(), 100), ['e2']);
    }),
    caseOf(subject, 'a message does not let anyone jump the queue', async (store) => {
      await store.heartbeat('w1', long);
      await store.append(pending('e1', of('k', 1)));
      await store.append(pending('e2', of('k', 1)));
      await store.post(message('m1', 'e2'));
      assert.deepEqual(await store.ready(Date.now(), 100), ['e1']);
      assert.equal(await store.claim('e2', 'w1', Date.now()), undefined);
      await store.append(completion('e1', 1));
      assert.deepEqual(await store.ready(Date.now(), 100), ['e2']);
    }),
    caseOf(subject, 'whose turn it is still waits for its time', async (store) => {
      await store.append(pending('e1', of('k', 1)));
      await store.append({ ...pending('e2', of('k', 1)), wake_at: future(5).iso });
      assert.deepEqual(await store.append(completion('e1', 1)), []);
      assert.deepEqual(await store.ready(Date.now(), 100), []);
      assert.equal(await store.nextReady(), future(5).at);
      assert.deepEqual(await store.ready(future(5).at, 100), ['e2']);
    }),
    caseOf(subject, 'with the policy skip nothing is created above the limit', async (store) => {
      await store.append(pending('target', {}));
      await store.append(pending('e1', of('k', 2, 'skip')));
      await store.append(pending('e2', of('k', 2, 'skip')));
      const refused = {
        ...pending('e3', { ...of('k', 2, 'skip'), idempotency_key: 'once' }),
        messages: [message('m1', 'target')],
      };
      await rejectsWith(store.append(refused), 'CONCURRENCY_LIMIT');
      assert.equal(await store.get('e3'), undefined);
      assert.equal(await store.findByKey('sample', 'once'), undefined);
      assert.deepEqual(await store.messages('target'), []);
      assert.equal((await store.list()).count, 3);
      // Those that wait in the queue count, too, and one that queues may always be created.
      await store.append(pending('e4', of('k', 2)));
      await store.append(completion('e1', 1));
      await rejectsWith(store.append(refused), 'CONCURRENCY_LIMIT');
      await store.append(completion('e2', 1));
      await store.append(refused);
      assert.equal((await store.get('e3'))?.status, 'pending');
    }),
    caseOf(
      subject,
      'of those that are created at the same time no more than the limit get through',
      async (store, bench) => {
        const other = await bench.companion();
        const tries = Array.from({ length: 12 }, (_, n) =>
          (n % 2 ? store : other).append(pending(`e${n}`, of('k', 3, 'skip'))),
        );
        const outcomes = await Promise.allSettled(tries);
        assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 3);
        for (const outcome of outcomes)
          if (outcome.status === 'rejected')
            await rejectsWith(Promise.reject(outcome.reason), 'CONCURRENCY_LIMIT');
        assert.equal((await store.list({ concurrency_key: 'k' })).count, 3);
      },
    ),
    caseOf(
      subject,
      'of those that claim at the same time no more than the limit get through',
      async (store, bench) => {
        const stores = [store, await bench.companion(), await bench.companion()];
        const ids = Array.from({ length: 9 }, (_, n) => `e${n}`);
        await Promise.all(ids.map((id, n) => stores[n % 3]!.append(pending(id, of('k', 2)))));
        for (const [n, each] of stores.entries()) await each.heartbeat(`w${n}`, long);
        const left = new Set(ids);
        while (left.size > 0) {
          const tries = [...left].flatMap((id) =>
            stores.map((each, n) => each.claim(id, `w${n}`, Date.now())),
          );
          const claimed = (await Promise.all(tries)).filter((record) => record !== undefined);
          assert.equal(claimed.length, Math.min(2, left.size));
          for (const { id, epoch } of claimed) {
            await store.append({ ...progress(id, 1, 1, epoch) });
            left.delete(id);
          }
          const again = await Promise.all([...left].map((id) => store.claim(id, 'w0', Date.now())));
          assert.ok(again.every((record) => record === undefined));
          for (const { id, epoch } of claimed) await end(store, id, 2, epoch);
        }
      },
    ),
    ...(subject.durable
      ? [
          caseOf(subject, 'whose turn it is, is there for the next one that opens', async (store, bench) => {
            await store.heartbeat('w1', long);
            for (const id of ['e1', 'e2', 'e3']) await store.append(pending(id, of('k', 1)));
            await store.claim('e1', 'w1', Date.now());
            await begin(store, 'e1');
            await store.close();
            const next = await bench.another();
            assert.deepEqual(await next.ready(Date.now(), 100), []);
            await rejectsWith(next.append(pending('e4', of('k', 3, 'skip'))), 'CONCURRENCY_LIMIT');
            assert.deepEqual(await end(next, 'e1', 2), [{ execution_id: 'e2' }]);
            assert.deepEqual(await next.ready(Date.now(), 100), ['e2']);
          }),
        ]
      : []),
  ];
}
