import { type HandlerContext, VwmpError } from '@vwmp/core';
import { applyToTree, type PatchedFile } from '../deliver/apply-patch.ts';
import { commitToBranch } from '../deliver/branch.ts';
import { comment } from '../deliver/comment.ts';
import { commitsForeign, openPullRequest, setStatus } from '../deliver/pull-request.ts';
import { writeWhole } from '../deliver/write-file.ts';
import { type GitHub, openGitHub } from '../github/client.ts';
import type { Correction } from '../heal/correction.ts';
import { fenced, listCorrections } from '../report/markdown.ts';
import { openClone } from '../tree/git.ts';
import type { DeliverConfig, Source } from './configs.ts';
import { withProject } from './open-source.ts';

/** What was done with a diff. */
export interface DeliverOutput {
  /** False when there was nothing to deliver. */
  readonly delivered: boolean;
  readonly path?: string;
  readonly files?: readonly string[];
  readonly branch?: string;
  readonly commit?: string;
  readonly number?: number;
  readonly url?: string;
}

const defaultMessage = 'Heal the documentation';

/** The code of `doc_healing.deliver`. */
export async function execute(context: HandlerContext<DeliverConfig>): Promise<DeliverOutput> {
  const { source = {}, patch, as, path = 'healing.patch', message = defaultMessage } = context.config;
  if (as === 'file') {
    await writeWhole(context.workspace, path, patch);
    return { delivered: patch !== '', path };
  }
  if (patch === '') return { delivered: false };
  if (as === 'pull_request' && source.fork)
    throw commitsForeign('the commits of a fork into the repository. Deliver it as "comment".');
  const inner = context as unknown as HandlerContext<never>;
  const files = await withProject(inner, { ...source, base: undefined }, ({ head }) =>
    applyToTree(patch, head.tree),
  );
  const changed = files.map((file) => file.path);
  if (as === 'pull_request') return pullRequest(context, files);
  if (as === 'comment') return commentOnly(context, files);
  if (source.github !== undefined)
    throw unsuitable(as, 'a clone in the workspace: set "folder", not "github"');
  if (as === 'apply') {
    if (source.revision !== undefined) throw unsuitable(as, 'the files as they are: leave out "revision"');
    const inside = source.folder === undefined || source.folder === '.' ? '' : `${source.folder}/`;
    for (const file of files) await writeWhole(context.workspace, inside + file.path, file.text);
    return { delivered: true, files: changed };
  }
  const revision = source.revision ?? 'HEAD';
  const branch = context.config.branch ?? branchFor(source);
  const folder = await openClone(context, source.folder);
  const commit = await commitToBranch(folder, files, { branch, revision, message, signal: context.signal });
  return { delivered: true, files: changed, branch, commit };
}

async function pullRequest(
  context: HandlerContext<DeliverConfig>,
  files: readonly PatchedFile[],
): Promise<DeliverOutput> {
  const { source = {}, into, status = true } = context.config;
  const { github, revision } = openDelivery(context);
  const opened = await openPullRequest(github, files, {
    ...{ revision, into, pushed: source.branch, status, about: context.config.pull_request },
    branch: context.config.branch ?? branchFor(source),
    ...textOf(context.config),
  });
  return { delivered: true, files: files.map((file) => file.path), ...opened };
}

async function commentOnly(
  context: HandlerContext<DeliverConfig>,
  files: readonly PatchedFile[],
): Promise<DeliverOutput> {
  const { patch, pull_request: number, status = true } = context.config;
  const { github, revision } = openDelivery(context);
  if (number === undefined) throw unsuitable('comment', '"pull_request", its number');
  const { title, body } = textOf(context.config);
  const diff = patch.length > 30_000 ? 'The diff is too long for a comment.' : fenced(patch);
  // Behind the diff, nothing that the body leaves open can swallow it.
  const url = await comment(github, number, `${title}\n\n${diff}\n\n${wholeLines(body, 30_000)}`);
  if (status) await setStatus(github, revision, files.length, url);
  return { delivered: true, files: files.map((file) => file.path), number, url };
}

/** As many whole lines of a text as there is room for, and that there were more. */
function wholeLines(text: string, room: number): string {
  if (text.length <= room) return text;
  const end = text.lastIndexOf('\n', room);
  return `${text.slice(0, end > 0 ? end : room)}\n\nThere is more than a comment has room for.`;
}

function openDelivery(context: HandlerContext<DeliverConfig>): { github: GitHub; revision: string } {
  const { source = {}, as } = context.config;
  const { github: repository, revision, api, token } = source;
  if (repository === undefined || revision === undefined)
    throw unsuitable(as, '"github" and "revision" in its source');
  const github = openGitHub(context as unknown as HandlerContext<never>, { repository, api, token });
  return { github, revision };
}

function textOf({ message = defaultMessage, body, corrections = [] }: DeliverConfig): {
  title: string;
  body: string;
} {
  return {
    title: message.split('\n')[0]!.slice(0, 200),
    body: body ?? listCorrections(corrections as readonly Correction[]).slice(0, 60_000),
  };
}

/** What is healed depends on both. */
function branchFor({ revision = 'HEAD', base }: Source): string {
  const names = base === undefined ? [revision] : [revision, base];
  return `doc-healing/${names.map((name) => name.replace(/[^A-Za-z0-9_-]/g, '-').slice(0, 12)).join('-')}`;
}

function unsuitable(as: string, need: string): VwmpError {
  return new VwmpError('DOC_SOURCE_INVALID', `To deliver as ${as}, the step needs ${need}.`, {
    retryable: false,
  });
}
