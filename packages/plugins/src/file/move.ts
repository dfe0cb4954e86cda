import { lstat, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { HandlerContext } from '@vwmp/core';
import { systemCode } from '../shared/system-code.ts';
import { type Digest, digestAt } from './checksum.ts';
import { copyFile } from './copy.ts';
import { fileError, refuse } from './errors.ts';
import { openToRead } from './open.ts';
import { locateEntry, makeParents, type Place } from './paths.ts';
import { syncFolder } from './replace.ts';

/** Config of `file.move`. */
export interface MoveConfig {
  readonly from: string;
  readonly to: string;
  readonly overwrite?: boolean;
}

/** Output of `file.move`: size and checksum of a file, neither of a folder or symlink. */
export interface MoveOutput extends Partial<Digest> {
  readonly path: string;
}

/** The code of `file.move`. */
export async function execute({
  config,
  workspace,
  signal,
}: HandlerContext<MoveConfig>): Promise<MoveOutput> {
  signal.throwIfAborted();
  const from = await locateEntry(workspace, config.from);
  const to = await locateEntry(workspace, config.to);
  if (from.shown === '.')
    throw refuse('FILE_IS_ROOT', config.from, 'is the root of the workspace and stays where it is');
  const source = await lstat(from.absolute).catch((error: unknown) => {
    throw fileError(error, config.from);
  });
  try {
    await makeParents(workspace, to);
    await checkTarget(to, source.isDirectory(), config.overwrite ?? true, from);
    // Before the move: what fails here must not have moved anything.
    const digest = source.isFile() ? await digestAt(from, signal) : {};
    await rename(from.absolute, to.absolute).catch(async (error: unknown) => {
      if (systemCode(error) !== 'EXDEV' || !source.isFile()) throw error;
      const handle = await openToRead(from);
      await copyFile(handle, to, true, signal).finally(() => handle.close());
      await unlink(from.absolute);
    });
    await syncFolder(dirname(to.absolute));
    if (dirname(to.absolute) !== dirname(from.absolute)) await syncFolder(dirname(from.absolute));
    return { path: to.shown, ...digest };
  } catch (error) {
    signal.throwIfAborted();
    throw fileError(error, config.to);
  }
}

/** What stands in the way. A folder is never replaced: `rename` would do it with an empty one. */
async function checkTarget(to: Place, isFolder: boolean, overwrite: boolean, from: Place): Promise<void> {
  const target = await lstat(to.absolute).catch(() => undefined);
  if (target === undefined || to.absolute === from.absolute) return;
  if (target.isDirectory() && !isFolder) throw refuse('FILE_IS_DIRECTORY', to.given, 'is a folder');
  if (target.isDirectory() || isFolder || !overwrite)
    throw refuse('FILE_EXISTS', to.given, 'is there already');
}
