import type { Maintenance, Storage } from '@vwmp/core';
import { describeSettings, readSettings, type Settings } from '@vwmp/core/settings';
import { UsageError } from '../cli/usage-error.ts';
import { fs } from '../node.ts';
import { compose } from '../platform/compose.ts';
import { createWarner } from '../platform/logger.ts';
import { readPlatformSettings, showWarnings } from '../platform/settings.ts';
import { projectFolder } from '../project/plugins.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** A database that is to be looked after. Nothing has been opened or migrated yet. */
export interface Database {
  storage: Storage;
  maintenance: Maintenance;
  settings: Settings;
  /** For people, without a password. */
  name: string;
}

/** That of the settings. @throws SETTINGS_INVALID, PACKAGE_MISSING, UsageError */
export async function openDatabase(terminal: Terminal): Promise<Database> {
  const { settings, warnings } = await readPlatformSettings();
  showWarnings(warnings, terminal);
  return open(settings, terminal);
}

/**
 * One that an option names: `postgresql://…`, `sqlite:PATH` or the path of an SQLite file.
 *
 * @throws UsageError, PACKAGE_MISSING
 */
export async function openNamed(given: string, option: string, terminal: Terminal): Promise<Database> {
  if (given === '') throw new UsageError(`${option} is empty.`, 'db copy');
  const isServer = /^postgres(ql)?:/i.test(given);
  const scheme = /^([a-z][a-z\d+.-]+):/i.exec(given)?.[1];
  if (!isServer && scheme !== undefined && scheme.toLowerCase() !== 'sqlite')
    throw new UsageError(
      `${option} begins with "${scheme}:", which is no database that can be copied: use sqlite:PATH, postgresql://… or a path.`,
      'db copy',
    );
  const variables = isServer
    ? { VWMP_DATABASE_BACKEND: 'postgresql', VWMP_DATABASE_URL: given }
    : { VWMP_DATABASE_BACKEND: 'sqlite', VWMP_SQLITE_PATH: given.replace(/^sqlite:(\/\/)?/i, '') };
  const { settings } = readSettings(variables, { cwd: process.cwd(), envFile: false });
  return open(settings, terminal);
}

async function open(settings: Settings, terminal: Terminal): Promise<Database> {
  const platform = await compose({
    settings: { ...settings, worker: { ...settings.worker, inProcess: false } },
    variables: {},
    logger: createWarner(terminal.err, terminal.symbols.warning),
    folder: projectFolder(process.cwd()),
    alone: true,
  });
  const { storage } = platform;
  if (!storage.maintenance) {
    const { backend } = settings.database;
    throw new UsageError(
      `VWMP_DATABASE_BACKEND=${backend} has no database that could be looked after: only sqlite and postgresql have.`,
      'db',
    );
  }
  return { storage, maintenance: storage.maintenance, settings, name: nameOf(settings) };
}

/** Without a password. */
export function nameOf(settings: Settings): string {
  const shown = new Map(describeSettings(settings).map(({ variable, value }) => [variable, value]));
  const file = shown.get('VWMP_SQLITE_PATH') ?? shown.get('VWMP_FILE_PATH');
  return shown.get('VWMP_DATABASE_URL') ?? file ?? settings.database.backend;
}

/** Runs a command on the database of the settings, and closes it. */
export async function withDatabase<T>(
  terminal: Terminal,
  { create = false }: { create?: boolean },
  use: (database: Database) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(terminal);
  try {
    if (!create) checkThere(database);
    return await use(database);
  } finally {
    await database.storage.close();
  }
}

/** Looking at a file that is not there would create it. */
export function checkThere(
  { settings: { database } }: Database,
  how = '"vwmp db migrate" creates it.',
): void {
  const { backend, path = '' } = database;
  if (backend !== 'sqlite' || fs.existsSync(path)) return;
  throw new UsageError(`There is no database at ${path}. ${how}`);
}
