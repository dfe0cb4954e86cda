import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChild } from '../measure/child.ts';

/** A checkout of the repository that is built. */
export interface Tree {
  /** Its root. */
  folder: string;
  /** What it was made from, short; with a + when files differ from the commit. */
  commit: string;
  /** Takes away what was made for it. */
  remove(): Promise<void>;
}

const root = join(import.meta.dirname, '..', '..', '..', '..');

/** What is checked: the files as they lie here, built by the command that started this. */
export async function headTree(): Promise<Tree> {
  return { folder: root, commit: await describeHead(), remove: async () => undefined };
}

/**
 * A revision in a folder of its own, installed and built. Both are quick where it was done before: pnpm and turbo share
 * what they keep between the worktrees of a repository.
 *
 * @throws TypeError when there is no such revision, and Error with what the tools said
 */
export async function baseTree(revision: string): Promise<Tree> {
  const commit = await git('rev-parse', '--short', '--verify', '--quiet', `${revision}^{commit}`).catch(
    () => {
      throw new TypeError(
        `There is no commit "${revision}" here to compare with. In a shallow clone, fetch it first: git fetch origin ${revision}`,
      );
    },
  );
  const folder = mkdtempSync(join(tmpdir(), 'vwmp-base-'));
  const remove = async (): Promise<void> => {
    await git('worktree', 'remove', '--force', folder).catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await git('worktree', 'add', '--detach', '--force', folder, commit);
    const at = { cwd: folder, env: { TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' } };
    const install = ['install', '--frozen-lockfile', '--prefer-offline'];
    await runChild(install, { ...at, command: 'pnpm' });
    await runChild(['run', 'build', '--output-logs=errors-only'], { ...at, command: 'turbo' });
    if (!existsSync(join(folder, 'packages/core/dist/index.js')))
      throw new Error(`The build of ${commit} left no packages/core/dist.`);
  } catch (error) {
    await remove();
    throw error;
  }
  return { folder, commit, remove };
}

/** Only a name: a copy of the files without their history can be measured too. */
async function describeHead(): Promise<string> {
  try {
    const commit = await git('rev-parse', '--short', 'HEAD');
    const changed = await git('status', '--porcelain', '--untracked-files=no', '--', 'packages', 'tooling');
    return changed === '' ? commit : `${commit}+`;
  } catch {
    return 'these files';
  }
}

/** Where the present work left the main branch; on the main branch itself, the commit before. */
export async function defaultBase(): Promise<string> {
  const head = await git('rev-parse', 'HEAD');
  const common = await git('merge-base', 'origin/main', 'HEAD').catch(() => head);
  return common === head ? 'HEAD~1' : common;
}

async function git(...args: string[]): Promise<string> {
  const { stdout } = await runChild(args, { command: 'git', cwd: root });
  return stdout.trim();
}
