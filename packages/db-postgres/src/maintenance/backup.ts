import { spawn } from 'node:child_process';
import { existsSync, linkSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { VwmpError } from '@vwmp/core';
import { placeOf } from '../connection/errors.ts';
import type { Settings } from '../connection/settings.ts';

const debianFolder = '/usr/lib/postgresql';

/**
 * Writes a backup with `pg_dump`, in its own format, which `pg_restore` reads. The file is there as a whole or not at all.
 *
 * Its own program, and not a format of ours: whoever has to restore a database that is broken needs what everybody has.
 *
 * @param target - absolute
 * @throws ALREADY_EXISTS, STORE_UNAVAILABLE, STORE_FULL
 */
export async function backupDatabase(settings: Settings, schema: string, target: string): Promise<void> {
  checkFree(target);
  const folder = dirname(target);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw unavailable(`There is no folder ${folder} for the backup. Create it, or choose another path.`);
  }
  const unfinished = join(folder, `.vwmp-backup-${process.pid}-${Math.random().toString(36).slice(2)}`);
  const ca = `${unfinished}.crt`;
  try {
    const args = ['--format=custom', `--schema=${quoted(schema)}`, `--file=${unfinished}`, '--no-password'];
    await run(settings, args, ca);
    publish(unfinished, target);
  } finally {
    rmSync(unfinished, { force: true });
    rmSync(ca, { force: true });
  }
}

/** As a pattern that matches this name only. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function run(settings: Settings, args: string[], caFile: string): Promise<void> {
  const program = findProgram();
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      // Not as arguments: everybody can read those.
      env: { ...process.env, LC_ALL: 'C', ...environment(settings, caFile) },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(0, 4000);
    });
    child.once('error', (error) =>
      reject(
        unavailable(
          'pg_dump is needed for a backup and cannot be run. Install the client programs of PostgreSQL.',
          error,
        ),
      ),
    );
    child.once('close', (code) => {
      if (code === 0) resolve();
      else if (/No space left/.test(said)) {
        const message = 'There is no room for the backup. Make some, or choose another path.';
        reject(new VwmpError('STORE_FULL', message, { retryable: false }));
      } else {
        const reason = said.trim().replace(/^pg_dump: (error: )?/, '');
        reject(unavailable(`The backup of the ${placeOf(settings)} failed: ${reason}`));
      }
    });
  });
}

function environment({ server }: Settings, caFile: string): NodeJS.ProcessEnv {
  const { host, port, user, password, database, ssl } = server;
  const environment: NodeJS.ProcessEnv = {
    ...{ PGHOST: host, PGPORT: String(port), PGUSER: user, PGDATABASE: database },
    ...(password !== undefined && { PGPASSWORD: password }),
    PGSSLMODE: 'disable',
  };
  if (ssl === false) return environment;
  const { rejectUnauthorized = true, ca, checkServerIdentity } = ssl === true ? {} : ssl;
  if (!rejectUnauthorized) environment.PGSSLMODE = 'require';
  else {
    environment.PGSSLMODE = checkServerIdentity ? 'verify-ca' : 'verify-full';
    environment.PGSSLROOTCERT = ca === undefined ? 'system' : caFile;
    if (ca !== undefined) writeFileSync(caFile, Array.isArray(ca) ? ca.join('\n') : (ca as string | Buffer));
  }
  return environment;
}

/** On the PATH, or where Debian keeps it, the newest: an older one refuses a newer server. */
function findProgram(): string {
  const versions = existsSync(debianFolder) ? readdirSync(debianFolder) : [];
  const folders = [
    ...versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(debianFolder, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ];
  const found = folders.map((folder) => join(folder, 'pg_dump')).find((path) => existsSync(path));
  return found ?? 'pg_dump';
}

/** Gives a finished file its name, unless something has got it meanwhile. */
function publish(unfinished: string, target: string): void {
  try {
    linkSync(unfinished, target);
  } catch {
    // Something is there, or the file system has no links.
    checkFree(target);
    renameSync(unfinished, target);
  }
}

function checkFree(target: string): void {
  if (statSync(target, { throwIfNoEntry: false }) === undefined) return;
  const message = `There is something at ${target} already. Choose another path for the backup.`;
  throw new VwmpError('ALREADY_EXISTS', message, { retryable: false, details: { path: target } });
}

function unavailable(message: string, cause?: unknown): VwmpError {
  return new VwmpError('STORE_UNAVAILABLE', message, { retryable: false, cause });
}
