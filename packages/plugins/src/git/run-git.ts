import { hasCode, VwmpError } from '@vwmp/core';
import { type Callable, withConfig } from '../shared/with-config.ts';
import { execute as runCommand } from '../shell/run.ts';
import { gitFailed, refuse } from './errors.ts';

/** What a call of git wants besides its arguments. */
export interface GitCall {
  /** Written to its standard input. */
  readonly input?: string;
  /** Exit codes that are an answer. @defaultValue `[0]` */
  readonly ok?: readonly number[];
  /** Bytes of the output. @defaultValue 16 MiB */
  readonly maxBytes?: number;
  /** Keeps the beginning of a longer output instead of failing. @defaultValue false */
  readonly truncate?: boolean;
  /** Further entries of the environment. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface GitAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** More has come than `maxBytes`. */
  readonly truncated: boolean;
}

/** Calls git with arguments that no shell sees. @throws GIT_*, the reason of the signal */
export type Git = (args: readonly string[], call?: GitCall) => Promise<GitAnswer>;

const anyCode: readonly number[] = Array.from({ length: 256 }, (_, code) => code);
const defaultMaxBytes = 16 * 1024 * 1024;

/**
 * Makes the caller of git for a folder. Commands run as those of `shell.run` do: in a group of their own, which ends as a whole at an
 * abort and when this process exits.
 *
 * @param cwd - absolute, in the workspace
 */
export function createGit(
  context: Callable<unknown>,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Git {
  return async (args, call = {}) => {
    const { input, ok = [0], maxBytes = defaultMaxBytes, truncate = false } = call;
    const command = args.find((arg) => !arg.startsWith('-')) ?? '';
    const { code, stdout, stderr, stdout_bytes } = await runCommand(
      withConfig(context, {
        command: 'git',
        args,
        cwd,
        env: { ...env, ...call.env },
        inherit: [],
        ok: anyCode,
        log: false,
        max_output_bytes: maxBytes,
        ...(input === undefined ? {} : { input }),
      }),
    ).catch((error: unknown) => {
      context.signal.throwIfAborted();
      throw startError(error);
    });
    if (!ok.includes(code)) throw gitFailed(command, code, stderr);
    const truncated = stdout_bytes > maxBytes;
    if (truncated && !truncate)
      throw refuse('GIT_OUTPUT_TOO_LARGE', `git ${command} wrote more than ${maxBytes} bytes.`);
    return { code, stdout: stdout as string, stderr, truncated };
  };
}

function startError(error: unknown): unknown {
  if (hasCode(error, 'SHELL_NOT_FOUND'))
    return refuse('GIT_NOT_FOUND', 'There is no git on the path. Install it on the machine of the worker.');
  if (hasCode(error, 'SHELL_CWD_INVALID')) return refuse('GIT_NO_REPOSITORY', 'There is no such folder.');
  if (hasCode(error, 'SHELL_ARGUMENT_INVALID'))
    return refuse('GIT_ARGUMENT_INVALID', 'A value has a NUL character, or all are too long for git.');
  if (hasCode(error, 'SHELL_SIGNAL'))
    return new VwmpError('GIT_FAILED', 'git was ended by somebody else.', { cause: error });
  return error;
}
