import { mkdir } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { hasCode, type Workspace } from '@vwmp/core';
import { refuse } from './errors.ts';

/** A path of the workspace: as it was given, where it really is, and as an output names it. */
export interface Place {
  readonly given: string;
  /** Absolute, without symlinks. */
  readonly absolute: string;
  /** From the root, with `/`; `.` for the root. */
  readonly shown: string;
}

/** Resolves a path, through a symlink at its end as well. @throws PATH_OUTSIDE */
export async function locate(workspace: Workspace, given: string): Promise<Place> {
  return place(workspace, given, await workspace.resolve(given));
}

/**
 * Resolves a path up to its last name: of a symlink the link itself. For what changes an entry of a folder and not what
 * is behind it, so that a link that points out of the workspace can be removed.
 *
 * @throws PATH_OUTSIDE
 */
export async function locateEntry(workspace: Workspace, given: string): Promise<Place> {
  const name = basename(given);
  // These are no entries of the folder above; as a whole they are the folder they stand for, or refused.
  if (name === '' || name === '.' || name === '..' || name.includes('\0')) return locate(workspace, given);
  const parent = await workspace.resolve(dirname(given));
  const root = await workspace.resolve('.');
  const absolute = join(parent, name);
  return { given, absolute, shown: show(root, absolute) };
}

/**
 * Makes the folders above a place. Whoever can write there may have put a symlink in the way between check and use, so it
 * is checked again.
 *
 * @throws PATH_OUTSIDE
 */
export async function makeParents(workspace: Workspace, { given, absolute, shown }: Place): Promise<void> {
  if (shown === '.') throw refuse('FILE_IS_DIRECTORY', given, 'is a folder');
  const folder = dirname(absolute);
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    if (!hasCode(error, 'EEXIST')) throw error;
    throw refuse('FILE_NOT_DIRECTORY', given, 'passes through something that is no folder');
  });
  if ((await workspace.resolve(folder).catch(() => undefined)) !== folder) {
    throw refuse('PATH_OUTSIDE', given, 'was replaced by a symlink while it was used');
  }
}

async function place(workspace: Workspace, given: string, absolute: string): Promise<Place> {
  return { given, absolute, shown: show(await workspace.resolve('.'), absolute) };
}

function show(root: string, absolute: string): string {
  return relative(root, absolute).replaceAll(sep, '/') || '.';
}
