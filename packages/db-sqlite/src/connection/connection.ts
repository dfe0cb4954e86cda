import { type Answerer, createSqliteCompiler, type Insert, type SQL, tables } from 'db-common';
import type { Database, Statement } from '../driver/driver.ts';

/** An open database with its statements. */
export interface Connection extends Answerer<unknown[], number> {
  readonly database: Database;
  /** The statement of a text, prepared once. */
  statement(text: string): Statement;
  close(): void;
}

/** So many statements stay prepared. */
const mostStatements = 300;

/** Wraps an open database. */
export function createConnection(database: Database): Connection {
  const compile = createSqliteCompiler();
  const statements = new Map<string, Statement>();

  const statement = (text: string): Statement => {
    let found = statements.get(text);
    if (!found) {
      found = database.prepare(text);
      if (statements.size >= mostStatements) statements.delete(statements.keys().next().value!);
      statements.set(text, found);
    }
    return found;
  };

  return {
    database,
    statement,
    rows(query: SQL) {
      const { text, params } = compile(query);
      const prepared = statement(text);
      if (prepared.reader) return prepared.all(...params);
      prepared.run(...params);
      return [];
    },
    insert({ into, rows, conflict }) {
      let added = 0;
      for (const row of rows) {
        const text = insertText(into, Object.keys(row), conflict);
        added += statement(text).run(...Object.values(row)).changes;
      }
      return added;
    },
    close() {
      statements.clear();
      database.close();
    },
  };
}

function insertText(into: Insert['into'], columns: readonly string[], conflict: Insert['conflict']): string {
  const { name, key } = tables[into];
  const names = columns.map((column) => `"${column}"`);
  const text = `insert into ${name} (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`;
  if (conflict === undefined) return text;
  if (conflict === 'ignore') return `${text} on conflict do nothing`;
  const changes = names.map((column) => `${column} = excluded.${column}`);
  return `${text} on conflict (${key.join(', ')}) do update set ${changes.join(', ')}`;
}
