/**
 * What a column holds. Both databases hold it in the same form, so that rows can be moved between them as they are:
 *
 * - `text`: ordered by code points (PostgreSQL: `COLLATE "C"`)
 * - `integer`: up to 2^53; times are milliseconds since 1970
 * - `json`: the text of a JSON value. Not PostgreSQL's `jsonb`, which refuses `\u0000` and reorders keys
 * - `serial`: an integer that grows with every row
 */
export type ColumnKind = 'text' | 'integer' | 'json' | 'serial';

export interface Column {
  kind: ColumnKind;
  nullable: boolean;
}

/** The column that holds such a value. */
type ColumnOf<V> = {
  kind: Exclude<V, null> extends string ? 'text' | 'json' : 'integer' | 'serial';
  nullable: null extends V ? true : false;
};

/** An index, by names of columns; `where` is SQL that both databases understand. */
export interface Index<Name extends string = string> {
  on: readonly Name[];
  unique?: boolean;
  where?: string;
}

/** A table, by what its rows are. */
export interface Table<R extends object = Record<string, string | number | null>> {
  name: string;
  columns: { [K in keyof R]: ColumnOf<R[K]> };
  /** Names of the columns of the primary key. */
  key: readonly (keyof R & string)[];
  /** By what follows the name of the table in theirs. */
  indexes?: Readonly<Record<string, Index<keyof R & string>>>;
  /** Rows lie in the order of the key (SQLite: `WITHOUT ROWID`). */
  clustered?: boolean;
  /** Rows go with the one that this column refers to. */
  parent?: { column: keyof R & string; table: string; key: string };
}

/** A table, whatever its rows are. */
export interface AnyTable {
  name: string;
  columns: Readonly<Record<string, Column>>;
  key: readonly string[];
  indexes?: Readonly<Record<string, Index>>;
  clustered?: boolean;
  parent?: { column: string; table: string; key: string };
}

/** Columns that are never null. */
export const text: { kind: 'text'; nullable: false } = { kind: 'text', nullable: false };
export const integer: { kind: 'integer'; nullable: false } = { kind: 'integer', nullable: false };
export const json: { kind: 'json'; nullable: false } = { kind: 'json', nullable: false };
export const serial: { kind: 'serial'; nullable: false } = { kind: 'serial', nullable: false };

/** Columns that may be null. */
export const optional: {
  text: { kind: 'text'; nullable: true };
  integer: { kind: 'integer'; nullable: true };
  json: { kind: 'json'; nullable: true };
} = {
  text: { kind: 'text', nullable: true },
  integer: { kind: 'integer', nullable: true },
  json: { kind: 'json', nullable: true },
};
