import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Another process that runs one of the scripts beside this file. */
export interface Child {
  process: ChildProcess;
  /** What it prints, line by line. */
  lines: Interface;
  /** Its exit code or the signal that ended it, and everything that it wrote to standard error. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; errors: string }>;
}

export interface ChildOptions {
  uid?: number;
  /** No file may become larger than so many blocks of the shell's `ulimit -f`. */
  fileLimit?: number;
}

/** Starts a script with some arguments. */
export function startChild(script: URL, args: readonly string[], options: ChildOptions = {}): Child {
  const { uid, fileLimit } = options;
  const command = [process.execPath, '--no-warnings', fileURLToPath(script), ...args];
  const limited = ['/bin/sh', '-c', `ulimit -f ${fileLimit}; exec "$0" "$@"`, ...command];
  const [file, ...rest] = fileLimit === undefined ? command : limited;
  const child = spawn(file!, rest, { uid, stdio: ['pipe', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, errors }));
  return { process: child, lines: createInterface(child.stdout), ended };
}
