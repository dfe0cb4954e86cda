import assert from 'node:assert/strict';
import type { AuditRecord, AuditStore } from '@vwmp/core/ports';
import { lifecycleCases, type Uses } from './lifecycle.ts';
import { second } from './samples.ts';
import { type Case, caseOf, type Subject, tamper } from './suite.ts';

/** Everything that an {@link AuditStore} has to pass. */
export function auditStoreSuite(subject: Subject<AuditStore>): Case[] {
  const uses: Uses<AuditStore> = {
    add: (store) => store.add({ at: second(1), actor: 'a', action: 'b', subject: 'c' }),
    list: (store) => store.list(),
  };
  return [...auditStoreCases(subject), ...lifecycleCases(subject, uses)];
}

function auditStoreCases(subject: Subject<AuditStore>): Case[] {
  const record = (n: number, subjectId = 'w1'): AuditRecord => ({
    at: second(n),
    actor: 'someone',
    action: 'workflow.saved',
    subject: subjectId,
    details: { n, text: 'ä\n"' },
  });

  return [
    caseOf(subject, 'what was added last comes first', async (store) => {
      assert.deepEqual(await store.list(), { results: [], count: 0 });
      for (const n of [1, 2, 3]) await store.add(record(n));
      assert.deepEqual(await store.list(), { results: [record(3), record(2), record(1)], count: 3 });
    }),
    caseOf(subject, 'pages have no gap or double while records are added', async (store) => {
      for (const n of [1, 2, 3, 4, 5]) await store.add(record(n));
      const first = await store.list({ limit: 2 });
      assert.deepEqual(first.results, [record(5), record(4)]);
      await store.add(record(6));
      const next = await store.list({ limit: 2, cursor: first.next_cursor! });
      assert.deepEqual(next.results, [record(3), record(2)]);
      const last = await store.list({ limit: 2, cursor: next.next_cursor! });
      assert.deepEqual(last, { results: [record(1)], count: 6 });
    }),
    caseOf(subject, 'a page has at most 500 entries', async (store) => {
      await Promise.all(Array.from({ length: 501 }, (_, n) => store.add(record(n))));
      const page = await store.list({ limit: 10_000 });
      assert.equal(page.results.length, 500);
      assert.equal(page.count, 501);
      assert.equal((await store.list({ limit: 500, cursor: page.next_cursor! })).results.length, 1);
      assert.equal((await store.list({ limit: 0 })).results.length, 1);
    }),
    caseOf(subject, 'records are found by their subject', async (store) => {
      await store.add(record(1, 'w1'));
      await store.add(record(2, 'w2'));
      await store.add(record(3, 'w1'));
      assert.deepEqual(await store.list({ subject: 'w1' }), {
        results: [record(3, 'w1'), record(1, 'w1')],
        count: 2,
      });
      assert.deepEqual(await store.list({ subject: 'w' }), { results: [], count: 0 });
    }),
    caseOf(subject, 'what was given in or out can be changed without harm', async (store) => {
      const given = record(1);
      await store.add(given);
      tamper(() => Object.assign(given, { actor: 'changed' }));
      const listed = (await store.list()).results;
      tamper(() => Object.assign(listed[0]!, { actor: 'changed' }));
      assert.deepEqual((await store.list()).results, [record(1)]);
    }),
    ...(subject.durable
      ? [
          caseOf(subject, 'everything is there for the next one that opens', async (store, bench) => {
            const other = await bench.another();
            await Promise.all(Array.from({ length: 20 }, (_, n) => (n % 2 ? store : other).add(record(n))));
            await store.close();
            const next = await bench.another();
            const seen = (await next.list()).results.map(({ details }) => Number(details?.n));
            assert.deepEqual(
              seen.sort((a, b) => a - b),
              Array.from({ length: 20 }, (_, n) => n),
            );
          }),
        ]
      : []),
  ];
}
