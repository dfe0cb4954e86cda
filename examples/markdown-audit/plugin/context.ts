import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { HandlerContext } from '@vwmp/core';

/** What is at a path. */
export type Found = { kind: 'file' | 'folder'; path: string } | { kind: 'missing' | 'outside' };

/**
 * Looks a path up that Markdown names. It may lead out of the audited folder, as from `docs/` to the sources beside
 * it, but not out of the workspace.
 *
 * @param path - relative to the audited folder
 */
export async function lookUp(
  { workspace }: Pick<HandlerContext, 'workspace'>,
  folder: string,
  path: string,
): Promise<Found> {
  let absolute: string;
  try {
    absolute = await workspace.resolve(join(folder, path));
  } catch (error) {
    if ((error as { code?: unknown }).code === 'PATH_OUTSIDE') return { kind: 'outside' };
    throw error;
  }
  const found = await stat(absolute).catch(() => undefined);
  if (!found) return { kind: 'missing' };
  return { kind: found.isDirectory() ? 'folder' : 'file', path: absolute };
}

/** What GitHub shows for a folder; undefined when it has none. */
export async function readmeOf(folder: string): Promise<string | undefined> {
  const names = await readdir(folder);
  return names.find((name) => name.toLowerCase() === 'readme.md');
}

const endings = ['.md', '.markdown', '.mdown', '.mkd'];

export function isMarkdown(path: string): boolean {
  const lower = path.toLowerCase();
  return endings.some((ending) => lower.endsWith(ending));
}
