import type { GitHub } from '../github/client.ts';
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

/** What has changed, by the API of GitHub. @throws DOC_GITHUB_REFUSED */
export async function changesOnGitHub(github: GitHub, { before, after, number }: Delivery): Promise<Changes> {
  if (before === undefined) return { files: [], base: undefined };
  const compared = (await github.get(`/compare/${before}...${after}`)) as {
    files?: unknown[];
    merge_base_commit?: { sha?: string };
  };
  // The comparison names 300 files at most; a pull request names them page by page.
  const listed =
    number === undefined ? (compared.files ?? []) : await pagesOf(github, `/pulls/${number}/files`);
  const files = (listed as { filename?: unknown; status?: unknown; previous_filename?: unknown }[]).flatMap(
    (each): ChangedFile[] => {
      if (typeof each.filename !== 'string') return [];
      const status =
        each.status === 'added' || each.status === 'removed' || each.status === 'renamed'
          ? each.status
          : 'modified';
      const previous = typeof each.previous_filename === 'string' ? { previous: each.previous_filename } : {};
      return [{ path: each.filename, status, ...previous }];
    },
  );
  return {
    files: files.sort((a, b) => (a.path < b.path ? -1 : 1)),
    base: compared.merge_base_commit?.sha ?? before,
  };
}

const pageSize = 100;

async function pagesOf(github: GitHub, path: string): Promise<unknown[]> {
  const all: unknown[] = [];
  for (let page = 1; page <= 30; page++) {
    const found = (await github.get(`${path}?per_page=${pageSize}&page=${page}`)) as unknown[];
    all.push(...found);
    if (found.length < pageSize) break;
  }
  return all;
}
