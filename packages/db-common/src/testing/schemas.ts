import fc from 'fast-check';
import type { AnyTable, Column, ColumnKind, Index } from '../schema/describe.ts';

/** Schemas of one version after the other, each with everything that the one before had. */
export const historyArb: fc.Arbitrary<AnyTable[][]> = fc
  .array(fc.array(additionArb(), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 })
  .map((versions) => {
    const history: AnyTable[][] = [];
    let schema: AnyTable[] = [];
    for (const additions of versions) {
      for (const addition of additions) schema = add(schema, addition);
      history.push(schema);
    }
    return history;
  });

type Addition =
  | {
      add: 'table';
      table: number;
      columns: readonly Column[];
      key: number;
      clustered: boolean;
      child: boolean;
    }
  | { add: 'column'; table: number; kind: ColumnKind }
  | { add: 'index'; table: number; on: readonly number[]; where: boolean };

function additionArb(): fc.Arbitrary<Addition> {
  const kind = fc.constantFrom<ColumnKind>('text', 'integer', 'json');
  return fc.oneof(
    fc.record({
      add: fc.constant('table' as const),
      table: fc.nat(3),
      columns: fc.array(fc.record({ kind, nullable: fc.boolean() }), { minLength: 1, maxLength: 5 }),
      key: fc.integer({ min: 1, max: 2 }),
      clustered: fc.boolean(),
      child: fc.boolean(),
    }),
    fc.record({ add: fc.constant('column' as const), table: fc.nat(3), kind }),
    fc.record({
      add: fc.constant('index' as const),
      table: fc.nat(3),
      on: fc.uniqueArray(fc.nat(7), { minLength: 1, maxLength: 3 }),
      where: fc.boolean(),
    }),
  );
}

function add(schema: readonly AnyTable[], addition: Addition): AnyTable[] {
  const name = `t${addition.table}`;
  const before = schema.find((table) => table.name === name);
  if (addition.add === 'table') return before ? [...schema] : [...schema, newTable(schema, name, addition)];
  if (!before) return [...schema];
  return schema.map((table) => (table === before ? grown(table, addition) : table));
}

function newTable(
  schema: readonly AnyTable[],
  name: string,
  addition: Addition & { add: 'table' },
): AnyTable {
  const { columns, key, clustered, child } = addition;
  const keys = Array.from({ length: key }, (_, n): [string, Column] => [
    `k${n}`,
    { kind: 'text', nullable: false },
  ]);
  // Only what is the whole key of another table can be referred to.
  const parent = child ? schema.find((table) => table.key.length === 1) : undefined;
  return {
    name,
    columns: Object.fromEntries([
      ...keys,
      ...columns.map((column, n): [string, Column] => [`c${n}`, column]),
    ]),
    key: keys.map(([column]) => column),
    clustered,
    ...(parent && { parent: { column: 'k0', table: parent.name, key: 'k0' } }),
  };
}

function grown(table: AnyTable, addition: Addition & { add: 'column' | 'index' }): AnyTable {
  const names = Object.keys(table.columns);
  if (addition.add === 'column') {
    // What is added to rows that are there has no value.
    const column: Column = { kind: addition.kind, nullable: true };
    return { ...table, columns: { ...table.columns, [`a${names.length}`]: column } };
  }
  const on = [...new Set(addition.on.map((n) => names[n % names.length]!))];
  const index: Index = { on, ...(addition.where && { where: `${on[0]} is not null` }) };
  return { ...table, indexes: { ...table.indexes, [`i${Object.keys(table.indexes ?? {}).length}`]: index } };
}
