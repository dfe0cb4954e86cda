import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Workspace } from '@vwmp/core';
import { locate } from '../file/paths.ts';
import { replaceFile } from '../file/replace.ts';
import type { Change } from './changes.ts';

/** What a step intends, kept where git does not see it, until it is undone or a month old. */
export interface Entry {
  readonly output: object;
  readonly changes: readonly Change[];
}

const keptMs = 30 * 24 * 3_600_000;

/** The name under which a step keeps its entry. */
export function entryName(idempotencyKey: string): string {
  return createHash('sha256').update(idempotencyKey).digest('hex');
}

export interface Journal {
  read(name: string): Promise<Entry | undefined>;
  write(name: string, entry: Entry): Promise<void>;
  remove(name: string): Promise<void>;
}

/** A folder without a repository has no journal: a step that runs again after a crash there does its work again. */
const none: Journal = { read: async () => undefined, write: async () => {}, remove: async () => {} };

/** Opens the journal of the repository that a folder belongs to: a folder in its `.git`. */
export async function openJournal(workspace: Workspace, folder: string): Promise<Journal> {
  const root = await workspace.resolve('.');
  let at = await workspace.resolve(folder);
  while (!(await isFolder(join(at, '.git')))) {
    if (at === root) return none;
    at = dirname(at);
  }
  const home = await workspace.resolve(join(at, '.git', 'vwmp'));
  const place = (name: string): Promise<string> => workspace.resolve(join(home, `${name}.json`));
  return {
    async read(name) {
      const text = await readFile(await place(name), 'utf8').catch(() => undefined);
      return text === undefined ? undefined : (JSON.parse(text) as Entry);
    },
    async write(name, entry) {
      await mkdir(home, { recursive: true });
      await removeOld(home);
      const target = await locate(workspace, relative(root, await place(name)));
      await replaceFile(target, { overwrite: true }, (handle) => handle.writeFile(JSON.stringify(entry)));
    },
    async remove(name) {
      await rm(await place(name), { force: true });
    },
  };
}

async function isFolder(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  return stats?.isDirectory() === true;
}

async function removeOld(home: string): Promise<void> {
  const limit = Date.now() - keptMs;
  for (const name of await readdir(home)) {
    const path = join(home, name);
    const stats = await stat(path).catch(() => undefined);
    if (stats !== undefined && stats.mtimeMs < limit) await rm(path, { force: true });
  }
}
