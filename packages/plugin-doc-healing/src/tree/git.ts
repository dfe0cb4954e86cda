import { execFile } from 'node:child_process';
import { type HandlerContext, VwmpError } from '@vwmp/core';
import { findRunning, gitEnvironment, openRepository, refuse } from '@vwmp/plugins/git/clone';

/** The environment of git: no config but that of the clone, no programs that it names, no network. */
export function environmentOf(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { ...gitEnvironment({ protocols: [] }, ''), ...more };
}

/**
 * The path of a clone of the workspace that is harmless to read.
 *
 * @throws PATH_OUTSIDE when any part of it lies outside; GIT_NO_REPOSITORY, GIT_NOT_TRUSTED, GIT_CONFIG_UNSAFE, GIT_NOT_FOUND
 */
export async function openClone(context: CloneContext, folder = '.'): Promise<string> {
  const { signal, workspace, logger } = context;
  const inner = { config: { repository: folder }, signal, workspace, logger };
  // Its filters, its remotes and who logs in to them are of no use here, so they may be there.
  await openRepository(inner, { protocols: [], trustRepositories: true });
  const path = await workspace.resolve(folder);
  const names = findRunning(
    (await git(path, ['config', '--list', '--name-only', '-z'], { signal })).split('\0'),
  );
  if (names.length === 0) return path;
  const message = `The config of the clone has ${names.slice(0, 5).join(', ')}, by which git fetches what it lacks or runs hooks. Make a whole clone, without them.`;
  throw refuse('GIT_CONFIG_UNSAFE', message, { details: { names: names.slice(0, 100) } });
}

type CloneContext = Pick<HandlerContext<never>, 'signal' | 'workspace' | 'logger'>;

export interface GitOptions {
  readonly signal?: AbortSignal | undefined;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
  /** Exit codes that are no failure. @defaultValue 0 */
  readonly ok?: readonly number[];
}

/**
 * Runs git without a shell in a folder.
 *
 * @returns what it wrote to stdout
 * @throws DOC_GIT_FAILED, DOC_GIT_MISSING
 */
export function git(folder: string, args: readonly string[], options: GitOptions = {}): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = execFile(
    'git',
    ['-c', 'core.quotePath=false', ...args],
    {
      cwd: folder,
      env: environmentOf(options.env),
      maxBuffer: 256 * 1024 * 1024,
      encoding: 'utf8',
      ...(options.signal && { signal: options.signal }),
    },
    (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (options.signal?.aborted) return reject(options.signal.reason);
      if (typeof code === 'number' && (options.ok ?? [0]).includes(code)) return resolve(stdout);
      reject(gitError(args[0] ?? '', folder, code, stderr, error));
    },
  );
  child.stdin?.on('error', () => {});
  child.stdin?.end(options.input ?? '');
  return promise;
}

function gitError(verb: string, folder: string, code: unknown, stderr: string, cause: unknown): VwmpError {
  if (code === 'ENOENT')
    return new VwmpError(
      'DOC_GIT_MISSING',
      `git cannot be run in ${folder}: install it, or check the folder.`,
      {
        retryable: false,
        cause,
      },
    );
  const said = stderr.trim().split('\n').slice(0, 5).join(' ').slice(0, 500);
  return new VwmpError('DOC_GIT_FAILED', `git ${verb} failed in ${folder} (${String(code)}): ${said}`, {
    retryable: false,
  });
}

const revision = /^[A-Za-z0-9][A-Za-z0-9._/@{}^~+-]{0,254}$/;

/**
 * The commit that a name stands for.
 *
 * @throws DOC_REVISION_INVALID for what is no name of a revision, or stands for nothing
 */
export async function resolveRevision(folder: string, name: string, signal?: AbortSignal): Promise<string> {
  const wrong = (why: string): VwmpError =>
    new VwmpError('DOC_REVISION_INVALID', `"${name.slice(0, 80)}" ${why} in ${folder}.`, {
      retryable: false,
    });
  if (!revision.test(name)) throw wrong('is no name of a revision');
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
  const found = (await git(folder, args, { signal, ok: [0, 1, 128] })).trim();
  if (!/^[0-9a-f]{40,64}$/.test(found)) throw wrong('stands for no commit');
  return found;
}
