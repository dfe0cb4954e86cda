import { type ChildProcess, spawn } from 'node:child_process';

export interface ServerCommand {
  program: string;
  args: string[];
  /** Its working folder, which is removed when the test process dies before the server. */
  folder: string;
  env?: NodeJS.ProcessEnv;
  /** Runs it as this user and group; only root can. */
  uid?: number;
  gid?: number;
}

/**
 * A server that ends with the test process, however that ends: a guard waits for the end of a pipe that nobody but
 * the test process holds, kills the server and removes its folder. It does not keep the test process alive.
 */
export interface ServerProcess {
  readonly pid: number;
  /** What it wrote so far: its last 64 kB. */
  output(): string;
  /** Resolves when it has written this since it was started. @throws when it ends before, with what it wrote */
  wrote(text: string): Promise<void>;
  /** Sends a signal; harmless when it has ended. */
  signal(signal: NodeJS.Signals): void;
  /** Resolves when it has ended, to how it did. */
  readonly ended: Promise<string>;
}

const outputLimit = 64 * 1024;

/** Starts a server. Whether it is ready is for the caller to find out. @throws when there is no such program */
export async function startServer({ program, args, folder, ...how }: ServerCommand): Promise<ServerProcess> {
  const child = spawn(program, args, {
    ...{ cwd: folder, env: { ...process.env, ...how.env }, uid: how.uid, gid: how.gid },
    // Detached: Ctrl-C on a terminal is for the tests, which then end.
    ...{ detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
  });
  let output = '';
  let outcome: string | undefined;
  const changed = new Set<() => void>();
  const notify = (): void => {
    for (const listener of [...changed]) listener();
  };
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-outputLimit);
      notify();
    });
  }
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      outcome = signal ? `signal ${signal}` : `exit code ${code}`;
      resolve(outcome);
      notify();
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });

  const guard = guardOf(child.pid!, folder);
  void ended.then(() => guard.kill('SIGKILL'));
  unref(child);

  return {
    pid: child.pid!,
    output: () => output,
    wrote: (text) =>
      new Promise((resolve, reject) => {
        child.ref();
        const look = (): void => {
          if (output.includes(text)) resolve();
          else if (outcome) reject(new Error(`${program} ended (${outcome}): ${output.trim()}`));
          else return;
          changed.delete(look);
          child.unref();
        };
        changed.add(look);
        look();
      }),
    signal(signal) {
      // Whoever waits for the end does wait for it.
      child.ref();
      child.kill(signal);
    },
    ended,
  };
}

function guardOf(pid: number, folder: string): ChildProcess {
  // A server with several processes may write for a moment longer.
  const script = 'read -r line; kill -KILL "$1"; rm -rf -- "$2"; sleep 1; rm -rf -- "$2"';
  const guard = spawn('/bin/sh', ['-c', script, 'guard', String(pid), folder], {
    ...{ cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'] },
  });
  guard.on('error', () => {});
  guard.stdin?.on('error', () => {});
  unref(guard);
  return guard;
}

function unref(child: ChildProcess): void {
  child.unref();
  for (const stream of child.stdio) (stream as { unref?: () => void } | null)?.unref?.();
}
