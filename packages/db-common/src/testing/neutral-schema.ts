import type { AnyTable } from '../schema/describe.ts';

/** A schema as it is found in a database, or as it is described, in words that are the same for all of them. */
export type NeutralSchema = Record<string, NeutralTable>;

export interface NeutralTable {
  columns: Record<string, { type: 'text' | 'integer'; nullable: boolean }>;
  key: readonly string[];
  /** By their full names. `where` is written as {@link plainCondition} writes it. */
  indexes: Record<string, { on: readonly string[]; unique: boolean; where?: string }>;
  /** `COLUMN -> TABLE.COLUMN`. */
  references: readonly string[];
}

/** What a database should have. */
export function neutralSchema(tables: readonly AnyTable[]): NeutralSchema {
  return Object.fromEntries(tables.map((table) => [table.name, neutralTable(table)]));
}

function neutralTable({ name, columns, key, indexes = {}, parent }: AnyTable): NeutralTable {
  return {
    columns: Object.fromEntries(
      Object.entries(columns).map(([column, { kind, nullable }]) => [
        column,
        { type: kind === 'text' || kind === 'json' ? 'text' : 'integer', nullable },
      ]),
    ),
    key,
    indexes: Object.fromEntries(
      Object.entries(indexes).map(([index, { on, unique = false, where }]) => [
        `${name}_${index}`,
        { on, unique, ...(where !== undefined && { where: plainCondition(where) }) },
      ]),
    ),
    references: parent ? [`${parent.column} -> ${parent.table}.${parent.key}`] : [],
  };
}

/** A condition without what databases add to it: brackets, casts, quotes, upper case. */
export function plainCondition(where: string): string {
  return where
    .replace(/::\w+|["`()]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}
