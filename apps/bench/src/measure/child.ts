import { spawn } from 'node:child_process';

/** How a child process is run. */
export interface ChildOptions {
  cwd?: string;
  /** Added to the environment of this process; undefined takes a variable away. */
  env?: Record<string, string | undefined>;
  command?: string;
}

/** How it went. */
export interface ChildResult {
  /** From the spawn until the process has ended, in milliseconds. */
  milliseconds: number;
  stdout: string;
}

/**
 * Runs a whole process and waits for its end.
 *
 * @param args - for Node, unless another command is given
 * @throws Error with what it wrote when it does not exit with 0
 */
export function runChild(args: readonly string[], options: ChildOptions = {}): Promise<ChildResult> {
  const { command = process.execPath, cwd, env } = options;
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, args, { cwd, env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] });
    let milliseconds = 0;
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('exit', () => (milliseconds = performance.now() - started));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve({ milliseconds, stdout });
      else
        reject(new Error(`${command} ${args.join(' ')} ended with ${signal ?? code}:\n${stderr}${stdout}`));
    });
  });
}

/** Runs a process whose last line of output is JSON. */
export async function runForJson<T>(
  args: readonly string[],
  options: ChildOptions = {},
): Promise<T & { milliseconds: number }> {
  const { milliseconds, stdout } = await runChild(args, options);
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  return { ...(JSON.parse(last) as T), milliseconds };
}

/** Without what would change the measured processes: options for Node, and a compile cache that some of them have. */
function environment(more: ChildOptions['env']): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, NODE_COMPILE_CACHE: __, FORCE_COLOR: ___, ...rest } = process.env;
  return { ...rest, ...more };
}
