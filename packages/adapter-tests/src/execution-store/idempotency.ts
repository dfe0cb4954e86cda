import assert from 'node:assert/strict';
import type { Append, ExecutionStore } from '@vwmp/core/ports';
import { completion, creation, epochStart, nastyNames, summaryOf } from '../samples.ts';
import { type Case, caseOf, rejectsWith, type Subject } from '../suite.ts';
import { message } from './situations.ts';

/** Creating the same execution once. */
export function idempotencyCases(subject: Subject<ExecutionStore>): Case[] {
  const keyed = (id: string, key: string, workflow_id = 'sample'): Append => ({
    ...creation(id, { workflow_id }),
    origin: { idempotency_key: key },
  });
  const taken = async (append: Promise<unknown>, by: string): Promise<void> => {
    assert.deepEqual(await rejectsWith(append, 'ALREADY_EXISTS'), { execution_id: by });
  };

  return [
    caseOf(subject, 'a key creates one execution of its workflow', async (store) => {
      await store.append(keyed('e1', 'k'));
      await store.append(creation('target'));
      await taken(store.append({ ...keyed('e2', 'k'), messages: [message('m1', 'target')] }), 'e1');
      assert.equal(await store.get('e2'), undefined);
      assert.deepEqual(await store.messages('target'), []);
      assert.equal((await store.list()).count, 2);
      await taken(store.append(keyed('e1', 'k')), 'e1');
      // The id alone is enough, too.
      await taken(store.append(keyed('e1', 'other')), 'e1');
      assert.equal(await store.findByKey('sample', 'other'), undefined);
    }),
    caseOf(subject, 'a key of another workflow is another key, and no key is none', async (store) => {
      await store.append(keyed('e1', 'k'));
      await store.append(keyed('e2', 'k', 'other'));
      await store.append(keyed('e3', 'bc', 'a'));
      await store.append(keyed('e4', 'c', 'ab'));
      await store.append(creation('e5'));
      await store.append(creation('e6'));
      await store.append({ ...creation('e7'), origin: {} });
      await taken(store.append(keyed('e8', 'k', 'other')), 'e2');
      assert.equal((await store.findByKey('a', 'bc'))?.id, 'e3');
      assert.equal((await store.findByKey('ab', 'c'))?.id, 'e4');
    }),
    caseOf(subject, 'an execution is found by its key, as it stands', async (store) => {
      assert.equal(await store.findByKey('sample', 'k'), undefined);
      await store.append(keyed('e1', 'k'));
      assert.deepEqual(await store.findByKey('sample', 'k'), summaryOf('e1'));
      const end = completion('e1', 1);
      await store.append(end);
      assert.deepEqual(await store.findByKey('sample', 'k'), end.summary);
      assert.equal(await store.findByKey('other', 'k'), undefined);
      assert.equal(await store.findByKey('sample', 'K'), undefined);
    }),
    caseOf(subject, 'a key belongs to an execution that has ended until it is pruned', async (store) => {
      await store.append(keyed('e1', 'k'));
      await store.append(completion('e1', 1));
      await taken(store.append(keyed('e2', 'k')), 'e1');
      assert.equal((await store.findByKey('sample', 'k'))?.id, 'e1');
      assert.equal(await store.prune({ max_count: 0 }, epochStart + 1_000_000, 10), 1);
      assert.equal(await store.findByKey('sample', 'k'), undefined);
      await store.append(keyed('e2', 'k'));
      assert.equal((await store.findByKey('sample', 'k'))?.id, 'e2');
    }),
    caseOf(subject, 'keys are kept apart, whatever stands in them', async (store) => {
      const keys = [...nastyNames, '', 'k'.repeat(1000), `${'k'.repeat(1000)}!`];
      for (const [n, key] of keys.entries()) await store.append(keyed(`e${n}`, key));
      for (const [n, key] of keys.entries()) {
        assert.equal((await store.findByKey('sample', key))?.id, `e${n}`, JSON.stringify(key));
        await taken(store.append(keyed('more', key)), `e${n}`);
      }
    }),
    caseOf(
      subject,
      'of those that use a key at the same time one is created, and the others learn which',
      async (store, bench) => {
        const other = await bench.companion();
        for (let round = 0; round < 5; round++) {
          const ids = Array.from({ length: 8 }, (_, n) => `r${round}-${n}`);
          const outcomes = await Promise.allSettled(
            ids.map((id, n) => (n % 2 ? store : other).append(keyed(id, `k${round}`))),
          );
          const created = (await store.findByKey('sample', `k${round}`))!.id;
          assert.equal((await other.findByKey('sample', `k${round}`))?.id, created);
          for (const [n, outcome] of outcomes.entries()) {
            if (outcome.status === 'fulfilled') assert.equal(ids[n], created);
            else {
              await taken(Promise.reject(outcome.reason), created);
              assert.equal(await store.get(ids[n]!), undefined);
            }
          }
        }
        assert.equal((await store.list()).count, 5);
      },
    ),
    ...(subject.durable
      ? [
          caseOf(subject, 'keys are there for the next one that opens', async (store, bench) => {
            await store.append(keyed('e1', 'k'));
            const other = await bench.another();
            assert.equal((await other.findByKey('sample', 'k'))?.id, 'e1');
            await store.close();
            const next = await bench.another();
            assert.equal((await next.findByKey('sample', 'k'))?.id, 'e1');
            await taken(next.append(keyed('e2', 'k')), 'e1');
          }),
        ]
      : []),
  ];
}
