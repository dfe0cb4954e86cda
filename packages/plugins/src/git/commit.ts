import type { HandlerContext } from '@vwmp/core';
import { refuse } from './errors.ts';
import { identity } from './identity.ts';
import type { GitOptions } from './options.ts';
import { type ChangedFile, parseNameStatus } from './parse.ts';
import { openRepository, type Repository, type RepositoryConfig } from './repository.ts';
import type { Person } from './schemas.ts';

interface CommitConfig extends RepositoryConfig {
  readonly message: string;
  readonly author?: Person;
  readonly allow_empty?: boolean;
}

/** Output of `git.commit`. */
export interface CommitOutput {
  readonly kind: 'commit';
  readonly sha: string;
  readonly parent: string | null;
  readonly branch: string | null;
  readonly files: readonly ChangedFile[];
}

/** How many entries of the reflog are searched for what an earlier attempt did. */
const searched = 100;

/**
 * Makes the code of `git.commit`.
 *
 * The commit is made apart and HEAD then moved on, from the commit that it was seen at or not at all. With that move git
 * writes a line into the reflog; it has the idempotency key, by which an attempt after a crash finds the commit.
 */
export function createCommit(options: GitOptions) {
  return async (context: HandlerContext<CommitConfig>): Promise<CommitOutput> => {
    const repository = await openRepository(context, options);
    const { git, find } = repository;
    const mark = `vwmp commit ${context.idempotencyKey}`;
    const head = await find('HEAD');
    const earlier = head === undefined ? undefined : await findMarked(repository, mark);
    if (earlier !== undefined) return describe(repository, earlier);

    const { message, author, allow_empty: allowEmpty = false } = context.config;
    if ((await find('MERGE_HEAD')) !== undefined)
      throw refuse('GIT_UNMERGED', 'The repository is in the middle of a merge. Conclude it first.');
    const tree = (await git(['write-tree'])).stdout.trim();
    const before =
      head === undefined ? undefined : (await git(['rev-parse', `${head}^{tree}`])).stdout.trim();
    const nothing =
      before === undefined
        ? (await git(['ls-files', '-z'], { maxBytes: 1, truncate: true })).stdout === ''
        : tree === before;
    if (nothing && !allowEmpty)
      throw refuse('GIT_NOTHING_TO_COMMIT', 'Nothing is staged. Put git.stage before this step.');
    const parents = head === undefined ? [] : ['-p', head];
    const made = await git(['commit-tree', tree, ...parents, '-F', '-'], {
      input: `${message.trimEnd()}\n`,
      env: identity(author),
    });
    const sha = made.stdout.trim();
    context.signal.throwIfAborted();
    await git(['update-ref', '-m', mark, 'HEAD', sha, head ?? '']);
    return describe(repository, sha);
  };
}

/** The commit that an earlier attempt made, when it is still part of what is checked out. */
async function findMarked({ git }: Repository, mark: string): Promise<string | undefined> {
  const { stdout } = await git([
    'log',
    '--walk-reflogs',
    `--max-count=${searched}`,
    '--format=%H %gs',
    'HEAD',
    '--',
  ]);
  const line = stdout.split('\n').find((each) => each.slice(each.indexOf(' ') + 1) === mark);
  const sha = line?.slice(0, line.indexOf(' '));
  if (sha === undefined) return undefined;
  const { code } = await git(['merge-base', '--is-ancestor', sha, 'HEAD'], { ok: [0, 1] });
  return code === 0 ? sha : undefined;
}

async function describe({ git, find }: Repository, sha: string): Promise<CommitOutput> {
  const [parent, branch, changes] = await Promise.all([
    find(`${sha}^`),
    currentBranch(git),
    git(['diff-tree', '--no-commit-id', '--name-status', '-r', '-z', '--root', '--no-renames', sha, '--']),
  ]);
  return { kind: 'commit', sha, parent: parent ?? null, branch, files: parseNameStatus(changes.stdout) };
}

/** The branch that is checked out; null when it is a commit. */
export async function currentBranch(git: Repository['git']): Promise<string | null> {
  const { code, stdout } = await git(['symbolic-ref', '--quiet', '--short', 'HEAD'], { ok: [0, 1] });
  return code === 0 ? stdout.trim() : null;
}
