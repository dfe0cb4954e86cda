import assert from 'node:assert/strict';
import type { LogLevel } from '@vwmp/core';
import type { Lifecycle, LogEntry, LogStore, Storage } from '@vwmp/core/ports';
import { lifecycleCases, type Uses } from './lifecycle.ts';
import { completion, creation, epochStart, nastyTexts, second } from './samples.ts';
import { type Case, caseOf, part, type Subject, tamper } from './suite.ts';

/** What the tests of a {@link LogStore} need besides it: entries belong to an execution. */
export type Logging = Lifecycle & Pick<Storage, 'executions' | 'logs'>;

/** Everything that a {@link LogStore} has to pass. */
export function logStoreSuite(subject: Subject<Logging>): Case[] {
  const uses: Uses<LogStore> = {
    add: (store) => store.add([entry('e1', 1)]),
    list: (store) => store.list('e1'),
  };
  const logs = part(subject, (storage) => storage.logs);
  return [...logCases(subject), ...lifecycleCases(logs, uses)];
}

function entry(execution_id: string, n: number, changes: Partial<LogEntry> = {}): LogEntry {
  return { execution_id, timestamp: second(n), level: 'info', message: `message ${n}`, ...changes };
}

function logCases(subject: Subject<Logging>): Case[] {
  const numbers = (from: number, to: number): number[] =>
    Array.from({ length: to - from + 1 }, (_, n) => from + n);

  return [
    caseOf(
      subject,
      'entries come back as they are, those added first before others',
      async ({ executions, logs }) => {
        await executions.append(creation('e1'));
        await executions.append(creation('e2'));
        const entries = [
          // Times that sort differently.
          entry('e1', 5, { level: 'debug', step_id: 'a', index: 0, data: { a: [1, null, 'ü'] } }),
          entry('e1', 3, { level: 'warn', step_id: 'a', index: 12, data: null }),
          entry('e1', 9, { level: 'error', data: 'text' }),
          ...nastyTexts.map((message) => entry('e1', 1, { message, data: message })),
        ];
        await logs.add(entries.slice(0, 2));
        await logs.add([entry('e2', 1)]);
        await logs.add(entries.slice(2));
        assert.deepEqual(await logs.list('e1', { limit: 500 }), { results: entries, count: entries.length });
        assert.deepEqual(await logs.list('e2'), { results: [entry('e2', 1)], count: 1 });
        assert.deepEqual(await logs.list('nobody'), { results: [], count: 0 });
      },
    ),
    caseOf(subject, 'the same entry twice is two entries, and none is none', async ({ executions, logs }) => {
      await executions.append(creation('e1'));
      await logs.add([]);
      await logs.add([entry('e1', 1), entry('e1', 1)]);
      await logs.add([entry('e1', 1)]);
      assert.equal((await logs.list('e1')).count, 3);
    }),
    caseOf(
      subject,
      'those of an execution that is not there are dropped, the rest is not',
      async ({ executions, logs }) => {
        await executions.append(creation('e1'));
        await logs.add([entry('nobody', 1), entry('e1', 2), entry('gone', 3), entry('e1', 4)]);
        assert.deepEqual((await logs.list('e1')).results, [entry('e1', 2), entry('e1', 4)]);
        await executions.append(creation('nobody'));
        assert.deepEqual(await logs.list('nobody'), { results: [], count: 0 });
      },
    ),
    caseOf(subject, 'pages have no gap or double while entries are added', async ({ executions, logs }) => {
      await executions.append(creation('e1'));
      await logs.add(numbers(1, 5).map((n) => entry('e1', n)));
      const first = await logs.list('e1', { limit: 2 });
      assert.deepEqual(first.results, [entry('e1', 1), entry('e1', 2)]);
      await logs.add([entry('e1', 6)]);
      const next = await logs.list('e1', { limit: 2, cursor: first.next_cursor! });
      assert.deepEqual(next.results, [entry('e1', 3), entry('e1', 4)]);
      assert.equal(next.count, 6);
      const last = await logs.list('e1', { limit: 2, cursor: next.next_cursor! });
      assert.deepEqual(last, { results: [entry('e1', 5), entry('e1', 6)], count: 6 });
    }),
    caseOf(subject, 'entries are narrowed by step and level', async ({ executions, logs }) => {
      await executions.append(creation('e1'));
      const levels: LogLevel[] = ['debug', 'info', 'warn', 'error'];
      const all = numbers(0, 23).map((n) =>
        entry('e1', n, { level: levels[n % 4], ...(n % 3 > 0 && { step_id: n % 3 === 1 ? 'a' : 'ab' }) }),
      );
      await logs.add(all);
      const picked = (keep: (each: LogEntry) => boolean): LogEntry[] => all.filter(keep);
      assert.deepEqual(
        (await logs.list('e1', { step_id: 'a' })).results,
        picked(({ step_id }) => step_id === 'a'),
      );
      assert.deepEqual(
        (await logs.list('e1', { level: ['warn', 'error'] })).results,
        picked(({ level }) => level === 'warn' || level === 'error'),
      );
      assert.deepEqual((await logs.list('e1', { level: [] })).results, []);
      const query = { level: ['error'] as const, step_id: 'ab', limit: 1 };
      const expected = picked(({ level, step_id }) => level === 'error' && step_id === 'ab');
      const first = await logs.list('e1', query);
      assert.deepEqual(first.results, expected.slice(0, 1));
      assert.equal(first.count, 2);
      const last = await logs.list('e1', { ...query, cursor: first.next_cursor! });
      assert.deepEqual(last, { results: expected.slice(1), count: 2 });
    }),
    caseOf(subject, 'thousands of entries are all there, in order', async ({ executions, logs }) => {
      await executions.append(creation('e1'));
      for (const from of [0, 1000, 2000])
        await logs.add(numbers(from, from + 999).map((n) => entry('e1', n)));
      const seen: LogEntry[] = [];
      let cursor: string | undefined;
      do {
        const page = await logs.list('e1', { limit: 500, cursor });
        assert.equal(page.count, 3000);
        seen.push(...page.results);
        cursor = page.next_cursor;
      } while (cursor !== undefined);
      assert.deepEqual(
        seen,
        numbers(0, 2999).map((n) => entry('e1', n)),
      );
    }),
    caseOf(subject, 'entries that are added at the same time are all kept', async (storage, bench) => {
      const other = await bench.companion();
      await storage.executions.append(creation('e1'));
      await Promise.all(
        numbers(0, 39).map((n) => (n % 2 ? storage : other).logs.add([entry('e1', n), entry('e1', n)])),
      );
      const { results, count } = await storage.logs.list('e1', { limit: 500 });
      assert.equal(count, 80);
      // Those that were added together stay together.
      for (let n = 0; n < 80; n += 2) assert.deepEqual(results[n], results[n + 1]);
    }),
    caseOf(
      subject,
      'an execution that has ended keeps its entries until it is pruned',
      async ({ executions, logs }) => {
        await executions.append(creation('e1'));
        await executions.append(creation('e2'));
        await logs.add([entry('e1', 1), entry('e2', 1)]);
        await executions.append(completion('e1', 1));
        await logs.add([entry('e1', 2)]);
        assert.equal((await logs.list('e1')).count, 2);
        assert.equal(await executions.prune({ max_count: 0 }, epochStart + 1_000_000, 10), 1);
        assert.deepEqual(await logs.list('e1'), { results: [], count: 0 });
        await logs.add([entry('e1', 3)]);
        await executions.append(creation('e1'));
        assert.deepEqual(await logs.list('e1'), { results: [], count: 0 });
        assert.equal((await logs.list('e2')).count, 1);
      },
    ),
    caseOf(subject, 'what was given in or out can be changed without harm', async ({ executions, logs }) => {
      await executions.append(creation('e1'));
      const given = entry('e1', 1, { data: { a: 1 } });
      await logs.add([given]);
      tamper(() => Object.assign(given, { message: 'changed' }));
      const [read] = (await logs.list('e1')).results;
      tamper(() => Object.assign(read!, { message: 'changed' }));
      assert.deepEqual((await logs.list('e1')).results, [entry('e1', 1, { data: { a: 1 } })]);
    }),
    ...(subject.durable
      ? [
          caseOf(subject, 'everything is there for the next one that opens', async (storage, bench) => {
            const other = await bench.another();
            await storage.executions.append(creation('e1'));
            await other.logs.add([entry('e1', 1)]);
            await storage.logs.add([entry('e1', 2), entry('nobody', 2)]);
            await storage.close();
            const next = await bench.another();
            assert.deepEqual((await next.logs.list('e1')).results, [entry('e1', 1), entry('e1', 2)]);
            await next.logs.add([entry('e1', 3)]);
            assert.equal((await other.logs.list('e1')).count, 3);
          }),
        ]
      : []),
  ];
}
