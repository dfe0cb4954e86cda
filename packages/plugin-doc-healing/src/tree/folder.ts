import { constants } from 'node:fs';
import { lstat, open, readdir, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { hasCode, VwmpError } from '@vwmp/core';
import { isMarkdown } from '../markdown/model.ts';
import { git } from './git.ts';
import { type FileContent, maxFileBytes, type Tree, toContent } from './tree.ts';

const left = new Set(['node_modules', '.git', 'dist', '.turbo', 'coverage']);
const maxPaths = 200_000;

/**
 * The files of a folder as they are now. In a clone those that git tracks or would track, else all but what is built
 * or installed. What a symlink leads to is read only inside of the folder, and documents not at all: they are read where they are.
 *
 * @throws DOC_LIMIT for a folder with too many files
 */
export async function openFolder(folder: string, signal?: AbortSignal): Promise<Tree> {
  const root = await realpath(folder);
  let listed: Promise<Listed> | undefined;
  const contents = new Map<string, Promise<FileContent>>();
  const listing = (): Promise<Listed> => {
    listed ??= list(root, signal);
    return listed;
  };
  return {
    paths: async () => (await listing()).paths,
    modules: async () => (await listing()).modules,
    read(path) {
      const content = contents.get(path) ?? readInside(root, path);
      contents.set(path, content);
      return content;
    },
    close: () => contents.clear(),
  };
}

interface Listed {
  readonly paths: readonly string[];
  readonly modules: readonly string[];
}

async function list(root: string, signal: AbortSignal | undefined): Promise<Listed> {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const tracked = await git(root, args, { signal }).catch((error: unknown) => {
    if (hasCode(error, 'DOC_GIT_FAILED') || hasCode(error, 'DOC_GIT_MISSING')) return undefined;
    throw error;
  });
  const paths = tracked === undefined ? await walk(root, signal) : [...new Set(tracked.split('\0'))];
  const kept = paths.filter(
    (path) => path !== '' && !path.split('/').some((part) => part === 'node_modules'),
  );
  if (kept.length > maxPaths) throw tooMany(root);
  if (tracked === undefined) return { paths: kept.sort(), modules: [] };
  // Deleted ones are still in the index, and folders are other repositories.
  const kinds = await Promise.all(
    kept.map((path) =>
      lstat(join(root, path)).then(
        (stats) => (stats.isDirectory() ? 'module' : 'file'),
        () => undefined,
      ),
    ),
  );
  const of = (kind: string): string[] => kept.filter((_, at) => kinds[at] === kind).sort();
  return { paths: of('file'), modules: of('module').map((path) => path.replace(/\/$/, '')) };
}

async function walk(root: string, signal: AbortSignal | undefined): Promise<string[]> {
  const found: string[] = [];
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    signal?.throwIfAborted();
    for (const entry of await readdir(join(root, folder), { withFileTypes: true }).catch(() => [])) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && !left.has(entry.name)) folders.push(path);
      else if (entry.isFile() || entry.isSymbolicLink()) found.push(path);
      if (found.length > maxPaths) throw tooMany(root);
    }
  }
  return found;
}

async function isLink(path: string): Promise<boolean> {
  return lstat(path).then(
    (stats) => stats.isSymbolicLink(),
    () => false,
  );
}

function tooMany(root: string): VwmpError {
  const message = `${root} has more than ${maxPaths} files: choose a folder in it.`;
  return new VwmpError('DOC_LIMIT', message, { retryable: false });
}

async function readInside(root: string, path: string): Promise<FileContent> {
  const absolute = await realpath(join(root, path)).catch(() => undefined);
  if (absolute === undefined) return { skipped: 'missing' };
  if (!absolute.startsWith(root.endsWith(sep) ? root : root + sep)) return { skipped: 'outside' };
  if (isMarkdown(path) && (await isLink(join(root, path)))) return { skipped: 'unreadable' };
  // Not blocking keeps a FIFO from holding a thread for ever; not following narrows the time between check and use.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const handle = await open(absolute, flags).catch(() => undefined);
  if (!handle) return { skipped: 'unreadable' };
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) return { skipped: 'unreadable' };
    if (stats.size > maxFileBytes) return { skipped: 'too_large' };
    return toContent(await handle.readFile());
  } catch {
    return { skipped: 'unreadable' };
  } finally {
    await handle.close();
  }
}
