import type { HandlerContext } from '@vwmp/core';
import { currentBranch } from './commit.ts';
import { refuse } from './errors.ts';
import { readRef } from './marked-ref.ts';
import type { GitOptions } from './options.ts';
import { checkRefName, checkRevision } from './refs.ts';
import { openRepository, type Repository, type RepositoryConfig } from './repository.ts';
import type { Undoable } from './undo-handler.ts';

interface UndoConfig extends RepositoryConfig {
  readonly of: Undoable;
}

/** Makes the code of `git.undo`. To do it again does nothing. */
export function createUndo(options: GitOptions) {
  return async (context: HandlerContext<UndoConfig>): Promise<{ undone: boolean }> => {
    const { of } = context.config;
    const repository = await openRepository(context, options);
    return { undone: await undo(repository, of) };
  };
}

function undo(repository: Repository, of: Undoable): Promise<boolean> {
  switch (of.kind) {
    case 'stage':
      return unstage(repository, of.paths);
    case 'commit':
      return uncommit(repository, of.sha, of.parent);
    case 'tag':
      return removeRef(repository, 'tag', of.name, of.object);
    case 'branch':
      return unbranch(repository, of);
  }
}

/** The files stay as they are; only the next commit forgets them. */
async function unstage(repository: Repository, given: readonly string[]): Promise<boolean> {
  const paths = await repository.paths(given, 'root');
  await repository.git(['reset', '--quiet', '--', ...paths]);
  return true;
}

/** What was committed is staged again. */
async function uncommit({ git, find }: Repository, sha: string, parent: string | null): Promise<boolean> {
  if (parent !== null) checkRevision(parent);
  const [head, commit] = await Promise.all([find('HEAD'), find(sha)]);
  if (commit === undefined || head === undefined) return false;
  if (head !== commit) {
    const { code } = await git(['merge-base', '--is-ancestor', commit, head], { ok: [0, 1] });
    if (code === 1) return false;
    throw refuse('GIT_CHANGED', `The commit ${sha} is not undone: there are others upon it.`);
  }
  const published = await git(['for-each-ref', '--count=1', `--contains=${commit}`, 'refs/remotes/']);
  if (published.stdout !== '')
    throw refuse('GIT_CHANGED', `The commit ${sha} is not undone: it has been pushed.`);
  if (parent === null) await git(['update-ref', '-d', 'HEAD', commit]);
  else await git(['update-ref', '-m', 'vwmp undo', 'HEAD', parent, commit]);
  return true;
}

async function removeRef(
  repository: Repository,
  kind: 'tag' | 'branch',
  name: string,
  object: string,
): Promise<boolean> {
  checkRefName(kind, name);
  const ref = `refs/${kind === 'tag' ? 'tags' : 'heads'}/${name}`;
  const now = await readRef(repository, ref);
  if (now === undefined) return false;
  if (now !== object)
    throw refuse(
      'GIT_CHANGED',
      `The ${kind} ${JSON.stringify(name)} is not removed: it stands for something else now.`,
    );
  await repository.git(['update-ref', '-d', ref, now]);
  return true;
}

async function unbranch(
  repository: Repository,
  { name, sha, created, previous }: Extract<Undoable, { kind: 'branch' }>,
): Promise<boolean> {
  const { git, find } = repository;
  const isOn = (await currentBranch(git)) === name;
  if (isOn && previous !== null) {
    // A branch, or the commit that was checked out.
    const isBranch = (await readRef(repository, `refs/heads/${previous}`)) !== undefined;
    if (isBranch) checkRefName('branch', previous);
    const to = isBranch ? [previous] : ['--detach', (await find(previous)) ?? previous];
    await git(['switch', '--quiet', '--no-guess', '--no-recurse-submodules', ...to]);
  }
  return created ? removeRef(repository, 'branch', name, sha) : isOn && previous !== null;
}
