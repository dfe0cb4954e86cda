import { VwmpError } from '@vwmp/core';
import type { GitHub } from '../github/client.ts';
import { modesOf } from '../github/tree.ts';
import type { PatchedFile } from './apply-patch.ts';
import { branchTaken, checkBranch, ownEmail } from './branch.ts';
import { comment } from './comment.ts';

export interface PullRequestOptions {
  readonly revision: string;
  readonly branch: string;
  /** What it is for; without it what was pushed to, else the default branch. */
  readonly into?: string | undefined;
  /** The branch that the revision was pushed to. */
  readonly pushed?: string | undefined;
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

/**
 * Commits files to a branch on GitHub and opens a pull request for it, sets a status and comments. Run again after a crash it finds
 * what its first run left, and does what is missing; one that a person has closed or merged stays as it is.
 *
 * @throws DOC_GITHUB_REFUSED, DOC_GITHUB_LIMITED, DOC_BRANCH_INVALID, DOC_BRANCH_TAKEN, DOC_COMMITS_FOREIGN
 */
export async function openPullRequest(
  github: GitHub,
  files: readonly PatchedFile[],
  options: PullRequestOptions,
): Promise<OpenedPullRequest> {
  const { branch, revision, pushed, title, body, status, about } = options;
  checkBranch(branch);
  const { default_branch: main, node_id: id } = (await github.get('')) as Repository;
  const wanted = options.into ?? pushed ?? main;
  if (branch === wanted) throw branchTaken(branch, 'is the one that the pull request is for');
  if (branch === main) throw branchTaken(branch, 'is the default one');
  const commit = await commitFiles(github, files, revision, title);
  const known = await find(github, branch);
  const open = await findOpen(github, known, wanted);
  const into = open?.base.ref ?? wanted;
  const mark = markOf(commit, wanted);
  const done = open ? undefined : await findDone(github, known, { commit, wanted, mark });
  if (done) return { number: done.number, url: done.html_url, branch, commit };
  // Also of the branch that was pushed to: what it had may have been taken back since.
  await refuseForeign(github, into, revision);
  await setBranch(github, id, { branch, commit, revision });
  const { number, html_url: url } = await openOrChange(github, open, {
    ...options,
    into,
    body: `${mark}\n${body}`,
  });
  if (status) await setStatus(github, revision, files.length, url);
  if (about !== undefined) await comment(github, about, `${title}: ${url}`);
  return { number, url, branch, commit };
}

/** Sets the status of a commit whose documentation can be healed. @param url - of what tells more */
export async function setStatus(github: GitHub, revision: string, count: number, url: string): Promise<void> {
  await github.send('POST', `/statuses/${revision}`, {
    state: 'failure',
    context: 'vwmp/doc-healing',
    description: `${count} ${count === 1 ? 'file' : 'files'} can be healed`,
    target_url: url,
  });
}

/** The error for commits that a pull request would carry along. */
export function commitsForeign(why: string): VwmpError {
  return new VwmpError('DOC_COMMITS_FOREIGN', `No pull request is opened: it would carry ${why}`, {
    retryable: false,
  });
}

async function refuseForeign(github: GitHub, into: string, revision: string): Promise<void> {
  const basehead = `${encodeURIComponent(into)}...${encodeURIComponent(revision)}`;
  const { status } = (await github.get(`/compare/${basehead}`)) as { status?: string };
  if (status !== 'behind' && status !== 'identical')
    throw commitsForeign(`commits into ${into} that are not there. Choose another "into", or none.`);
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
  const modes = await modesOf(github, base.tree.sha);
  const entries = files.map(({ path, text }) => {
    return { path, mode: modes.get(path) ?? '100644', type: 'blob', content: text };
  });
  const tree = (await github.send('POST', '/git/trees', { base_tree: base.tree.sha, tree: entries })) as {
    sha: string;
  };
  const author = {
    name: 'VWMP',
    email: ownEmail,
    ...(base.committer?.date && { date: base.committer.date }),
  };
  const commit = { message, tree: tree.sha, parents: [parent], author, committer: author };
  return ((await github.send('POST', '/git/commits', commit)) as { sha: string }).sha;
}

/**
 * Makes a branch, or moves it if it ends with what was delivered before and has nothing else that the revision has not. One on which
 * somebody went on from this very commit stays as it is.
 */
async function setBranch(
  github: GitHub,
  id: string,
  { branch, commit, revision }: { branch: string; commit: string; revision: string },
): Promise<void> {
  const name = `refs/heads/${branch}`;
  const wanted = { ref: name, sha: commit };
  if ((await github.send('POST', '/git/refs', wanted, 422)) !== undefined) return;
  let refused: string | undefined;
  for (let seen: string | undefined; ; ) {
    const known = (await github.get(`/git/ref/heads/${branch}`, 404)) as
      | { object: { sha: string } }
      | undefined;
    if (known === undefined) {
      // It was refused for another reason, which GitHub tells.
      await github.send('POST', '/git/refs', wanted);
      return;
    }
    const old = known.object.sha;
    if (old === commit || (await has(github, old, commit))) return;
    // Refused though nobody has moved it meanwhile.
    if (old === seen) throw branchTaken(branch, `cannot be moved (${refused})`);
    seen = old;
    const { status, commits, total_commits: total } = await compare(github, revision, old);
    const last = (await github.get(`/git/commits/${old}`)) as Signed;
    if (commits.length < total || ![last, ...commits.map(({ commit: each }) => each)].every(isOwn))
      throw branchTaken(branch, 'has commits of others');
    // Without force where nothing is left behind.
    const force = status !== 'behind' && status !== 'identical';
    const moved = force ? await github.move(id, { name, beforeOid: old, afterOid: commit }) : undefined;
    if (moved === undefined) {
      await github.send('PATCH', `/git/${name}`, { sha: commit, force });
      return;
    }
    ({ refused } = moved);
    if (refused === undefined) return;
  }
}

async function compare(github: GitHub, base: string, head: string): Promise<Comparison> {
  return (await github.get(`/compare/${encodeURIComponent(base)}...${head}`)) as Comparison;
}

/** Tells whether a commit has another one that is older. */
async function has(github: GitHub, head: string, commit: string): Promise<boolean> {
  const compared = (await github.get(`/compare/${commit}...${head}`, 404)) as Comparison | undefined;
  return compared?.status === 'ahead';
}

interface Repository {
  readonly default_branch: string;
  readonly node_id: string;
}

interface Comparison {
  readonly status: string;
  readonly total_commits: number;
  /** The first of them. */
  readonly commits: readonly { readonly commit: Signed }[];
}

interface Signed {
  readonly author?: { readonly email?: string } | null;
  readonly committer?: { readonly email?: string } | null;
}

function isOwn({ author, committer }: Signed): boolean {
  return author?.email === ownEmail && committer?.email === ownEmail;
}

interface PullRequest {
  readonly number: number;
  readonly html_url: string;
  readonly state: string;
  readonly body?: string | null;
  readonly head: { readonly sha: string };
  readonly base: { readonly ref: string };
}

/** For whatever they are. */
async function find(github: GitHub, branch: string): Promise<PullRequest[]> {
  const [owner] = github.repository.split('/');
  const query = new URLSearchParams({ head: `${owner}:${branch}`, state: 'all' });
  return (await github.all(`/pulls?${query}`)) as PullRequest[];
}

/** The open one, or one that a person has had go into another branch since. */
async function findOpen(
  github: GitHub,
  known: readonly PullRequest[],
  into: string,
): Promise<PullRequest | undefined> {
  const open = known.filter(({ state }) => state === 'open');
  const same = open.find(({ base }) => base.ref === into);
  if (same) return same;
  for (const each of open) {
    const events = (await github.all(`/issues/${each.number}/events`)) as readonly { event: string }[];
    if (events.some(({ event }) => event === 'base_ref_changed')) return each;
  }
  return undefined;
}

/** The one that was closed or merged with a commit, also when a person had added to it, re-based it or had it go elsewhere. */
async function findDone(
  github: GitHub,
  known: readonly PullRequest[],
  { commit, wanted, mark }: { commit: string; wanted: string; mark: string },
): Promise<PullRequest | undefined> {
  const same = known.filter(({ base }) => base.ref === wanted);
  const done =
    same.find(({ head }) => head.sha === commit) ?? known.find(({ body }) => body?.includes(mark) === true);
  if (done) return done;
  // Only the last one can be of this commit, where a branch is used again and again.
  const last = same.reduce<PullRequest | undefined>((a, b) => (a && a.number > b.number ? a : b), undefined);
  return last && (await has(github, last.head.sha, commit)) ? last : undefined;
}

/** What a pull request was opened with, in its text: its branch may have another commit since, and it may be for another one. */
function markOf(commit: string, into: string): string {
  return `<!-- vwmp doc healing ${commit} ${encodeURIComponent(into)} -->`;
}

async function openOrChange(
  github: GitHub,
  known: PullRequest | undefined,
  { branch, into = '', title, body }: PullRequestOptions,
): Promise<PullRequest> {
  const wanted = { title, head: branch, base: into, body };
  if (known === undefined) {
    const opened = await github.send('POST', '/pulls', wanted, 422);
    if (opened !== undefined) return opened as PullRequest;
  }
  // Opened meanwhile, by another run of the same.
  const open = known ?? (await findOpen(github, await find(github, branch), into));
  if (open === undefined) return (await github.send('POST', '/pulls', wanted)) as PullRequest;
  await github.send('PATCH', `/pulls/${open.number}`, { title, body });
  return open;
}
