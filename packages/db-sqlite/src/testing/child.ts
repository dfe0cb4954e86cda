import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { SqliteDriver } from '../driver/choose.ts';

/** Another process that runs one of the scripts beside this file. */
export interface Child {
  process: ChildProcess;
  /** What it prints, line by line. */
  lines: Interface;
  /** Its exit code or the signal that ended it, and everything that it wrote to standard error. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; errors: string }>;
}

export interface ChildOptions {
  driver?: SqliteDriver;
  uid?: number;
  /** A command that gets the one that runs the script as its arguments. */
  within?: readonly string[];
}

/** Starts a script with some arguments. */
export function startChild(name: string, args: readonly string[], options: ChildOptions = {}): Child {
  const { uid, within = [], driver } = options;
  const script = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const node = [process.execPath, '--no-warnings', '--conditions=source', script, ...args];
  const [file, ...rest] = [...within, ...node];
  const child = spawn(file!, rest, {
    ...{ uid, stdio: ['pipe', 'pipe', 'pipe'] },
    env: { ...process.env, ...(driver && { DRIVER: driver }) },
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, errors }));
  return { process: child, lines: createInterface(child.stdout), ended };
}

/** Everything that a child prints, as JSON. It has to end well. */
export async function outputOf(child: Child): Promise<unknown[]> {
  const output: unknown[] = [];
  for await (const line of child.lines) output.push(JSON.parse(line));
  const { code, signal, errors } = await child.ended;
  if (code !== 0) throw new Error(`The child ended with ${code ?? signal}: ${errors}`);
  return output;
}
