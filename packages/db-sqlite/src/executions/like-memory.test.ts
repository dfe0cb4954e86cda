import { completion, creation, epochStart, second } from '@vwmp/adapter-tests/samples';
import type { Append, ExecutionQuery, ExecutionStatus, ExecutionStore, Page } from '@vwmp/core';
import { createMemoryStorage } from '@vwmp/core/memory';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { sqliteDialect } from '../dialect.ts';
import { sqlitePlace } from '../testing/place.ts';

// Whatever is done to it and whatever is asked, SQLite answers like the memory does, which looks through everything one by one.

const usual = sqliteDialect.piece;
afterEach(() => {
  sqliteDialect.piece = usual;
});

const workflows = ['orders', 'Orders-eu', 'refunds'];
const words = ['disk', 'full', 'Grüße', 'timeout', 'db-1'];
const ended: ExecutionStatus[] = ['success', 'partial', 'failed', 'cancelled'];

/** Most are there in great numbers, since a few hundred of the newest are in no list yet. */
type Step =
  | { do: 'create'; many: number; workflow: number; from: number; key: number | undefined; parent: boolean }
  | { do: 'end'; which: number; many: number; status: number; word: number; at: number }
  | { do: 'restart'; which: number }
  | { do: 'prune'; max_age?: number; max_count?: number; workflow?: number; batch: number };

const stepArb: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('create' as const),
    many: fc.constantFrom(1, 3, 40, 700),
    workflow: fc.nat(2),
    from: fc.nat(2000),
    key: fc.option(fc.nat(1), { nil: undefined }),
    parent: fc.boolean(),
  }),
  fc.record({
    do: fc.constant('end' as const),
    which: fc.nat(2000),
    many: fc.constantFrom(1, 5, 300),
    status: fc.nat(3),
    word: fc.nat(4),
    at: fc.nat(5000),
  }),
  fc.record({ do: fc.constant('restart' as const), which: fc.nat(2000) }),
  fc.record(
    {
      do: fc.constant('prune' as const),
      max_age: fc.nat(5_000_000),
      max_count: fc.constantFrom(0, 1, 20, 400),
      workflow: fc.nat(2),
      batch: fc.constantFrom(1, 50, 10_000),
    },
    { requiredKeys: ['do', 'batch'] },
  ),
);

const queryArb: fc.Arbitrary<ExecutionQuery> = fc.record(
  {
    workflow_id: fc.constantFrom(...workflows, 'nothing'),
    status: fc.subarray<ExecutionStatus>(['running', 'waiting', ...ended]),
    started_after: fc.nat(3000).map(second),
    started_before: fc.nat(3000).map(second),
    parent_id: fc.constantFrom('p', 'q'),
    concurrency_key: fc.constantFrom('k0', 'k1'),
    q: fc.constantFrom('', 'ord', 'ORDERS', 'e1', 'E', 'disk', 'Full disk', 'grüße', 'nothing at all', 'db'),
    limit: fc.constantFrom(1, 7, 100, 500),
  },
  { requiredKeys: [] },
);

test('lists, counts and pages are those of the memory, after any steps', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(stepArb, { minLength: 1, maxLength: 12 }),
      fc.array(queryArb, { minLength: 1, maxLength: 12 }),
      fc.constantFrom(1, 7, 60, usual),
      async (steps, queries, piece) => {
        // Many are gone through in pieces: with small ones a few are many.
        sqliteDialect.piece = piece;
        const { make, dispose } = sqlitePlace();
        const storage = make();
        const memory = createMemoryStorage({ maxCompleted: 1_000_000 });
        try {
          await storage.open();
          await memory.open();
          await carryOut(steps, [storage.executions, memory.executions]);
          for (const query of queries) {
            const pages = await pagesOf(storage.executions, query);
            expect(pages, JSON.stringify(query)).toEqual(await pagesOf(memory.executions, query));
          }
          expect(await storage.maintenance!.check()).toEqual([]);
        } finally {
          await storage.close();
          await memory.close();
          await dispose();
        }
      },
    ),
    { numRuns: 100 },
  );
});

/** Does the same to both stores, and expects the same outcomes. */
async function carryOut(
  steps: readonly Step[],
  [a, b]: readonly [ExecutionStore, ExecutionStore],
): Promise<void> {
  const created: Append[] = [];
  const seqs = new Map<string, number>();
  const both = async (appends: Append[]): Promise<void> => {
    const [ours, theirs] = await Promise.all(
      [a, b].map((store) => Promise.allSettled(appends.map((append) => store.append(append)))),
    );
    for (const [index, { status }] of theirs!.entries()) {
      expect(ours![index]!.status).toBe(status);
      const { summary, expected_seq, events } = appends[index]!;
      if (status === 'fulfilled') seqs.set(summary.id, expected_seq + events.length);
    }
  };
  for (const step of steps) {
    if (step.do === 'create') {
      const appends = Array.from({ length: step.many }, (_, n) => creationOf(step, created.length + n));
      created.push(...appends);
      await both(appends);
    } else if (step.do === 'prune') {
      const { max_age, max_count, workflow, batch } = step;
      const workflow_id = workflow === undefined ? undefined : workflows[workflow];
      const retention = { max_age, max_count, workflow_id };
      const now = epochStart + 4_000_000;
      expect(await a.prune(retention, now, batch)).toBe(await b.prune(retention, now, batch));
    } else if (created.length > 0) {
      const many = step.do === 'end' ? Math.min(step.many, created.length) : 1;
      const chosen = Array.from({ length: many }, (_, n) => created[(step.which + n) % created.length]!);
      await both(chosen.map(({ summary }) => changeOf(step, summary, seqs.get(summary.id) ?? 1)));
    }
  }
}

function creationOf(step: Step & { do: 'create' }, n: number): Append {
  const { workflow, from, key, parent } = step;
  // Times that are not those of the creation, and some that are the same.
  const started_at = second(from + Math.floor(n / 3));
  return {
    ...creation(`${n % 2 ? 'e' : 'E'}${n}`, { workflow_id: workflows[workflow]!, started_at }),
    origin: {
      ...(key !== undefined && { concurrency: { key: `k${key}`, limit: 3, policy: 'queue' as const } }),
      ...(parent && { parent: { execution_id: 'p', step_id: 'a', attached: false } }),
    },
  };
}

function changeOf(step: Step, summary: Append['summary'], seq: number): Append {
  const { id, workflow_id, started_at } = summary;
  const same = { workflow_id, started_at };
  if (step.do !== 'end') {
    return { ...completion(id, seq, same), summary: { ...summary, status: 'waiting' } };
  }
  const status = ended[step.status] as 'success';
  const message = `The ${words[step.word]} ${words[(step.word + 1) % words.length]} of ${id}`;
  const error = status === 'success' ? undefined : { code: 'HANDLER_ERROR', message };
  return completion(id, seq, { ...same, status, at: step.at, ...(error && { error }) });
}

async function pagesOf(store: ExecutionStore, query: ExecutionQuery): Promise<unknown[]> {
  const pages: unknown[] = [];
  let cursor: string | undefined;
  do {
    const page: Page<unknown> = await store.list({ ...query, cursor });
    pages.push({ results: page.results, count: page.count, more: page.next_cursor !== undefined });
    cursor = page.next_cursor;
  } while (cursor !== undefined && pages.length < 4);
  return pages;
}
