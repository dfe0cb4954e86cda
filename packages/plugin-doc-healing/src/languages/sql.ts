import { type Checker, failedAt, notChecked, ok, type Verdict } from './verdict.ts';

/** What neither of the parsers here knows: MySQL, SQL Server, Oracle, and placeholders of templates. */
const otherDialect =
  /`|\bDELIMITER\b|^[ \t]*GO[ \t]*$|\bAUTO_INCREMENT\b|\bENGINE\s*=|\bTOP\s*\(|@@?\w+|\[\w+\]|\{\{|\bVARCHAR2\b|^[ \t]*\\|%s|%\(\w+\)s/im;

/** A session, or a statement of which something is left out. */
const shown = /^[ \t]*[\w.-]+(?:\(\w+\))?(?:=[#>*]|>) |(?:^|[\s(,])(?:\.{3}|…)(?=[\s),;]|$)/m;

/**
 * SQL, by a parser of PostgreSQL's and by SQLite, where Node has it. What one of them takes is fine; other dialects
 * are not checked.
 */
export const checkSql: Checker = async (texts) => {
  const postgres = await import('pgsql-ast-parser');
  const accepts = await openSqlite();
  return texts.map((text): Verdict => {
    if (text.trim() === '') return ok;
    try {
      postgres.parse(text);
      return ok;
    } catch (error) {
      if (accepts?.(text) === true) return ok;
      if (!accepts) return notChecked('no parser for its dialect');
      if (shown.test(text)) return notChecked('a session, or not whole');
      if (otherDialect.test(text)) return notChecked('another dialect');
      const { message } = error as Error;
      const [, line, column] = /line (\d+) col(?:umn)? (\d+)/.exec(message) ?? [];
      const token = /Unexpected (?:input|[\w-]+ token)[^\n.]*/.exec(message)?.[0] ?? 'syntax error';
      if (line === undefined) return failedAt(text, text.trimEnd().length, `SQL: ${message.split('\n')[0]}`);
      return { status: 'failed', message: `SQL: ${token}`, line: Number(line), column: Number(column) };
    }
  });
};

/** @returns a function that says whether SQLite can read a text; undefined on a Node without it */
async function openSqlite(): Promise<((text: string) => boolean) | undefined> {
  const sqlite = process.getBuiltinModule('node:sqlite') as typeof import('node:sqlite') | undefined;
  if (!sqlite) return undefined;
  return (text) => {
    const database = new sqlite.DatabaseSync(':memory:');
    try {
      // EXPLAIN compiles and runs nothing.
      for (const statement of statementsOf(text)) if (!compiles(database, statement)) return false;
      return true;
    } finally {
      database.close();
    }
  };
}

function compiles(database: import('node:sqlite').DatabaseSync, statement: string): boolean {
  try {
    database.prepare(`EXPLAIN ${statement}`);
    return true;
  } catch (error) {
    // What is read only then turns out not to be there.
    return !/syntax error|incomplete input|unrecognized token/.test((error as Error).message);
  }
}

function statementsOf(text: string): string[] {
  const bare = text.replace(/--[^\n]*/g, '').replace(/\/\*[\s\S]*?\*\//g, '');
  return (bare.match(/(?:'(?:[^']|'')*'|"[^"]*"|[^;'"]|['"])+/g) ?? []).filter((part) => part.trim() !== '');
}
