import assert from 'node:assert/strict';
import type { ExecutionQuery, ExecutionStore } from '@vwmp/core/ports';
import { completion, creation, nastyNames, second } from '../samples.ts';
import { type Case, caseOf, type Subject } from '../suite.ts';

/** Lists: order, pages, filters. */
export function listCases(subject: Subject<ExecutionStore>): Case[] {
  const ids = async (store: ExecutionStore, query?: ExecutionQuery): Promise<string[]> =>
    (await store.list(query)).results.map(({ id }) => id);

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
    caseOf(subject, 'lists are narrowed by parent and by concurrency key', async (store) => {
      const parent = { execution_id: 'p1', step_id: 'a', attached: false };
      const concurrency = { key: 'k', limit: 5, policy: 'queue' as const };
      await store.append({ ...creation('e1', { started_at: second(1) }), origin: { parent } });
      await store.append({ ...creation('e2', { started_at: second(2) }), origin: { parent, concurrency } });
      await store.append({ ...creation('e3', { started_at: second(3) }), origin: { concurrency } });
      await store.append({
        ...creation('e4'),
        origin: {
          parent: { ...parent, execution_id: 'p' },
          concurrency: { ...concurrency, key: 'k1' },
        },
      });
      await store.append(creation('p1'));
      assert.deepEqual(await ids(store, { parent_id: 'p1' }), ['e2', 'e1']);
      assert.deepEqual(await ids(store, { concurrency_key: 'k' }), ['e3', 'e2']);
      assert.deepEqual(await ids(store, { concurrency_key: 'k', parent_id: 'p1' }), ['e2']);
      assert.deepEqual(await ids(store, { parent_id: 'nobody' }), []);
      assert.deepEqual(await ids(store, { concurrency_key: 'K' }), []);
      await store.append(completion('e2', 1, { started_at: second(2) }));
      assert.deepEqual(await ids(store, { parent_id: 'p1', status: ['success'] }), ['e2']);
      assert.deepEqual(await ids(store, { concurrency_key: 'k' }), ['e3', 'e2']);
      assert.equal((await store.list({ parent_id: 'p1', limit: 1 })).count, 2);
    }),
    caseOf(subject, 'executions are found by the beginning of their id or workflow', async (store) => {
      await store.append(creation('order-12', { workflow_id: 'Orders', started_at: second(1) }));
      await store.append(creation('ORDER-13', { workflow_id: 'refunds', started_at: second(2) }));
      await store.append(creation('reorder', { workflow_id: 'stock', started_at: second(3) }));
      assert.deepEqual(await ids(store, { q: 'order-1' }), ['ORDER-13', 'order-12']);
      assert.deepEqual(await ids(store, { q: 'ORDERS' }), ['order-12']);
      assert.deepEqual(await ids(store, { q: 're' }), ['reorder', 'ORDER-13']);
      assert.deepEqual(await ids(store, { q: 'Order', workflow_id: 'refunds' }), ['ORDER-13']);
      for (const q of ['%', '_', '.*', 'order_1', "'", '"', '*', '\\', 'x y'])
        assert.deepEqual(await ids(store, { q }), [], q);
      assert.equal((await store.list({ q: 'order', limit: 1 })).count, 2);
    }),
    caseOf(subject, 'ids are found whatever stands in them', async (store) => {
      for (const id of nastyNames) await store.append(creation(id));
      const folded = (text: string): string => text.normalize('NFC').toLowerCase();
      for (const id of nastyNames.filter((name) => name.trim() !== '')) {
        const found = new Set(await ids(store, { q: id, limit: 500 }));
        assert.ok(found.has(id), JSON.stringify(id));
        for (const other of nastyNames) {
          if (found.has(other)) assert.ok(folded(other).startsWith(folded(id)), `${id} found ${other}`);
        }
      }
    }),
    caseOf(subject, 'executions are found by words of their error', async (store) => {
      const fail = async (id: string, at: number, text: string): Promise<void> => {
        await store.append(creation(id, { started_at: second(at) }));
        const error = { code: 'HANDLER_ERROR', message: text };
        await store.append(completion(id, 1, { started_at: second(at), status: 'failed', error }));
      };
      await fail('e1', 1, 'Connection to "db-1.example:5432" REFUSED (Grüße, Ärger).');
      await fail('e2', 2, 'The disk is full, the connection is lost.');
      await store.append(creation('e3'));
      assert.deepEqual(await ids(store, { q: 'connection' }), ['e2', 'e1']);
      assert.deepEqual(await ids(store, { q: 'Refused Connection' }), ['e1']);
      assert.deepEqual(await ids(store, { q: 'disk LOST' }), ['e2']);
      assert.deepEqual(await ids(store, { q: 'disk refused' }), []);
      assert.deepEqual(await ids(store, { q: 'grüße ärger' }), ['e1']);
      assert.deepEqual(await ids(store, { q: 'ÄRGER' }), ['e1']);
      assert.deepEqual(await ids(store, { q: 'db-1.example:5432' }), ['e1']);
      assert.deepEqual(await ids(store, { q: 'HANDLER_ERROR' }), []);
      assert.deepEqual(await ids(store, { q: 'nothing' }), []);
      assert.deepEqual(await ids(store, { q: 'connection', status: ['running'] }), []);
    }),
    caseOf(subject, 'a rare word is found among frequent ones', async (store) => {
      for (let n = 0; n < 60; n++) {
        const id = `e${String(n).padStart(2, '0')}`;
        await store.append(creation(id, { started_at: second(n) }));
        const error = {
          code: 'HANDLER_ERROR',
          message: `The server of supplier s${n >> 1} refused line l${n}.`,
        };
        await store.append(completion(id, 1, { started_at: second(n), status: 'failed', error }));
      }
      // Its id begins with the first of the words, and with all of them.
      await store.append(creation('refused', { started_at: second(100) }));
      await store.append(creation('refused s7', { started_at: second(101) }));
      assert.deepEqual(await ids(store, { q: 'supplier s7' }), ['e15', 'e14']);
      assert.deepEqual(await ids(store, { q: 'l14 of server s7 refused' }), ['e14']);
      assert.deepEqual(await ids(store, { q: 'refused s7' }), ['refused s7', 'e15', 'e14']);
      assert.deepEqual(await ids(store, { q: 'supplier s7', started_after: second(15) }), ['e15']);
      for (const q of ['s7 s8', 'refused l14 s8', 'supplier nobody', 'supplie s7'])
        assert.deepEqual(await ids(store, { q }), [], q);
      assert.equal((await store.list({ q: 'server refused', limit: 3 })).count, 60);
      const [first] = (await store.list({ q: 'refused s7', limit: 1 })).results;
      assert.equal(first?.id, 'refused s7');
      assert.equal((await store.list({ q: 'refused s7', limit: 1 })).count, 3);
    }),
    caseOf(subject, 'every narrowed list is paged without gap or double while others come', async (store) => {
      const origin = {
        parent: { execution_id: 'p', step_id: 'a', attached: false },
        concurrency: { key: 'k', limit: 50, policy: 'queue' as const },
      };
      const create = (n: number) =>
        store.append({
          ...creation(`e${String(n).padStart(2, '0')}`, { workflow_id: 'w', started_at: second(n) }),
          origin,
        });
      for (let n = 0; n < 24; n += 2) await create(n);
      const expected = await ids(store);
      assert.equal(expected.length, 12);
      const queries: ExecutionQuery[] = [
        {},
        { workflow_id: 'w' },
        { status: ['running', 'waiting'] },
        { workflow_id: 'w', status: ['running', 'failed'] },
        { started_after: second(0), started_before: second(100) },
        { parent_id: 'p' },
        { concurrency_key: 'k' },
        { q: 'E' },
        { q: 'w', workflow_id: 'w', parent_id: 'p' },
      ];
      let extra = 1000;
      for (const query of queries) {
        const seen: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await store.list({ ...query, limit: 5, cursor });
          seen.push(...page.results.map(({ id }) => id));
          cursor = page.next_cursor;
          // A new one, newer than all, and one that is none of these.
          await create(++extra);
          await store.append(creation(`other-${extra}`, { status: 'waiting', started_at: second(extra) }));
        } while (cursor !== undefined);
        const found = seen.filter((id) => expected.includes(id));
        assert.deepEqual(found, expected, JSON.stringify(query));
        assert.equal(new Set(seen).size, seen.length);
      }
    }),
  ];
}
