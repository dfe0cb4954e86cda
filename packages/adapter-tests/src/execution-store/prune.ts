import assert from 'node:assert/strict';
import type { ExecutionStore, Retention } from '@vwmp/core/ports';
import { completion, creation, epochStart, progress, second } from '../samples.ts';
import { type Case, caseOf, collect, type Subject } from '../suite.ts';
import { behind, creationAtOnce, creationBy, future, long, message } from './situations.ts';

/** Letting go of what has ended. */
export function pruneCases(subject: Subject<ExecutionStore>): Case[] {
  const ids = async (store: ExecutionStore): Promise<string[]> =>
    (await store.list()).results.map(({ id }) => id);

  const prune = (store: ExecutionStore, retention: Retention, batch = 100): Promise<number> =>
    store.prune(retention, epochStart + 1_000_000, batch);

  return [
    caseOf(subject, 'only completed executions are pruned, by age', async (store) => {
      for (const n of [1, 2, 3, 4]) await store.append(creation(`e${n}`, { started_at: second(n) }));
      for (const n of [1, 2, 3])
        await store.append(completion(`e${n}`, 1, { started_at: second(n), at: n * 100 }));
      // 700 s before the time of pruning, which is 1000 s after the start: the third is no older than that.
      assert.equal(await prune(store, { max_age: 700_000 }), 2);
      assert.deepEqual(await ids(store), ['e4', 'e3']);
      assert.equal(await store.get('e1'), undefined);
      for await (const event of store.events('e1')) assert.fail(`left over: ${event.event}`);
      assert.equal(await prune(store, { max_age: 700_000 }), 0);
    }),
    caseOf(subject, 'of each workflow the last so many stay', async (store) => {
      for (const n of [1, 2, 3, 4, 5, 6]) {
        const changes = { workflow_id: n % 2 ? 'odd' : 'even', started_at: second(n) };
        await store.append(creation(`e${n}`, changes));
        await store.append(completion(`e${n}`, 1, { ...changes, at: 10 + n }));
      }
      assert.equal(await prune(store, { max_count: 2, workflow_id: 'odd' }), 1);
      assert.deepEqual(await ids(store), ['e6', 'e5', 'e4', 'e3', 'e2']);
      assert.equal(await prune(store, { max_count: 1 }), 3);
      assert.deepEqual(await ids(store), ['e6', 'e5']);
      assert.equal(await prune(store, { max_count: 0 }), 2);
    }),
    caseOf(
      subject,
      'pruning goes in steps, the oldest first, and not at all without a limit',
      async (store) => {
        for (const n of [1, 2, 3]) {
          await store.append(creation(`e${n}`, { started_at: second(n) }));
          await store.append(completion(`e${n}`, 1, { started_at: second(n), at: n }));
        }
        assert.equal(await prune(store, {}), 0);
        assert.equal(await prune(store, { max_count: 0 }, 2), 2);
        assert.deepEqual(await ids(store), ['e3']);
        assert.equal(await prune(store, { max_count: 0 }, 2), 1);
      },
    ),
    caseOf(subject, 'the id of a pruned execution is free again', async (store) => {
      await store.append(creation('e1'));
      await store.append(completion('e1', 1));
      await prune(store, { max_count: 0 });
      await store.append(creation('e1'));
      assert.equal((await store.get('e1'))?.seq, 1);
    }),
    caseOf(subject, 'whatever has not ended stays, however old', async (store) => {
      await store.heartbeat('w1', long);
      await store.append(creationAtOnce('pending', { status: 'pending' }));
      await store.append(creationBy('w1', 'running'));
      await store.append(creation('waiting', { status: 'waiting' }));
      await store.append(creation('ended'));
      await store.append(completion('ended', 1));
      assert.equal(await store.prune({ max_age: 0, max_count: 0 }, future().at, 100), 1);
      assert.deepEqual((await ids(store)).sort(), ['pending', 'running', 'waiting']);
    }),
    caseOf(subject, 'what goes takes along everything that belongs to it', async (store) => {
      const origin = {
        idempotency_key: 'key',
        parent: { execution_id: 'p', step_id: 'a', attached: false },
        concurrency: { key: 'k', limit: 1, policy: 'skip' as const },
        sealed: 'sealed',
      };
      for (let round = 0; round < 3; round++) {
        await store.heartbeat('w1', long);
        await store.append({ ...creationBy('w1', 'e1'), origin });
        await store.append(progress('e1', 1, 20));
        await store.post(message('m1', 'e1'));
        const error = { code: 'HANDLER_ERROR', message: 'unmistakable' };
        await store.append(completion('e1', 21, { status: 'failed', error }));
        await store.append(creation('stays'));
        assert.equal(await prune(store, { max_count: 0 }), 1);
        assert.equal(await store.get('e1'), undefined);
        assert.deepEqual(await collect(store.events('e1')), []);
        assert.deepEqual(await store.messages('e1'), []);
        assert.equal(await store.findByKey('sample', 'key'), undefined);
        for (const query of [{ parent_id: 'p' }, { concurrency_key: 'k' }, { q: 'unmistakable' }])
          assert.deepEqual(await store.list(query), { results: [], count: 0 });
        assert.deepEqual(await ids(store), ['stays']);
        assert.deepEqual(await store.mail('w1'), []);
        assert.deepEqual(await store.ready(behind(), 100), []);
        await store.append(completion('stays', 1));
        await prune(store, { max_count: 0 });
      }
    }),
    caseOf(
      subject,
      'of two that prune at the same time each counts what it removed',
      async (store, bench) => {
        const other = await bench.companion();
        for (let n = 0; n < 30; n++) {
          await store.append(creation(`e${n}`));
          await store.append(completion(`e${n}`, 1, { at: n }));
        }
        const counts = await Promise.all([store, other, store].map((each) => prune(each, { max_count: 5 })));
        assert.equal(counts[0]! + counts[1]! + counts[2]!, 25);
        assert.deepEqual((await ids(store)).sort(), ['e25', 'e26', 'e27', 'e28', 'e29']);
      },
    ),
  ];
}
