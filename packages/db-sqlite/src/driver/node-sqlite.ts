import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { VwmpError } from '@vwmp/core';
import { busyTimeout, type Database, type Open, type Row, type Statement } from './driver.ts';
import { withoutWarning } from './without-warning.ts';

type Module = typeof import('node:sqlite');

/**
 * The SQLite that Node brings.
 *
 * @throws STORE_UNAVAILABLE where Node does not have it, or without what is needed of it
 */
export function loadNodeSqlite(): Open {
  const sqlite = withoutWarning(/SQLite/, () => process.getBuiltinModule('node:sqlite')) as
    | Module
    | undefined;
  // Came with the last of what is used here, in 22.16.
  if (typeof sqlite?.backup === 'function') return (path) => wrap(sqlite, path);
  const message =
    `Node's own SQLite needs Node 22.16 or newer, and this is Node ${process.versions.node}, or one that was made without it. ` +
    'Use another Node, or the driver better-sqlite3 (npm install better-sqlite3).';
  throw new VwmpError('STORE_UNAVAILABLE', message, { retryable: false });
}

function wrap({ DatabaseSync, backup }: Module, path: string): Database {
  const database = new DatabaseSync(path, { timeout: busyTimeout });
  const prepare = (text: string): Statement => new NodeStatement(database, text);
  return {
    prepare,
    exec: (text) => database.exec(text),
    pragma(text, { simple = false } = {}) {
      const statement = prepare(`pragma ${text}`);
      // Some do their work row by row, so that all of them have to be fetched.
      return simple ? statement.pluck().all()[0] : statement.all();
    },
    rollback() {
      if (database.isTransaction) database.exec('rollback');
    },
    async backup(target, rate) {
      await backup(database, target, { rate });
    },
    close: () => close(database),
  };
}

function close(database: DatabaseSync): void {
  if (database.isOpen) database.close();
}

type Values = readonly SQLInputValue[];

/**
 * Takes rows as lists and makes objects of them: one with eight columns takes 1.3 µs so, and 2.0 if Node makes it.
 * SQLite gets to know it when it is first used: of those that a store has at hand a process that waits uses a few.
 */
class NodeStatement implements Statement {
  readonly #database: DatabaseSync;
  readonly #text: string;
  #prepared: StatementSync | undefined;
  #names: readonly string[] = [];
  #plucked = false;

  constructor(database: DatabaseSync, text: string) {
    this.#database = database;
    this.#text = text;
  }

  get #native(): StatementSync {
    return this.#prepared ?? this.#prepare();
  }

  #prepare(): StatementSync {
    const prepared = this.#database.prepare(this.#text);
    this.#names = prepared.columns().map(({ name }) => name);
    prepared.setReturnArrays(true);
    this.#prepared = prepared;
    return prepared;
  }

  get reader(): boolean {
    if (!this.#prepared) this.#prepare();
    return this.#names.length > 0;
  }

  run(...values: readonly unknown[]): { changes: number; lastInsertRowid: number | bigint } {
    const { changes, lastInsertRowid } = this.#native.run(...(values as Values));
    return { changes: Number(changes), lastInsertRowid };
  }

  get(...values: readonly unknown[]): Row | undefined {
    const list: Row = this.#native.get(...(values as Values));
    return list === undefined ? undefined : this.#row(list as SQLOutputValue[]);
  }

  all(...values: readonly unknown[]): Row[] {
    const rows: Row[] = this.#native.all(...(values as Values));
    for (let index = 0; index < rows.length; index++)
      rows[index] = this.#row(rows[index] as SQLOutputValue[]);
    return rows;
  }

  pluck(): this {
    this.#plucked = true;
    return this;
  }

  #row(list: readonly SQLOutputValue[]): Row {
    if (this.#plucked) return list[0];
    const row: Record<string, SQLOutputValue> = {};
    for (let index = 0; index < list.length; index++) row[this.#names[index]!] = list[index]!;
    return row;
  }
}
