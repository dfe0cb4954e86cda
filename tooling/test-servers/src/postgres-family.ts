import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** The children of a process. Those of PostgreSQL lead sessions of their own: no signal to a group reaches them. */
export function familyOf(parent: number): number[] {
  return process.platform === 'linux' ? childrenInProc(parent) : childrenByPs(parent);
}

function childrenInProc(parent: number): number[] {
  const children: number[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    try {
      // pid (name, which may have anything in it) state ppid …
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const [, ppid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (Number(ppid) === parent) children.push(pid);
    } catch {
      // It ended meanwhile.
    }
  }
  return children;
}

function childrenByPs(parent: number): number[] {
  const children: number[] = [];
  for (const line of execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).split('\n')) {
    const [pid, ppid] = line.trim().split(/\s+/).map(Number);
    if (pid !== undefined && ppid === parent) children.push(pid);
  }
  return children;
}

/**
 * Kills stopped processes when this one dies: their parent is killed then, which they would not notice.
 *
 * @returns a function that ends the watch
 */
export function guardFamily(pids: readonly number[]): () => void {
  const guard = spawn('/bin/sh', ['-c', 'read -r line; kill -KILL "$@"', 'guard', ...pids.map(String)], {
    ...{ cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'] },
  });
  guard.on('error', () => {});
  guard.stdin?.on('error', () => {});
  guard.unref();
  (guard.stdin as { unref?: () => void } | null)?.unref?.();
  return () => guard.kill('SIGKILL');
}
