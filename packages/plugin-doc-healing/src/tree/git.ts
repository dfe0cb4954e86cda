import { execFile } from 'node:child_process';
import { VwmpError } from '@vwmp/core';

/** What a repository must not decide when somebody else reads it: no hooks, no helpers, no programs, no network. */
const safe = [
  ...['-c', 'core.hooksPath=/dev/null'],
  ...['-c', 'core.fsmonitor=false'],
  ...['-c', 'core.quotePath=false'],
  ...['-c', 'core.pager=cat'],
  ...['-c', 'protocol.ext.allow=never'],
  ...['-c', 'gc.auto=0'],
];

/** The environment of git: nothing that points to another repository, and nobody is asked for a password. */
export function gitEnvironment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^GIT_/i.test(name));
  return {
    ...Object.fromEntries(kept),
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    LC_ALL: 'C',
    ...more,
  };
}

export interface GitOptions {
  readonly signal?: AbortSignal | undefined;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
  /** Exit codes that are no failure. @defaultValue 0 */
  readonly ok?: readonly number[];
}

export function gitArguments(args: readonly string[]): string[] {
  return [...safe, ...args];
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
    gitArguments(args),
    {
      cwd: folder,
      env: gitEnvironment(options.env),
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
