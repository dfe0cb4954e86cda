import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

/** What the children compile is compiled once: a start takes 0.2 s of work then, instead of 0.5 s. */
const compiled = mkdtempSync(join(tmpdir(), 'vwmp-compiled-'));
afterAll(() => rmSync(compiled, { recursive: true, force: true, maxRetries: 10 }));

/** Another process that runs one of the scripts beside this file. */
export interface Child {
  readonly process: ChildProcess;
  /** Resolves when it has printed a line that begins so, with the rest of it; rejects when it ends before. */
  said(beginning: string): Promise<string>;
  /** SIGKILL; resolves when it is gone. Idempotent. */
  kill(): Promise<void>;
  /** How it ended. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Everything that it wrote, to either stream. */
  output(): string;
}

export interface ChildOptions {
  /** For Node itself. */
  readonly flags?: readonly string[];
  /** Told of every line that it prints. */
  readonly onLine?: (line: string) => void;
}

/** Starts a script with one argument, which it gets as JSON. It ends with this process. */
export function startChild(
  script: string,
  argument: unknown,
  { flags = [], onLine }: ChildOptions = {},
): Child {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const args = ['--conditions=source', '--no-warnings', ...flags, file, JSON.stringify(argument)];
  const env = { ...process.env, NODE_COMPILE_CACHE: compiled };
  const child = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const written: string[] = [];
  const waiting = new Set<(line: string) => void>();
  const seen: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => written.push(text));
  }
  createInterface(child.stdout).on('line', (line) => {
    seen.push(line);
    onLine?.(line);
    for (const look of waiting) look(line);
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  const output = (): string => written.join('');
  return {
    ...{ process: child, ended, output },
    said(beginning) {
      const said = Promise.withResolvers<string>();
      const look = (line: string): void => {
        if (line.startsWith(beginning)) said.resolve(line.slice(beginning.length));
      };
      seen.forEach(look);
      waiting.add(look);
      void ended.then(({ code, signal }) => {
        said.reject(new Error(`${script} ended (${code ?? signal}) without "${beginning}":\n${output()}`));
      });
      return said.promise.finally(() => waiting.delete(look));
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
