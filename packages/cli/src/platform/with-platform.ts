import type { WorkflowStore } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import type { Settings } from '@vwmp/core/settings';
import { UsageError } from '../cli/usage-error.ts';
import { fs } from '../node.ts';
import { loadProjectPlugins, projectFolder } from '../project/plugins.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { compose } from './compose.ts';
import { createWarner } from './logger.ts';
import { readPlatformSettings, showWarnings } from './settings.ts';

/**
 * What a command wants of a platform. None of them works on executions.
 *
 * - `read`: its storage alone, which has to be there
 * - `send`: messages to executions go out too
 * - `start`: executions can be started, with the plugins of the project; the database is created when it is not there
 */
export type Purpose = 'read' | 'send' | 'start';

/** What a command works with. */
export interface Access {
  platform: Platform;
  workflows: WorkflowStore;
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
  if (purpose !== 'start') checkThere(given);
  const settings = { ...given, worker: { ...given.worker, inProcess: false } };
  const folder = process.cwd();
  const { platform, workflows } = await compose({
    settings,
    variables,
    logger: createWarner(terminal.err, terminal.symbols.warning),
    folder: projectFolder(folder),
    alone: purpose === 'read',
    ...(purpose === 'start' && { project: await loadProjectPlugins(folder) }),
  });
  try {
    await platform.open();
    return await use({ platform, workflows, settings });
  } finally {
    await platform.close();
  }
}

/** Who only looks must not create a database where there is none: its path is wrong then, or nothing was started yet. */
export function checkThere({ database }: Settings): void {
  const { backend, path = '' } = database;
  if (backend === 'memory')
    throw new UsageError(
      'The settings keep everything in memory (VWMP_DATABASE_BACKEND=memory), which only the process that works can see.',
    );
  if (backend !== 'sqlite' || fs.existsSync(path)) return;
  throw new UsageError(
    `There is no database at ${path} (VWMP_SQLITE_PATH). "vwmp start", "vwmp worker" and "vwmp db migrate" create it.`,
  );
}
