import type { Column, SQL } from 'drizzle-orm';

/** A query as a driver takes it. */
export interface CompiledQuery {
  text: string;
  params: unknown[];
}

type Config = Parameters<SQL['toQuery']>[0];

/** How names are written is the same in both databases; drizzle's dialects would bring everything else that it can do. */
const names = {
  casing: { getColumnCasing: ({ name }: Column) => name },
  escapeName: (name: string) => `"${name.replaceAll('"', '""')}"`,
  escapeString: (text: string) => `'${text.replaceAll("'", "''")}'`,
};

function createCompiler(escapeParam: Config['escapeParam']): (query: SQL) => CompiledQuery {
  const config = { ...names, escapeParam } as unknown as Config;
  return (query) => {
    const { sql: text, params } = query.toQuery(config);
    return { text, params };
  };
}

/** Makes what writes queries for SQLite. */
export function createSqliteCompiler(): (query: SQL) => CompiledQuery {
  return createCompiler(() => '?');
}

/** Makes what writes queries for PostgreSQL. */
export function createPostgresCompiler(): (query: SQL) => CompiledQuery {
  return createCompiler((index) => `$${index + 1}`);
}
