import { lstat, readdir, rm, rmdir, unlink } from 'node:fs/promises';
import type { HandlerContext } from '@vwmp/core';
import { systemCode } from '../shared/system-code.ts';
import { fileError, refuse } from './errors.ts';
import { locateEntry } from './paths.ts';

/** Config of `file.remove`. */
export interface RemoveConfig {
  readonly path: string;
  readonly recursive?: boolean;
  readonly ignore_missing?: boolean;
}

/** Output of `file.remove`. */
export interface RemoveOutput {
  readonly path: string;
  readonly removed: boolean;
}

/** The code of `file.remove`. */
export async function execute({
  config,
  workspace,
  signal,
}: HandlerContext<RemoveConfig>): Promise<RemoveOutput> {
  signal.throwIfAborted();
  const { absolute, shown } = await locateEntry(workspace, config.path);
  if (shown === '.')
    throw refuse('FILE_IS_ROOT', config.path, 'is the root of the workspace and cannot be removed');
  try {
    const stats = await lstat(absolute);
    if (!stats.isDirectory()) await unlink(absolute);
    else if (config.recursive === true) await rm(absolute, { recursive: true, maxRetries: 3 });
    else await removeEmpty(absolute, config.path);
    return { path: shown, removed: true };
  } catch (error) {
    if (config.ignore_missing === true && ['ENOENT', 'ENOTDIR'].includes(systemCode(error))) {
      return { path: shown, removed: false };
    }
    throw fileError(error, config.path);
  }
}

async function removeEmpty(folder: string, given: string): Promise<void> {
  if ((await readdir(folder)).length > 0) {
    throw refuse('FILE_NOT_EMPTY', given, 'is a folder that is not empty; set recursive to remove all in it');
  }
  await rmdir(folder);
}
