import type { JsonObject, Maintenance, TableSize } from '@vwmp/core';
import { hasCode } from '@vwmp/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { copyRows, verify } from './copy.ts';
import type { Progress } from './progress.ts';

type Rows = Record<string, JsonObject[]>;

const silent: Progress = { show() {}, line() {}, end() {} };

/** What `copy` uses of a database, over arrays that are sorted by `id`; `importRows` is all or none. */
function createRows(
  tables: Rows,
): Pick<Maintenance, 'tables' | 'exportRows' | 'importRows'> & { tables_: Rows } {
  return {
    tables_: tables,
    async tables() {
      return Object.entries(tables).map(([name, rows]): TableSize => ({ name, rows: rows.length }));
    },
    async exportRows(table, after, limit) {
      const from = after === undefined ? 0 : tables[table]!.findIndex(({ id }) => id === Number(after)) + 1;
      const rows = tables[table]!.slice(from, from + limit);
      const more = from + limit < tables[table]!.length;
      return { rows: structuredClone(rows), ...(more && { cursor: String(rows.at(-1)!.id) }) };
    },
    async importRows(table, rows) {
      const kept = tables[table]!.filter(({ id }) => !rows.some((row) => row.id === id));
      tables[table] = [...kept, ...rows].sort((a, b) => Number(a.id) - Number(b.id));
    },
  };
}

const row = fc.record({ text: fc.string(), n: fc.oneof(fc.integer(), fc.constant(null)) });
const tables = fc.array(fc.array(row, { maxLength: 60 }), { minLength: 1, maxLength: 4 }).map((all): Rows => {
  const named = all.map((rows, at) => [`t${at}`, rows.map((each, id) => ({ id: id * 3, ...each }))]);
  return Object.fromEntries(named) as Rows;
});
const emptied = (source: Rows): Rows => Object.fromEntries(Object.keys(source).map((name) => [name, []]));

test('property: a copy that is broken off at any moments and resumed is the same, and nothing is written twice', async () => {
  await fc.assert(
    fc.asyncProperty(tables, fc.array(fc.nat(3), { maxLength: 8 }), async (source, breaks) => {
      const from = createRows(source) as Maintenance & { tables_: Rows };
      const to = createRows(emptied(source)) as Maintenance & { tables_: Rows };
      const sizes = await from.tables();
      const written = new Map<string, number>();
      for (const left of [...breaks, Number.POSITIVE_INFINITY]) {
        let calls = 0;
        const breaking: Maintenance = {
          ...to,
          async importRows(table, rows) {
            if (calls++ >= left) throw new Error('killed');
            for (const { id } of rows)
              written.set(`${table} ${id}`, (written.get(`${table} ${id}`) ?? 0) + 1);
            await to.importRows(table, rows);
          },
        };
        await copyRows(from, breaking, sizes, silent).catch((error: Error) => {
          expect(error.message).toBe('killed');
        });
      }
      expect(to.tables_).toEqual(source);
      expect([...written.values()].every((times) => times === 1)).toBe(true);
      const { different, tables: compared } = await verify(from, to, sizes, silent);
      expect(different).toEqual([]);
      expect(compared.map(({ rows }) => rows)).toEqual(Object.values(source).map(({ length }) => length));
    }),
    { numRuns: 200 },
  );
});

test('property: the comparison finds any difference of any one row', async () => {
  await fc.assert(
    fc.asyncProperty(
      tables,
      fc.nat(),
      fc.nat(),
      fc.constantFrom('text', 'missing', 'more'),
      async (source, a, b, how) => {
        const names = Object.keys(source).filter((name) => source[name]!.length > 0);
        fc.pre(names.length > 0);
        const name = names[a % names.length]!;
        const target = structuredClone(source);
        const rows = target[name]!;
        const at = b % rows.length;
        if (how === 'text') rows[at] = { ...rows[at]!, text: `${rows[at]!.text as string}!` };
        else if (how === 'missing') rows.splice(at, 1);
        else rows.push({ ...rows[at]!, id: rows.length * 3 });
        const from = createRows(source) as Maintenance & { tables_: Rows };
        const to = createRows(target) as Maintenance & { tables_: Rows };
        const { different } = await verify(from, to, await from.tables(), silent);
        expect(different).toEqual([name]);
        // Resuming would not take it for a copy that was broken off either, unless only the end is missing.
        const isBeginning = how === 'missing' && at === source[name]!.length - 1;
        const resumed = copyRows(from, to, await from.tables(), silent);
        if (isBeginning) await resumed;
        else await expect(resumed).rejects.toSatisfy((error) => hasCode(error, 'COPY_MISMATCH'));
      },
    ),
    { numRuns: 200 },
  );
});

test('rows of very different sizes are read in batches that stay small', async () => {
  const large = 'x'.repeat(2 * 1024 * 1024);
  const rows = Array.from({ length: 400 }, (_, id) => ({ id, text: id > 100 && id % 10 === 0 ? large : '' }));
  const from = createRows({ t: rows }) as Maintenance & { tables_: Rows };
  const to = createRows({ t: [] }) as Maintenance & { tables_: Rows };
  let most = 0;
  const spied: Maintenance = {
    ...to,
    async importRows(table, batch) {
      most = Math.max(most, batch.length);
      await to.importRows(table, batch);
    },
  };
  await copyRows(from, spied, await from.tables(), silent);
  expect(to.tables_.t).toHaveLength(400);
  expect(most).toBeGreaterThan(16);
});

test('a target without a table of the source is refused', async () => {
  const from = createRows({ a: [], b: [{ id: 1 }] }) as Maintenance & { tables_: Rows };
  const to = createRows({ a: [] }) as Maintenance & { tables_: Rows };
  await expect(copyRows(from, to, await from.tables(), silent)).rejects.toThrow(/table "b".*no such table/);
});
