import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, type Workspace } from '@vwmp/core';
import { systemCode } from '../shared/system-code.ts';
import type { Callable } from '../shared/with-config.ts';
import { fileError } from './errors.ts';
import { createMatcher, type Matcher, type Progress } from './glob-pattern.ts';
import { locate } from './paths.ts';
import { defaultLimit } from './schemas.ts';

/** Config of `file.glob`. */
export interface GlobConfig {
  readonly pattern: string | readonly string[];
  readonly cwd?: string;
  readonly ignore?: string | readonly string[];
  readonly dot?: boolean;
  readonly limit?: number;
}

/** Output of `file.glob`. */
export interface GlobOutput {
  readonly paths: readonly string[];
  readonly truncated: boolean;
}

/** The code of `file.glob`. */
export async function execute({
  config,
  workspace,
  signal,
}: Pick<Callable<GlobConfig>, 'config' | 'workspace' | 'signal'>): Promise<GlobOutput> {
  signal.throwIfAborted();
  const limit = config.limit ?? defaultLimit;
  const wanted = createMatcher(config.pattern, config.dot ?? false);
  const ignored = createMatcher(config.ignore ?? [], true);
  const given = config.cwd ?? '.';
  const top = await locate(workspace, given);
  const paths: string[] = [];
  try {
    const shown = top.shown === '.' ? '' : `${top.shown}/`;
    const folder = { absolute: top.absolute, shown, wanted: wanted.start, ignored: ignored.start };
    const entries = await list(folder.absolute);
    for await (const path of walk({ wanted, ignored, workspace, signal }, folder, entries)) {
      if (paths.length === limit) return { paths, truncated: true };
      paths.push(path);
    }
    return { paths, truncated: false };
  } catch (error) {
    signal.throwIfAborted();
    throw fileError(error, given);
  }
}

/** What stays the same during a search. */
interface Search {
  readonly wanted: Matcher;
  readonly ignored: Matcher;
  readonly workspace: Workspace;
  readonly signal: AbortSignal;
}

interface Folder {
  readonly absolute: string;
  /** What stands before its names in the output: empty, or with `/` at the end. */
  readonly shown: string;
  readonly wanted: Progress;
  readonly ignored: Progress;
}

async function* walk(search: Search, folder: Folder, entries: readonly Dirent[]): AsyncGenerator<string> {
  search.signal.throwIfAborted();
  for (const entry of entries) {
    const wanted = search.wanted.advance(folder.wanted, entry.name);
    if (wanted === undefined) continue;
    const ignored = search.ignored.advance(folder.ignored, entry.name) ?? [];
    if (search.ignored.isMatch(ignored)) continue;
    const absolute = join(folder.absolute, entry.name);
    const shown = folder.shown + entry.name;
    if (entry.isDirectory()) {
      // A folder below may vanish while others are searched.
      const below = await list(absolute).catch((error: unknown) => {
        if (hasCode(error, 'ENOENT')) return [];
        throw error;
      });
      yield* walk(search, { absolute, shown: `${shown}/`, wanted, ignored }, below);
    } else if (search.wanted.isMatch(wanted) && (await isFile(entry, absolute, search.workspace))) {
      yield shown;
    }
  }
}

/** In an order that, over all folders, is the order of the paths as text: so the walk may stop at the limit. */
async function list(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const key = (entry: Dirent): string => (entry.isDirectory() ? `${entry.name}/` : entry.name);
  return entries.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** A symlink to a file counts as one when the file is in the workspace. */
async function isFile(entry: Dirent, absolute: string, workspace: Workspace): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isFile();
  try {
    return (await stat(await workspace.resolve(absolute))).isFile();
  } catch (error) {
    if (['PATH_OUTSIDE', 'ENOENT', 'ENOTDIR'].includes(systemCode(error))) return false;
    throw error;
  }
}
