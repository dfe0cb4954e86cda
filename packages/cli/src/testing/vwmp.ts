import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** The built command, which is what users run: `npm test` builds it first. */
export const bin: string = join(import.meta.dirname, '../../bin/vwmp.js');

/** How a process of the command ended. */
export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  /** What it reads from stdin. @defaultValue nothing */
  input?: string;
}

/** A process of the command while it runs. */
export interface Running {
  readonly child: ChildProcess;
  /** Resolves as soon as stdout and stderr together match, from `after` on. @returns the index after the match */
  until(pattern: RegExp, after?: number): Promise<number>;
  readonly outcome: Promise<Outcome>;
}

/** Starts the command; it is killed when the test ends before it. Not for concurrent tests. */
export function start(args: readonly string[], options: RunOptions = {}): Running {
  return startProcess(process.execPath, [bin, ...args], options);
}

/** Starts any program in the same way. */
export function startProcess(program: string, args: readonly string[], options: RunOptions = {}): Running {
  const running = spawnProcess(program, args, options);
  onTestFinished(() => void running.child.kill('SIGKILL'));
  return running;
}

function spawnProcess(
  program: string,
  args: readonly string[],
  { cwd, env, input }: RunOptions = {},
): Running {
  const child = spawn(program, args, { cwd, env: cleanEnv(env), stdio: ['pipe', 'pipe', 'pipe'] });
  const texts = { stdout: '', stderr: '' };
  let all = '';
  const listeners = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
      all += text;
      for (const listener of listeners) listener();
    });
  }
  // It may end without having read all of it.
  child.stdin.on('error', () => {});
  if (input !== undefined) child.stdin.end(input);
  const outcome = new Promise<Outcome>((resolve) => {
    child.on('close', (code) => resolve({ code, ...texts }));
  });
  return {
    child,
    outcome,
    until: (pattern, after = 0) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(all.slice(after));
          if (!match) return;
          listeners.delete(look);
          resolve(after + match.index + match[0].length);
        };
        listeners.add(look);
        look();
        void outcome.then(() => {
          if (listeners.delete(look)) reject(new Error(`It ended without ${pattern}:\n${all}`));
        });
      }),
  };
}

/** Runs the command to its end. */
export function vwmp(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return spawnProcess(process.execPath, [bin, ...args], { input: '', ...options }).outcome;
}

/** The same, also for root held back by the permissions of files. */
export function vwmpHeldBack(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  if (process.getuid?.() !== 0) return vwmp(args, options);
  const program = ['--bounding-set=-dac_override,-dac_read_search', '--', process.execPath, bin];
  return spawnProcess('setpriv', [...program, ...args], { input: '', ...options }).outcome;
}

/** Settings of whoever runs the tests must not change what they see. */
function cleanEnv(env: Record<string, string> = {}): NodeJS.ProcessEnv {
  const { NO_COLOR: _no, FORCE_COLOR: _force, NODE_OPTIONS: _options, CI: _ci, ...given } = process.env;
  const rest = Object.fromEntries(Object.entries(given).filter(([name]) => !name.startsWith('VWMP_')));
  return { ...rest, TERM: 'xterm-256color', ...env };
}

/** A folder with files, removed after the test. Below a `.git`, so that no config above it is found. */
export function folder(files: Record<string, string> = {}): string {
  const path = mkdtempSync(join(tmpdir(), 'vwmp-cli-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  for (const [name, text] of Object.entries({ '.git/HEAD': '', ...files })) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return path;
}

/** A workflow of these steps as text. */
export function workflow(steps: readonly object[], rest: object = {}): string {
  return JSON.stringify({ id: 'w', name: 'W', ...rest, steps });
}
