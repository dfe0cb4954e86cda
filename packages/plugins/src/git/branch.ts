import type { HandlerContext } from '@vwmp/core';
import { currentBranch } from './commit.ts';
import { refuse } from './errors.ts';
import { makeRef, readRef } from './marked-ref.ts';
import type { GitOptions } from './options.ts';
import { checkRefName } from './refs.ts';
import { openRepository, type Repository, type RepositoryConfig } from './repository.ts';

interface BranchConfig extends RepositoryConfig {
  readonly name: string;
  readonly from?: string;
  readonly create?: boolean;
  readonly switch?: boolean;
}

/** Output of `git.branch`. */
export interface BranchOutput {
  readonly kind: 'branch';
  readonly name: string;
  readonly sha: string;
  readonly created: boolean;
  readonly previous: string | null;
}

/** Makes the code of `git.branch`. */
export function createBranch(options: GitOptions) {
  return async (context: HandlerContext<BranchConfig>): Promise<BranchOutput> => {
    const { name, from = 'HEAD', create = true, switch: checkOut = true } = context.config;
    checkRefName('branch', name);
    const repository = await openRepository(context, options);
    const ref = `refs/heads/${name}`;
    const sha = create
      ? await makeRef(context, repository, ref, () => repository.commit(from))
      : await readRef(repository, ref);
    if (sha === undefined) throw refuse('GIT_REF_UNKNOWN', `There is no branch ${JSON.stringify(name)}.`);
    const previous = checkOut ? await switchTo(repository, name, create) : null;
    return { kind: 'branch', name, sha, created: create, previous };
  };
}

/**
 * Checks a branch out.
 *
 * @param made - this step made the branch: if it is checked out already, an earlier attempt did that
 * @returns what was checked out before; null when it was this
 */
async function switchTo({ git, find }: Repository, name: string, made: boolean): Promise<string | null> {
  const before = (await currentBranch(git)) ?? (await find('HEAD')) ?? null;
  if (before !== name) {
    await git(['switch', '--quiet', '--no-guess', '--no-recurse-submodules', name]);
    return before;
  }
  if (!made) return null;
  const { stdout } = await git(['log', '--walk-reflogs', '--max-count=1', '--format=%gs', 'HEAD', '--']);
  const [, from, to] = /^checkout: moving from (\S+) to (\S+)$/.exec(stdout.trim()) ?? [];
  return to === name && from !== undefined ? from : null;
}
