import { spawn } from 'node:child_process';
import { hasCode } from '@vwmp/core';

export interface ToolResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Why a program gave no result. */
export interface ToolFailure {
  readonly missing: string;
}

export interface ToolOptions {
  readonly input?: string;
  readonly signal?: AbortSignal | undefined;
  readonly cwd?: string;
  /** In milliseconds. @defaultValue 20 s */
  readonly timeout?: number;
}

const maxOutput = 4 * 1024 * 1024;

/**
 * Runs a program of the machine on a text, without a shell, with nothing of the server's environment but where programs are.
 *
 * @returns why there is no result when there is no such program, or it was ended
 */
export async function runTool(
  program: string,
  args: readonly string[],
  { input = '', signal, cwd, timeout = 20_000 }: ToolOptions = {},
): Promise<ToolResult | ToolFailure> {
  signal?.throwIfAborted();
  const { PATH = '', HOME = '/', TMPDIR } = process.env;
  const { promise, resolve } = Promise.withResolvers<ToolResult | ToolFailure>();
  const child = spawn(program, args, {
    env: { PATH, HOME, LANG: 'C.UTF-8', ...(TMPDIR && { TMPDIR }) },
    stdio: ['pipe', 'pipe', 'pipe'],
    killSignal: 'SIGKILL',
    ...(cwd !== undefined && { cwd }),
    ...(signal && { signal }),
  });
  const output = { stdout: '', stderr: '' };
  let tooLong = false;
  let tooMuch = false;
  const timer = setTimeout(() => {
    tooLong = true;
    child.kill('SIGKILL');
  }, timeout);
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8');
    child[name].on('data', (chunk: string) => {
      output[name] += chunk;
      if (output[name].length <= maxOutput) return;
      tooMuch = true;
      child.kill('SIGKILL');
    });
  }
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  child.on('error', (error) =>
    resolve({
      missing: hasCode(error, 'ENOENT') ? `${program} is not installed` : `${program} cannot be run`,
    }),
  );
  child.on('close', (code, ended) => {
    const why = tooMuch ? 'wrote too much' : tooLong ? 'took too long' : `was ended by ${ended}`;
    resolve(ended === null ? { code, ...output } : { missing: `${program} ${why}` });
  });
  const result = await promise;
  clearTimeout(timer);
  signal?.throwIfAborted();
  return result;
}
