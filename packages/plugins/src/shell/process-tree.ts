import { setTimeout as delay } from 'node:timers/promises';
import { hasEnvironment, listProcesses, type ProcessInfo, startOf } from './proc.ts';

/** A command and all that came of it. */
export interface ProcessTree {
  /** Ends what still lives: asks with SIGTERM, and after the grace time does not ask. Resolves when nothing is left. */
  end(graceMs: number): Promise<void>;
  /** True when somebody is left in the process group of the command. */
  hasGroup(): boolean;
}

/** How often it is looked whether they have ended, in milliseconds. */
const pollMs = 25;
/** A program that starts others faster than they are found is given up on, after this many rounds of SIGKILL. */
const maxRounds = 40;

/**
 * Follows the processes of a command that was started in a group and session of its own.
 *
 * The group has most of them. A process that left it is found on Linux: by its session, by its parent, or, when it left the
 * session too and its parent has ended (a daemon), by the mark in its environment. One that also wiped its
 * environment is not found.
 *
 * Pids are used again, so on Linux every process is looked up before it is signalled, and the command itself is known by
 * pid and start. Elsewhere there is the group alone, signalled while its leader lives or has ended just now.
 *
 * To be called before the event loop turns after the start.
 *
 * @param pid - of the command, leader of its group and session
 * @param mark - entry of the environment, `NAME=VALUE`, that no other process has
 */
export function createProcessTree(pid: number, mark: string): ProcessTree {
  const started = startOf(pid);
  const members = async (): Promise<ProcessInfo[]> => {
    const alive = (await listProcesses()).filter((info) => !info.zombie && info.pid !== process.pid);
    const isOurs = alive.every((info) => info.pid !== pid || info.started === started);
    const found = new Set<number>();
    for (const info of alive) {
      if ((isOurs && info.session === pid) || (await hasEnvironment(info.pid, mark))) found.add(info.pid);
    }
    // Those below the ones that were found may have left both the session and the environment.
    for (let before = -1; before !== found.size; ) {
      before = found.size;
      for (const info of alive) if (found.has(info.parent)) found.add(info.pid);
    }
    return alive.filter((info) => found.has(info.pid));
  };
  const hasGroup = (): boolean => signal(-pid, 0);
  const isOver = async (): Promise<boolean> => {
    if (process.platform === 'linux') return (await members()).length === 0;
    return !hasGroup();
  };
  const signalAll = async (name: NodeJS.Signals): Promise<void> => {
    if (process.platform !== 'linux') signal(-pid, name);
    for (const member of await members()) signal(member.pid, name);
  };
  return {
    hasGroup,
    async end(graceMs) {
      await signalAll('SIGTERM');
      const deadline = performance.now() + graceMs;
      while (!(await isOver())) {
        if (performance.now() < deadline) {
          await delay(pollMs);
          continue;
        }
        for (let round = 0; round < maxRounds && !(await isOver()); round++) {
          await signalAll('SIGKILL');
          await delay(round);
        }
        return;
      }
    },
  };
}

/** @returns false when there is nobody to signal */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
