import { openRepository, type Repository } from '../git/repository.ts';
import { type Callable, withConfig } from '../shared/with-config.ts';

/** A commit as the changelog tells of it. */
export interface Commit {
  readonly sha: string;
  /** Of a conventional commit, else empty. */
  readonly type: string;
  readonly scope: string;
  readonly breaking: boolean;
  readonly subject: string;
}

/** As many commits as are read. */
const maxCommits = 5_000;

/** Reads a message after the rules of conventional commits. */
export function parseCommit(sha: string, subject: string, body: string): Commit {
  const [, type = '', scope = '', mark, rest] = /^(\w+)(?:\(([^()]*)\))?(!)?: +(.+)$/.exec(subject) ?? [];
  const breaking = mark !== undefined || /^BREAKING[ -]CHANGE: /m.test(body);
  return { sha, type: type.toLowerCase(), scope, breaking, subject: (rest ?? subject).trim() };
}

export interface History {
  /** The last tag of a version that is part of what is checked out. */
  readonly lastTag: string | undefined;
  /** Newest first. */
  readonly commits: readonly Commit[];
}

/**
 * Reads the commits that touched a folder.
 *
 * @param from - ref after which they begin; default: the last tag of a version
 * @param tagPrefix - what stands before the version in a tag
 */
export async function readHistory(
  context: Callable<unknown>,
  folder: string,
  tagPrefix: string,
  from: string | undefined,
): Promise<History> {
  const repository = await openRepository(withConfig(context, { repository: folder }), {});
  const { git, find, commit, paths } = repository;
  if ((await find('HEAD')) === undefined) return { lastTag: undefined, commits: [] };
  const lastTag = from ?? (await findLastTag(repository, tagPrefix));
  const [where = '.'] = await paths(['.']);
  const range = lastTag === undefined ? ['HEAD'] : ['HEAD', `^${await commit(lastTag)}`];
  const { stdout } = await git(
    [
      'log',
      '--no-merges',
      `--max-count=${maxCommits}`,
      '-z',
      '--format=%H%n%s%n%b',
      ...range,
      '--',
      ...(where === '.' ? [] : [where]),
    ],
    { truncate: true },
  );
  const commits = stdout.split('\0').flatMap((record) => {
    const [sha = '', subject = '', ...body] = record.split('\n');
    return sha === '' ? [] : [parseCommit(sha, subject, body.join('\n'))];
  });
  return { lastTag, commits };
}

async function findLastTag({ git }: Repository, prefix: string): Promise<string | undefined> {
  const pattern = `--match=${prefix.replaceAll(/[*?[\\]/g, '\\$&')}[0-9]*`;
  const { code, stdout } = await git(['describe', '--tags', '--abbrev=0', pattern, 'HEAD'], { ok: [0, 128] });
  return code === 0 ? stdout.trim() : undefined;
}
