import type { Statement } from './connection/exchange.ts';
import { booleans, integers, texts, type Value } from './connection/values.ts';

/** Milliseconds since 1970 by the clock of the server: workers need not agree on the time. */
export const now = '(extract(epoch from clock_timestamp()) * 1000)::bigint';

/** A number that no other connection has now: what each counts in a row of its own, nobody waits for. */
export const slot = `current_setting('vwmp.slot')::bigint`;

export type Type = 'text' | 'bigint' | 'boolean';
type Cell = string | number | boolean | null;

/** A number that `bigint` can hold, whatever was given: times and positions may be fractions, or beyond all. */
export function whole(value: number): number {
  const largest = Number.MAX_SAFE_INTEGER;
  return Math.min(Math.max(Math.floor(value) || 0, -largest), largest);
}

const fewRows = 3;

/** Texts that were written before, by the name and the form of the statement. */
const written = new Map<string, string>();

/**
 * Writes a prepared statement of `with` parts. Its text is put together once for each form: what is given as a function is
 * called only then.
 */
export class Sql {
  #name: string;
  readonly #small: boolean;
  readonly #values: Value[] = [];
  readonly #parts: (() => string)[] = [];

  /**
   * @param name - under which it is prepared, together with its form
   * @param small - whether it is for a single item, so that its few rows are worth a form of their own
   */
  constructor(name: string, small = false) {
    this.#name = name;
    this.#small = small;
  }

  /** Notes what makes the text another one, but for its values. */
  form(what: string): void {
    this.#name += `_${what}`;
  }

  /** @returns its place in the text */
  value(value: Cell, type: Type): string {
    return `$${this.#push(typeof value === 'boolean' ? String(value) : value)}::${type}`;
  }

  /** An array of texts as they are stored. @returns its place in the text */
  texts(values: readonly string[]): string {
    return `$${this.#push(texts(values))}::text[]`;
  }

  /** Adds `NAME as (…)`. */
  with(name: string, body: () => string): void {
    this.#parts.push(() => `${name} as (${body()})`);
  }

  /**
   * Adds rows with these columns, and `i`, in which they are numbered. A few rows go value by value: an array costs the server a
   * tenth of a small transaction.
   */
  given<R extends Record<keyof R, Cell>>(
    name: string,
    types: { [K in keyof R]: Type },
    rows: readonly R[],
  ): void {
    const columns = Object.keys(types) as (keyof R & string)[];
    const first = this.#values.length + 1;
    const { length } = rows;
    if (this.#small && length > 0 && length <= fewRows) {
      this.form(`${name}${length}`);
      for (const row of rows) {
        for (const column of columns) {
          const cell: Cell = row[column];
          this.#push(typeof cell === 'boolean' ? String(cell) : cell);
        }
      }
      this.with(name, () => {
        const lines = rows.map((_, n) => {
          const at = first + n * columns.length;
          return [
            ...columns.map((column, index) => `$${at + index}::${types[column]}`),
            `${n + 1}::bigint`,
          ].join(', ');
        });
        return `select * from (values (${lines.join('), (')})) as rows(${columns.join(', ')}, i)`;
      });
      return;
    }
    this.form(name);
    for (const column of columns) this.#push(arrayOf(types[column], rows, column));
    this.with(name, () => {
      const arrays = columns.map((column, index) => `$${first + index}::${types[column]}[]`);
      return `select * from unnest(${arrays.join(', ')}) with ordinality as rows(${columns.join(', ')}, i)`;
    });
  }

  end(select: () => string): Statement {
    let text = written.get(this.#name);
    if (text === undefined) {
      const parts = this.#parts.map((part) => part());
      text = parts.length > 0 ? `with ${parts.join(',\n')}\n${select()}` : select();
      written.set(this.#name, text);
    }
    return { text, values: this.#values, name: this.#name };
  }

  /** A statement that is not prepared. */
  once(text: string): Statement {
    return { text, values: this.#values };
  }

  #push(value: Value): number {
    return this.#values.push(value);
  }
}

function arrayOf<R extends Record<keyof R, Cell>>(type: Type, rows: readonly R[], column: keyof R): Buffer {
  switch (type) {
    case 'text':
      return texts(rows.map((row) => row[column] as string | null));
    case 'bigint':
      return integers(rows.map((row) => row[column] as number | null));
    case 'boolean':
      return booleans(rows.map((row) => row[column] as boolean));
  }
}
