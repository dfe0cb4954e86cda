import type { Scenario } from '../../scenario.ts';
import { type Candidate, measureCandidates } from './candidate.ts';

/** All three have this much in common. */
const prepared = `db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE e (id INTEGER PRIMARY KEY, data TEXT)');
const insert = db.prepare('INSERT INTO e (data) VALUES (?)'), get = db.prepare('SELECT data FROM e WHERE id = ?');
const text = JSON.stringify({ event: 'step_completed', step_id: 'load', output: 'x'.repeat(200) });
const { unlinkSync, existsSync } = process.getBuiltinModule('node:fs');
let id = 0;`;
const fresh = `const file = 'bench-' + process.pid + '.db';`;
/** A commit of its own for each row, and reading it back. */
const work = '(insert.run(text), get.get(++id).data.length)';

const sqlite: readonly Candidate[] = [
  {
    name: 'better-sqlite3',
    packages: ['better-sqlite3@13'],
    ready: `${fresh} const { default: Sqlite } = await import('better-sqlite3'); const db = new Sqlite(file);\n${prepared}`,
    work,
  },
  {
    name: 'node:sqlite',
    packages: [],
    ready: `${fresh} const { DatabaseSync } = process.getBuiltinModule('node:sqlite'); const db = new DatabaseSync(file);\n${prepared}`,
    work,
  },
  {
    name: 'libsql',
    packages: ['libsql@0.5'],
    ready: `${fresh} const { default: Sqlite } = await import('libsql'); const db = new Sqlite(file);\n${prepared}`,
    work,
  },
];

export const sqliteScenario: Scenario = {
  name: 'sqlite',
  title: 'drivers for SQLite: a database opened; a row committed and read',
  about: 'What the ways to SQLite cost before and while they are used.',
  measure: (bench) =>
    measureCandidates(bench, 'sqlite', sqlite, {
      what: 'a row committed and read back',
      unit: 'µs',
      times: bench.choose(20_000, 3000),
    }),
};

const postgres: readonly Candidate[] = [
  { name: 'pg', packages: ['pg@8'], ready: `const { default: pg } = await import('pg'); new pg.Pool();` },
  {
    name: 'postgres',
    packages: ['postgres@3'],
    ready: `const { default: postgres } = await import('postgres'); postgres();`,
  },
];

export const postgresScenario: Scenario = {
  name: 'postgres',
  title: 'drivers for PostgreSQL: a pool without a connection',
  about: 'What a driver costs a process that has it loaded.',
  measure: (bench) => measureCandidates(bench, 'postgres', postgres),
};

const queues: readonly Candidate[] = [
  {
    name: 'bullmq',
    packages: ['bullmq@6'],
    ready: `const { Queue } = await import('bullmq'); if (!Queue) throw new Error();`,
  },
  {
    name: 'pg-boss',
    packages: ['pg-boss@10'],
    ready: `const { default: PgBoss } = await import('pg-boss'); new PgBoss('postgres://127.0.0.1/x');`,
  },
  {
    name: 'graphile-worker',
    packages: ['graphile-worker@0.18'],
    ready: `const { run } = await import('graphile-worker'); if (!run) throw new Error();`,
  },
];

export const queueScenario: Scenario = {
  name: 'queue',
  title: 'libraries for queues: imported, not connected',
  about: 'What a process pays for a queue before there is a task in it.',
  measure: (bench) => measureCandidates(bench, 'queue', queues),
};
