import assert from 'node:assert/strict';
import type { ExecutionQuery, ExecutionStore, Retention } from '@vwmp/core/ports';
import { completion, creation, epochStart, second } from '../samples.ts';
import { type Case, caseOf, type Subject } from '../suite.ts';

/** Listing and pruning. */
export function listCases(subject: Subject<ExecutionStore>): Case[] {
  const ids = async (store: ExecutionStore, query?: ExecutionQuery): Promise<string[]> =>
    (await store.list(query)).results.map(({ id }) => id);

  const prune = (store: ExecutionStore, retention: Retention, batch = 100): Promise<number> =>
    store.prune(retention, epochStart + 1_000_000, batch);

  return [
    caseOf(subject, 'an empty store lists nothing', async (store) => {
      assert.deepEqual(await store.list(), { results: [], count: 0 });
    }),
    caseOf(subject, 'the newest come first, in pages without gap or double', async (store) => {
      for (const n of [3, 1, 4, 5, 2]) await store.append(creation(`e${n}`, { started_at: second(n) }));
      const first = await store.list({ limit: 2 });
      assert.deepEqual(
        first.results.map(({ id }) => id),
        ['e5', 'e4'],
      );
      assert.equal(first.count, 5);
      // What starts meanwhile is on none of the pages that follow.
      await store.append(creation('e6', { started_at: second(6) }));
      const next = await store.list({ limit: 2, cursor: first.next_cursor! });
      assert.deepEqual(
        next.results.map(({ id }) => id),
        ['e3', 'e2'],
      );
      const last = await store.list({ limit: 2, cursor: next.next_cursor! });
      assert.deepEqual(
        last.results.map(({ id }) => id),
        ['e1'],
      );
      assert.equal(last.next_cursor, undefined);
      assert.equal(last.count, 6);
    }),
    caseOf(subject, 'executions of the same instant are paged without gap or double', async (store) => {
      for (const n of [1, 2, 3]) await store.append(creation(`e${n}`));
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.list({ limit: 1, cursor });
        for (const { id } of page.results) seen.push(id);
        cursor = page.next_cursor;
      } while (cursor !== undefined);
      assert.deepEqual(seen.sort(), ['e1', 'e2', 'e3']);
    }),
    caseOf(subject, 'a page has fifty entries when nothing else is asked', async (store) => {
      await Promise.all(Array.from({ length: 51 }, (_, index) => store.append(creation(`e${index}`))));
      const page = await store.list();
      assert.equal(page.results.length, 50);
      assert.equal(page.count, 51);
      assert.equal((await store.list({ cursor: page.next_cursor! })).results.length, 1);
    }),
    caseOf(subject, 'lists are narrowed by workflow, status and time', async (store) => {
      await store.append(creation('e1', { workflow_id: 'one', started_at: second(1) }));
      await store.append(creation('e2', { workflow_id: 'two', started_at: second(2) }));
      await store.append(creation('e3', { workflow_id: 'one', started_at: second(3) }));
      await store.append(
        completion('e3', 1, { workflow_id: 'one', started_at: second(3), status: 'partial' }),
      );
      assert.deepEqual(await ids(store, { workflow_id: 'one' }), ['e3', 'e1']);
      assert.deepEqual(await ids(store, { status: ['partial', 'failed'] }), ['e3']);
      assert.deepEqual(await ids(store, { status: ['running'] }), ['e2', 'e1']);
      assert.deepEqual(await ids(store, { status: [] }), []);
      assert.deepEqual(await ids(store, { started_after: second(2) }), ['e3', 'e2']);
      assert.deepEqual(await ids(store, { started_before: second(2) }), ['e1']);
      assert.deepEqual(await ids(store, { started_after: '2026-01-01T01:00:02+01:00' }), ['e3', 'e2']);
      assert.equal((await store.list({ workflow_id: 'one', limit: 1 })).count, 2);
    }),
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
  ];
}
