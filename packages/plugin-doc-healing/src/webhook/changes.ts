import type { GitHub } from '../github/client.ts';
import { openGitHubTree } from '../github/tree.ts';
import { git, resolveRevision } from '../tree/git.ts';
import type { Delivery } from './delivery.ts';

/** A file that a delivery changes. */
export interface ChangedFile {
  readonly path: string;
  readonly status: 'added' | 'modified' | 'removed' | 'renamed';
  /** What it was called before. */
  readonly previous?: string;
}

export interface Changes {
  readonly files: readonly ChangedFile[];
  /** The commit that it is compared with; undefined for a branch without one. */
  readonly base: string | undefined;
}

/**
 * What has changed between two commits of a clone; for a branch, since it left the other.
 *
 * @throws DOC_REVISION_INVALID when the clone lacks one of them
 */
export async function changesInClone(
  folder: string,
  { before, after }: Pick<Delivery, 'before' | 'after'>,
  signal?: AbortSignal,
): Promise<Changes> {
  const head = await resolveRevision(folder, after, signal);
  if (before === undefined) {
    const all = await git(folder, ['ls-tree', '-r', '-z', '--name-only', head], { signal });
    return {
      files: all
        .split('\0')
        .filter(Boolean)
        .map((path) => ({ path, status: 'added' })),
      base: undefined,
    };
  }
  const old = await resolveRevision(folder, before, signal);
  const common = (await git(folder, ['merge-base', old, head], { signal, ok: [0, 1] })).trim() || old;
  const args = [
    'diff-tree',
    '-r',
    '-z',
    '-M',
    '--relative',
    '--no-ext-diff',
    '--no-textconv',
    '--name-status',
    common,
    head,
  ];
  return { files: readNameStatus(await git(folder, args, { signal })), base: common };
}

function readNameStatus(text: string): ChangedFile[] {
  const parts = text.split('\0');
  const files: ChangedFile[] = [];
  for (let at = 0; at + 1 < parts.length; ) {
    const letter = parts[at++]![0];
    const first = parts[at++]!;
    if (letter === 'R' || letter === 'C')
      files.push({ path: parts[at++]!, status: letter === 'R' ? 'renamed' : 'added', previous: first });
    else
      files.push({ path: first, status: letter === 'A' ? 'added' : letter === 'D' ? 'removed' : 'modified' });
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** So many files a comparison and a pull request name at most; GitHub says nothing about those that it leaves out. */
const mostNamed = { comparison: 300, pullRequest: 3000 };

/** What has changed, by the API of GitHub. @throws DOC_GITHUB_REFUSED, DOC_GITHUB_LIMITED, DOC_LIMIT */
export async function changesOnGitHub(github: GitHub, { before, after, number }: Delivery): Promise<Changes> {
  if (before === undefined) {
    const paths = await (await openGitHubTree(github, after)).paths();
    return { files: paths.map((path) => ({ path, status: 'added' })), base: undefined };
  }
  const compared = (await github.get(`/compare/${before}...${after}`)) as {
    files?: unknown[];
    merge_base_commit?: { sha?: string };
  };
  const base = compared.merge_base_commit?.sha ?? before;
  const isPull = number !== undefined;
  const named = isPull
    ? await github.all(`/pulls/${number}/files`, mostNamed.pullRequest)
    : (compared.files ?? []);
  const cut = named.length >= (isPull ? mostNamed.pullRequest : mostNamed.comparison);
  const files = cut ? await changesOfTrees(github, base, after) : named.flatMap(readFile);
  return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), base };
}

function readFile(named: unknown): ChangedFile[] {
  const { filename, status, previous_filename } = named as Record<string, unknown>;
  if (typeof filename !== 'string') return [];
  const known = status === 'added' || status === 'removed' || status === 'renamed' ? status : 'modified';
  const previous = typeof previous_filename === 'string' ? { previous: previous_filename } : {};
  return [{ path: filename, status: known, ...previous }];
}

/** What differs between two commits. A file counts as renamed when nothing else has changed in it. */
async function changesOfTrees(github: GitHub, base: string, head: string): Promise<ChangedFile[]> {
  const [old, now] = await Promise.all([openGitHubTree(github, base), openGitHubTree(github, head)]);
  const before = new Set(await old.paths());
  const after = await now.paths();
  const has = new Set(after);
  const gone = new Map<string, string[]>();
  for (const path of before) {
    const digest = has.has(path) ? undefined : await old.digest?.(path);
    if (digest !== undefined) gone.set(digest, [...(gone.get(digest) ?? []), path]);
  }
  const files: ChangedFile[] = [];
  for (const path of after) {
    const digest = (await now.digest?.(path)) ?? '';
    if (!before.has(path)) {
      const previous = gone.get(digest)?.shift();
      files.push(previous === undefined ? { path, status: 'added' } : { path, status: 'renamed', previous });
    } else if (digest !== (await old.digest?.(path))) files.push({ path, status: 'modified' });
  }
  const removed = [...gone.values()].flat().map((path): ChangedFile => ({ path, status: 'removed' }));
  return [...files, ...removed];
}
