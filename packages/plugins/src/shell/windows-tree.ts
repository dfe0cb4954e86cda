import { execFile } from 'node:child_process';
import type { ProcessTree } from './process-tree.ts';

/** Windows has no process groups and no SIGTERM: `taskkill` ends a process and what is below it, without asking. */
export function createWindowsTree(pid: number): ProcessTree {
  return {
    hasGroup: () => false,
    end: () =>
      new Promise((resolve) =>
        execFile('taskkill', ['/pid', String(pid), '/t', '/f'], { windowsHide: true }, () => resolve()),
      ),
  };
}
