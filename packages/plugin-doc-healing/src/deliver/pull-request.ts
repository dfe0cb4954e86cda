import type { GitHub } from '../github/client.ts';
import type { PatchedFile } from './apply-patch.ts';
import { checkBranch } from './branch.ts';

export interface PullRequestOptions {
  readonly revision: string;
  readonly branch: string;
  /** What it is for; the default branch without it. */
  readonly into?: string | undefined;
  readonly title: string;
  readonly body: string;
  readonly status: boolean;
  /** Number of a pull request that is told. */
  readonly about?: number | undefined;
}

export interface OpenedPullRequest {
  readonly number: number;
  readonly url: string;
  readonly branch: string;
  readonly commit: string;
}

const marker = '<!-- vwmp doc healing -->';

/**
 * Commits files to a branch on GitHub and opens a pull request for it, sets a status and comments. Run again after a crash it finds
 * what its first run left, and does what is missing.
 *
 * @throws DOC_GITHUB_REFUSED, DOC_BRANCH_INVALID
 */
export async function openPullRequest(
  github: GitHub,
  files: readonly PatchedFile[],
  options: PullRequestOptions,
): Promise<OpenedPullRequest> {
  const { branch, revision, title, status, about } = options;
  checkBranch(branch);
  const into = options.into ?? ((await github.get('')) as { default_branch: string }).default_branch;
  const commit = await commitFiles(github, files, revision, title);
  const path = `/git/refs/heads/${branch}`;
  const made = await github.send('POST', '/git/refs', { ref: `refs/heads/${branch}`, sha: commit }, 422);
  if (made === undefined) await github.send('PATCH', path, { sha: commit, force: true });
  const { number, html_url: url } = await findOrOpen(github, { ...options, into });
  if (status) {
    const description = `${files.length} ${files.length === 1 ? 'file' : 'files'} can be healed`;
    await github.send('POST', `/statuses/${revision}`, {
      state: 'failure',
      context: 'vwmp/doc-healing',
      description,
      target_url: url,
    });
  }
  if (about !== undefined) await comment(github, about, `${marker}\n${title}: ${url}`);
  return { number, url, branch, commit };
}

async function commitFiles(
  github: GitHub,
  files: readonly PatchedFile[],
  parent: string,
  message: string,
): Promise<string> {
  const base = (await github.get(`/git/commits/${encodeURIComponent(parent)}`)) as {
    tree: { sha: string };
    committer?: { date?: string };
  };
  const entries = files.map(({ path, text }) => ({ path, mode: '100644', type: 'blob', content: text }));
  const tree = (await github.send('POST', '/git/trees', { base_tree: base.tree.sha, tree: entries })) as {
    sha: string;
  };
  const author = {
    name: 'VWMP',
    email: 'vwmp@localhost',
    ...(base.committer?.date && { date: base.committer.date }),
  };
  const commit = { message, tree: tree.sha, parents: [parent], author, committer: author };
  return ((await github.send('POST', '/git/commits', commit)) as { sha: string }).sha;
}

interface PullRequest {
  readonly number: number;
  readonly html_url: string;
}

async function findOrOpen(
  github: GitHub,
  { branch, into, title, body }: PullRequestOptions,
): Promise<PullRequest> {
  const opened = await github.send('POST', '/pulls', { title, head: branch, base: into, body }, 422);
  if (opened !== undefined) return opened as PullRequest;
  const [owner] = github.repository.split('/');
  const query = `head=${encodeURIComponent(`${owner}:${branch}`)}&state=open`;
  const [known] = (await github.get(`/pulls?${query}`)) as PullRequest[];
  if (!known)
    return (await github.send('POST', '/pulls', { title, head: branch, base: into, body })) as PullRequest;
  await github.send('PATCH', `/pulls/${known.number}`, { title, body });
  return known;
}

/** One comment, however often it is run. */
async function comment(github: GitHub, number: number, body: string): Promise<void> {
  const comments = (await github.get(`/issues/${number}/comments?per_page=100`)) as {
    id: number;
    body?: string;
  }[];
  const own = comments.find((each) => each.body?.startsWith(marker));
  if (own) await github.send('PATCH', `/issues/comments/${own.id}`, { body });
  else await github.send('POST', `/issues/${number}/comments`, { body });
}
