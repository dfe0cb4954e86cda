import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VwmpError } from '@vwmp/core';
import { git, resolveRevision } from '../tree/git.ts';
import type { PatchedFile } from './apply-patch.ts';

export interface BranchOptions {
  readonly branch: string;
  readonly revision: string;
  readonly message: string;
  readonly signal?: AbortSignal;
}

/** @throws DOC_BRANCH_INVALID */
export function checkBranch(branch: string): void {
  const valid =
    /^[A-Za-z0-9][A-Za-z0-9._/-]{0,200}$/.test(branch) && !/\.\.|\/\/|\/\.|\.lock(?:\/|$)|[./]$/.test(branch);
  if (!valid)
    throw new VwmpError('DOC_BRANCH_INVALID', `"${branch.slice(0, 80)}" is no name for a branch.`, {
      retryable: false,
    });
}

/**
 * Commits files to a branch of a clone without touching its working tree, its index or what is checked out. The branch is made, or
 * moved if it ends with what was delivered before and has nothing else; run again after a crash it does the same again.
 *
 * @returns the commit
 * @throws DOC_BRANCH_INVALID, DOC_BRANCH_TAKEN, DOC_GIT_FAILED
 */
export async function commitToBranch(
  folder: string,
  files: readonly PatchedFile[],
  options: BranchOptions,
): Promise<string> {
  const { branch, revision, message, signal } = options;
  checkBranch(branch);
  const parent = await resolveRevision(folder, revision, signal);
  const current = (await git(folder, ['rev-parse', '--abbrev-ref', 'HEAD'], { signal, ok: [0, 128] })).trim();
  const reference = `refs/heads/${branch}`;
  const old = (
    await git(folder, ['rev-parse', '--verify', '--quiet', reference], { signal, ok: [0, 1] })
  ).trim();
  if (current === branch) throw branchTaken(branch, 'is checked out');
  const prefix = (await git(folder, ['rev-parse', '--show-prefix'], { signal })).trim();
  const scratch = await mkdtemp(join(tmpdir(), 'vwmp-index-'));
  try {
    const env = {
      GIT_INDEX_FILE: join(scratch, 'index'),
      ...author,
      ...(await dates(folder, parent, signal)),
    };
    await git(folder, ['read-tree', parent], { signal, env });
    const listed = await git(folder, ['ls-tree', '-r', '-z', '--full-tree', parent], { signal });
    // A name may hold tabs, too: it begins after the first one.
    const modes = new Map(
      listed.split('\0').map((line) => [line.slice(line.indexOf('\t') + 1), line.slice(0, 6)]),
    );
    const lines: string[] = [];
    for (const { path, text } of files) {
      const oid = (
        await git(folder, ['hash-object', '-w', '--stdin', '--no-filters'], { signal, input: text })
      ).trim();
      const whole = prefix + path;
      const mode = modes.get(whole) ?? '100644';
      lines.push(`${mode} ${oid}\t${whole}`);
    }
    await git(folder, ['update-index', '-z', '--index-info'], {
      signal,
      env,
      input: `${lines.join('\0')}\0`,
    });
    const tree = (await git(folder, ['write-tree'], { signal, env })).trim();
    const commit = (
      await git(folder, ['commit-tree', tree, '-p', parent, '-F', '-'], { signal, env, input: message })
    ).trim();
    if (old !== '' && old !== commit) {
      // Somebody went on from it.
      if (await isAncestor(folder, commit, old, signal)) return commit;
      const people = ['log', '--format=%ae%n%ce'];
      const last = await git(folder, [...people, '-1', old], { signal });
      const since = last + (await git(folder, [...people, `${parent}..${old}`], { signal }));
      if (since.split('\n').some((email) => email !== '' && email !== ownEmail))
        throw branchTaken(branch, 'has commits of others');
    }
    await git(folder, ['update-ref', reference, commit, old === '' ? '0'.repeat(commit.length) : old], {
      signal,
    });
    return commit;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function isAncestor(folder: string, old: string, head: string, signal?: AbortSignal): Promise<boolean> {
  const common = await git(folder, ['merge-base', old, head], { signal, ok: [0, 1] });
  return common.trim() === old;
}

/** By which commits of its own are known. */
export const ownEmail = 'vwmp@localhost';

const author = {
  ...{ GIT_AUTHOR_NAME: 'VWMP', GIT_AUTHOR_EMAIL: ownEmail },
  ...{ GIT_COMMITTER_NAME: 'VWMP', GIT_COMMITTER_EMAIL: ownEmail },
};

/** Those of the parent, so that the same correction is the same commit. */
async function dates(folder: string, parent: string, signal?: AbortSignal): Promise<Record<string, string>> {
  const date = (await git(folder, ['show', '-s', '--format=%ct +0000', parent], { signal })).trim();
  return { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
}

/** The error for a branch that is not to be moved. */
export function branchTaken(branch: string, why: string): VwmpError {
  return new VwmpError('DOC_BRANCH_TAKEN', `The branch ${branch} ${why}: choose another.`, {
    retryable: false,
  });
}
