/**
 * Makes the next migration of both databases from what has changed in `src/schema`: `npm run generate -- NAME`.
 *
 * A migration is a file of SQL in `migrations/DATABASE`; one can also be written by hand. `snapshot.json` is the schema as
 * the last generated one left it. The files are embedded into `src/migrations`, since nothing is read from disk later.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, pendingStatements } from './pending.ts';

const root = join(import.meta.dirname, '..');
const [name = 'change'] = process.argv.slice(2);

for (const database of ['sqlite', 'postgres'] as const) {
  const folder = join(root, 'migrations', database);
  mkdirSync(folder, { recursive: true });
  const { statements, snapshot } = await pendingStatements(database, readSnapshot(folder));
  if (statements.length > 0) {
    const number = String(migrationFiles(folder).length + 1).padStart(4, '0');
    writeFileSync(join(folder, `${number}_${name}.sql`), `${statements.join('\n\n')}\n`);
    writeFileSync(join(folder, 'snapshot.json'), `${JSON.stringify(snapshot, undefined, 1)}\n`);
    console.log(`migrations/${database}/${number}_${name}.sql`);
  }
  embed(database, folder);
}

// As everything else is written here.
const biome = join(root, '..', '..', 'node_modules', '.bin', 'biome');
const { status } = spawnSync(biome, ['check', '--write', 'migrations', 'src/migrations'], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;

function readSnapshot(folder: string): unknown {
  try {
    return JSON.parse(readFileSync(join(folder, 'snapshot.json'), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function migrationFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => /^\d{4}_\w+\.sql$/.test(file))
    .sort();
}

function embed(database: Database, folder: string): void {
  const entries = migrationFiles(folder).map((file) => {
    const sql = readFileSync(join(folder, file), 'utf8').replace(/[\\`]|\$(?=\{)/g, '\\$&');
    return `  {\n    id: '${file.slice(0, -4)}',\n    sql: \`${sql}\`,\n  },\n`;
  });
  const text = `// Made by scripts/generate.ts from migrations/${database}.
import type { Migration } from './migration.ts';

/** Oldest first. */
export const ${database}Migrations: readonly Migration[] = [
${entries.join('')}];
`;
  writeFileSync(join(root, 'src', 'migrations', `${database}.ts`), text);
}
