import { readFile } from 'node:fs/promises';
import type { HandlerContext } from '@vwmp/core';
import { refuse } from './errors.ts';
import type { Repository } from './repository.ts';

/** What a full name such as `refs/tags/v1` stands for, or undefined. */
export async function readRef({ git }: Repository, ref: string): Promise<string | undefined> {
  const { code, stdout } = await git(['rev-parse', '--verify', '--quiet', ref], { ok: [0, 1] });
  return code === 0 ? stdout.trim() : undefined;
}

/**
 * Makes a ref that is not there yet; its reflog begins with the idempotency key, by which an attempt after a crash knows it.
 *
 * @returns what the ref stands for: `object`, or what an earlier attempt of the same step made
 * @throws GIT_EXISTS when somebody else made it
 */
export async function makeRef(
  context: HandlerContext<unknown>,
  repository: Repository,
  ref: string,
  object: () => Promise<string>,
): Promise<string> {
  const { git } = repository;
  const mark = `vwmp ref ${context.idempotencyKey}`;
  const existing = await readRef(repository, ref);
  if (existing === undefined) {
    const made = await object();
    context.signal.throwIfAborted();
    await git(['update-ref', '--create-reflog', '-m', mark, ref, made, '']);
    return made;
  }
  const { stdout } = await git(['rev-parse', '--path-format=absolute', '--git-path', `logs/${ref}`]);
  const path = await context.workspace.resolve(stdout.trimEnd());
  const log = await readFile(path, 'utf8').catch(() => '');
  if (log.trimEnd().split('\n').at(-1)?.endsWith(`\t${mark}`) === true) return existing;
  const [, kind, ...name] = ref.split('/');
  const what = kind === 'tags' ? 'tag' : 'branch';
  throw refuse('GIT_EXISTS', `There is a ${what} ${JSON.stringify(name.join('/'))} already.`);
}
