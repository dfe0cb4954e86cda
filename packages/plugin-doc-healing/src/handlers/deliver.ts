import { type HandlerContext, VwmpError } from '@vwmp/core';
import { applyToTree } from '../deliver/apply-patch.ts';
import { commitToBranch } from '../deliver/branch.ts';
import { openPullRequest } from '../deliver/pull-request.ts';
import { writeWhole } from '../deliver/write-file.ts';
import { openGitHub } from '../github/client.ts';
import type { Correction } from '../heal/correction.ts';
import { listCorrections } from '../report/markdown.ts';
import type { DeliverConfig } from './configs.ts';
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

/** The code of `doc_healing.deliver`. */
export async function execute(context: HandlerContext<DeliverConfig>): Promise<DeliverOutput> {
  const {
    source = {},
    patch,
    as,
    path = 'healing.patch',
    message = 'Heal the documentation',
  } = context.config;
  if (as === 'file') {
    await writeWhole(context.workspace, path, patch);
    return { delivered: patch !== '', path };
  }
  if (patch === '') return { delivered: false };
  const inner = context as unknown as HandlerContext<never>;
  const files = await withProject(inner, { ...source, base: undefined }, ({ head }) =>
    applyToTree(patch, head.tree),
  );
  const changed = files.map((file) => file.path);
  if (as === 'pull_request') return pullRequest(context, files);
  if (source.github !== undefined)
    throw unsuitable(as, 'a clone in the workspace: set "folder", not "github"');
  const folder = await context.workspace.resolve(source.folder ?? '.');
  if (as === 'apply') {
    if (source.revision !== undefined) throw unsuitable(as, 'the files as they are: leave out "revision"');
    const inside = source.folder === undefined || source.folder === '.' ? '' : `${source.folder}/`;
    for (const file of files) await writeWhole(context.workspace, inside + file.path, file.text);
    return { delivered: true, files: changed };
  }
  const revision = source.revision ?? 'HEAD';
  const branch = context.config.branch ?? branchFor(revision);
  const commit = await commitToBranch(folder, files, { branch, revision, message, signal: context.signal });
  return { delivered: true, files: changed, branch, commit };
}

async function pullRequest(
  context: HandlerContext<DeliverConfig>,
  files: Parameters<typeof openPullRequest>[1],
): Promise<DeliverOutput> {
  const {
    source = {},
    message = 'Heal the documentation',
    body,
    corrections = [],
    into,
    status = true,
  } = context.config;
  const { github: repository, revision, api, token } = source;
  if (repository === undefined || revision === undefined)
    throw unsuitable('pull_request', '"github" and "revision" in its source');
  const github = openGitHub(context as unknown as HandlerContext<never>, { repository, api, token });
  const opened = await openPullRequest(github, files, {
    ...{ revision, into, status, about: context.config.pull_request },
    branch: context.config.branch ?? branchFor(revision),
    title: message.split('\n')[0]!.slice(0, 200),
    body: body ?? listCorrections(corrections as readonly Correction[]).slice(0, 60_000),
  });
  return { delivered: true, files: files.map((file) => file.path), ...opened };
}

function branchFor(revision: string): string {
  return `doc-healing/${revision.replace(/[^A-Za-z0-9._-]/g, '-').slice(0, 12)}`;
}

function unsuitable(as: string, need: string): VwmpError {
  return new VwmpError('DOC_SOURCE_INVALID', `To deliver as ${as}, the step needs ${need}.`, {
    retryable: false,
  });
}
