import type { HandlerContext } from '@vwmp/core';
import { withCredentials } from './askpass.ts';
import { currentBranch } from './commit.ts';
import { gitFailed, refuse, withoutCredentials } from './errors.ts';
import { readRef } from './marked-ref.ts';
import type { GitOptions } from './options.ts';
import { checkRefName } from './refs.ts';
import { checkRemote, receiveWithoutHooks } from './remote.ts';
import { openRepository, type Repository, type RepositoryConfig } from './repository.ts';

interface PushConfig extends RepositoryConfig {
  readonly remote?: string;
  readonly branch?: string | false;
  readonly tags?: readonly string[];
  readonly credentials?: { readonly username?: string; readonly secret: string };
}

/** Output of `git.push`. */
export interface PushOutput {
  readonly remote: string;
  readonly url: string;
  readonly refs: readonly PushedRef[];
}

interface PushedRef {
  readonly ref: string;
  readonly sha: string;
  readonly status: 'created' | 'updated' | 'unchanged';
}

/** Makes the code of `git.push`. */
export function createPush(options: GitOptions) {
  return async (context: HandlerContext<PushConfig>): Promise<PushOutput> => {
    const { remote: name = 'origin', credentials } = context.config;
    checkRefName('remote', name);
    const repository = await openRepository(context, options);
    const refs = await refsToSend(repository, context.config);
    const remote = await checkRemote(context, repository, name, options);
    const args = [
      'push',
      '--porcelain',
      '--atomic',
      '--no-follow-tags',
      '--no-verify',
      '--no-signed',
      '--recurse-submodules=no',
      ...(remote.protocol === 'file' ? [receiveWithoutHooks] : []),
      '--',
      name,
      ...refs.map(({ ref, sha }) => `${sha}:${ref}`),
    ];
    const send = (env: Readonly<Record<string, string>>) => repository.git(args, { ok: [0, 1], env });
    const answer =
      credentials === undefined
        ? await send({})
        : await withCredentials(
            credentials.username ?? 'git',
            context.secrets.get(credentials.secret).trimEnd(),
            send,
          );
    const sent = readAnswer(answer.stdout);
    const refused = refs.filter(({ ref }) => (sent.get(ref)?.flag ?? '!') === '!');
    if (refused.length > 0 && sent.size === 0) throw gitFailed('push', answer.code, answer.stderr);
    if (refused.length > 0) throw rejected(name, refused, sent, answer.stderr);
    return {
      remote: name,
      url: remote.shown,
      refs: refs.map(({ ref, sha }) => ({ ref, sha, status: statusOf(sent.get(ref)?.flag) })),
    };
  };
}

/** Each with the object it has now, so that what is sent is what was looked at. */
async function refsToSend(
  repository: Repository,
  { branch, tags = [] }: PushConfig,
): Promise<{ ref: string; sha: string }[]> {
  const name = branch ?? (await currentBranch(repository.git));
  if (name === null)
    throw refuse('GIT_REF_UNKNOWN', 'No branch is checked out. Say which one to push, or "branch: false".');
  if (name !== false) checkRefName('branch', name);
  for (const tag of tags) checkRefName('tag', tag);
  const names = [...(name === false ? [] : [`refs/heads/${name}`]), ...tags.map((tag) => `refs/tags/${tag}`)];
  if (names.length === 0) throw refuse('GIT_REF_UNKNOWN', 'There is neither a branch nor a tag to push.');
  return Promise.all(
    names.map(async (ref) => {
      const sha = await readRef(repository, ref);
      if (sha !== undefined) return { ref, sha };
      throw refuse('GIT_REF_UNKNOWN', `There is no ${ref} in the repository.`);
    }),
  );
}

type Answer = ReadonlyMap<string, { readonly flag: string; readonly summary: string }>;

/** Reads `git push --porcelain`: a flag, `from:to` and a summary for each ref. */
function readAnswer(text: string): Answer {
  const sent = new Map<string, { flag: string; summary: string }>();
  for (const line of text.split('\n')) {
    const [, flag, to, summary] = /^([ +\-*!=])\t[^\t]*:([^\t:]+)\t(.*)$/.exec(line) ?? [];
    if (flag !== undefined && to !== undefined) sent.set(to, { flag, summary: summary ?? '' });
  }
  return sent;
}

function statusOf(flag: string | undefined): PushedRef['status'] {
  if (flag === '*') return 'created';
  return flag === '=' ? 'unchanged' : 'updated';
}

function rejected(remote: string, refused: readonly { ref: string }[], sent: Answer, stderr: string): Error {
  const reasons = refused.map(({ ref }) => ({ ref, reason: sent.get(ref)?.summary ?? 'not answered' }));
  const first = reasons.find(({ reason }) => !reason.includes('atomic')) ?? reasons[0]!;
  const message = `The remote "${remote}" took nothing: ${first.ref} ${withoutCredentials(first.reason)}.`;
  return refuse('GIT_REJECTED', message, {
    details: { refs: reasons, stderr: withoutCredentials(stderr).slice(-2_000) },
  });
}
