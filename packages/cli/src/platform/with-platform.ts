import type { Storage } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import type { Settings } from '@vwmp/core/settings';
import { hasCode } from '../cli/has-code.ts';
import { UsageError } from '../cli/usage-error.ts';
import { fs } from '../node.ts';
import { loadProjectPlugins, projectFolder } from '../project/plugins.ts';
import { safe } from '../terminal/safe.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { type Composition, compose } from './compose.ts';
import { createWarner } from './logger.ts';
import { readPlatformSettings, showWarnings } from './settings.ts';

/**
 * What a command wants of a platform. None of them works on executions.
 *
 * - `read`: its storage alone, which has to be there
 * - `documents`: the same, but where workflows are in a folder of their own that alone has to be there, as before the first start
 * - `prepare`: its storage alone, which is created when it is not there
 * - `queues`: its queues, which have to be shared and there
 * - `send`: messages to executions go out too
 * - `start`: executions can be started, with the plugins of the project; the database is created when it is not there
 * - `save`: the same, for whoever only checks documents against the plugins: no secret is read
 * - `retry`: as `start`, with a database that has to be there
 */
export type Purpose = 'read' | 'documents' | 'prepare' | 'queues' | 'send' | 'start' | 'save' | 'retry';

/** What a command works with. */
export interface Access {
  platform: Platform;
  settings: Settings;
}

/**
 * Opens a platform for one command, and closes it whatever happens.
 *
 * @throws SETTINGS_INVALID, PACKAGE_MISSING, STORE_UNAVAILABLE, UsageError when there is no database
 */
export async function withPlatform<T>(
  purpose: Purpose,
  terminal: Terminal,
  use: (access: Access) => Promise<T>,
): Promise<T> {
  const { settings: given, warnings, variables } = await readPlatformSettings();
  showWarnings(warnings, terminal);
  const apart = purpose === 'documents' && given.workflowsDir !== undefined;
  if (!apart) checkShared(given);
  if (purpose === 'queues') checkSharedQueue(given);
  const creates = purpose === 'start' || purpose === 'save' || purpose === 'prepare';
  if (!creates && !apart) checkDatabase(given);
  if (!creates) checkFolder(given);
  const settings = { ...given, worker: { ...given.worker, inProcess: false } };
  const folder = process.cwd();
  const composition: Composition = {
    settings,
    variables,
    logger: createWarner(terminal.err, terminal.symbols.warning),
    folder: projectFolder(folder),
    alone: purpose === 'read' || purpose === 'documents' || purpose === 'prepare',
    ...(apart && { storage: (await import('@vwmp/core/memory')).createMemoryStorage() }),
    ...(!creates && !apart && holdsNothing(given) && { storage: await emptyStorage(given) }),
    anyKey: purpose === 'save',
    ...(['start', 'save', 'retry'].includes(purpose) && { project: await loadProjectPlugins(folder) }),
  };
  const platform = await open(composition, terminal, purpose !== 'queues');
  try {
    return await use({ platform, settings });
  } finally {
    await platform.close();
  }
}

/** The documents of a folder in which nothing was recorded yet: opening it as a storage would make all that this takes. */
export async function emptyStorage({ database: { path = '' } }: Settings): Promise<Storage> {
  const [{ createMemoryStorage }, { createFileAuditStore, createFileWorkflowStore }] = await Promise.all([
    import('@vwmp/core/memory'),
    import('@vwmp/core/file'),
  ]);
  const storage = createMemoryStorage();
  const workflows = createFileWorkflowStore({ folder: path });
  const audit = createFileAuditStore({ folder: path });
  return {
    ...storage,
    workflows,
    audit: {
      ...audit,
      // A document can be removed there, and that is something to record.
      async add(record) {
        await audit.open();
        await audit.add(record);
      },
    },
    open: async () => void (await Promise.all([storage.open(), workflows.open()])),
    close: async () => void (await Promise.all([storage.close(), workflows.close(), audit.close()])),
  };
}

/**
 * Without its queue server everything can be recorded still: workers find it when they look through the storage.
 *
 * @param without - whether it is opened then
 */
async function open(
  composition: Composition,
  { err, symbols }: Terminal,
  without: boolean,
): Promise<Platform> {
  const platform = await compose(composition);
  try {
    await platform.open();
    return platform;
  } catch (error) {
    await platform.close();
    if (!without || (!hasCode(error, 'QUEUE_UNAVAILABLE') && !hasCode(error, 'BUS_UNAVAILABLE'))) throw error;
    const { message } = error as Error;
    err.line(
      `${err.style.yellow(symbols.warning)} ${safe(message)} What is recorded now is found by the workers a little later.`,
    );
    const alone = await compose({ ...composition, alone: true });
    await alone.open();
    return alone;
  }
}

/** What only this process could see would be gone with it. */
function checkShared({ database }: Settings): void {
  if (database.backend !== 'memory') return;
  throw new UsageError(
    'The settings keep everything in memory (VWMP_DATABASE_BACKEND=memory), which no other process can see. Use sqlite, or "vwmp run".',
  );
}

function checkSharedQueue({ queue }: Settings): void {
  if (queue.backend !== 'memory') return;
  throw new UsageError(
    'The queues are in the memory of each process (VWMP_QUEUE_BACKEND=memory), which no other process can see. Ask the server that has them, GET /api/vwmp/queues/, or look at the executions: vwmp executions list --status pending.',
  );
}

/** Who only looks must not create anything where there is nothing: the path is wrong then, or nothing was started yet. */
function checkDatabase({ database: { backend, path } }: Settings): void {
  if (path !== undefined && !fs.existsSync(path)) {
    const what = backend === 'sqlite' ? 'database' : 'folder';
    const name = backend === 'sqlite' ? 'VWMP_SQLITE_PATH' : 'VWMP_FILE_PATH';
    const also =
      backend === 'sqlite'
        ? ', "vwmp serve", "vwmp worker" and "vwmp db migrate"'
        : ', "vwmp serve" and "vwmp worker"';
    throw new UsageError(`There is no ${what} at ${path} (${name}). "vwmp start"${also} create it.`);
  }
}

function checkFolder({ workflowsDir }: Settings): void {
  if (workflowsDir !== undefined && !fs.existsSync(workflowsDir))
    throw new UsageError(
      `There is no folder at ${workflowsDir} (VWMP_WORKFLOWS_DIR). "vwmp workflows save", "vwmp start", "vwmp serve" and "vwmp worker" create it.`,
    );
}

/** Whether nothing was recorded in a folder yet. */
export function holdsNothing({ database: { backend, path = '' } }: Settings): boolean {
  return backend === 'file' && !fs.existsSync(`${path}/.vwmp/executions`);
}
