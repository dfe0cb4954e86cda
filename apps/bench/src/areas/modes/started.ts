import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A process that goes on until it is ended. */
export interface Started {
  pid: number;
  /** From the spawn until it said that it is ready, in milliseconds. */
  milliseconds: number;
  /** What it said first of all that says that it is ready. */
  said: string;
  /** SIGKILL: what it would do at its end is not what is measured. Idempotent. */
  end(): Promise<void>;
}

export interface StartOptions {
  command?: string;
  /** Added to the environment of this process, without its VWMP_ variables. */
  env?: Readonly<Record<string, string>>;
  cwd?: string;
  /** In a line of its output; what it matches is {@link Started.said}. */
  ready: RegExp;
  /** Only as long as this, in milliseconds. @defaultValue a minute */
  patience?: number;
}

/** Starts a process and waits until it says that it is ready. @throws Error with what it wrote when it never does */
export async function start(args: readonly string[], options: StartOptions): Promise<Started> {
  const { command = process.execPath, env = {}, ready, patience = 60_000 } = options;
  const own = options.cwd === undefined ? mkdtempSync(join(tmpdir(), 'vwmp-bench-cwd-')) : undefined;
  const begun = performance.now();
  const child = spawn(command, args, {
    cwd: options.cwd ?? own,
    env: { ...environment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // With a group of its own, whatever it starts itself ends with it.
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const end = async (): Promise<void> => {
    killGroup(child);
    await ended;
    if (own !== undefined) rmSync(own, { recursive: true, force: true });
  };
  try {
    const said = await sayingReady(child, ready, patience);
    return { pid: child.pid!, milliseconds: performance.now() - begun, said, end };
  } catch (error) {
    await end();
    throw error;
  }
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function sayingReady(child: ChildProcess, ready: RegExp, patience: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const fail = (why: string): void =>
      reject(new Error(`${child.spawnargs.join(' ')} ${why}:\n${text.slice(-4000)}`));
    const timer = setTimeout(fail, patience, `did not say that it is ready within ${patience / 1000} s`);
    const hear = (chunk: string): void => {
      text = (text + chunk).slice(-100_000);
      const said = ready.exec(text)?.[0];
      if (said === undefined) return;
      clearTimeout(timer);
      resolve(said);
    };
    for (const stream of [child.stdout!, child.stderr!]) stream.setEncoding('utf8').on('data', hear);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      fail(`ended with ${signal ?? code}`);
    });
  });
}

/** Without what would change the measured processes. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, NODE_COMPILE_CACHE: __, FORCE_COLOR: ___, ...rest } = process.env;
  return Object.fromEntries(Object.entries(rest).filter(([name]) => !name.startsWith('VWMP_')));
}
