import { readFileSync } from 'node:fs';

/** Memory of this process, in bytes. */
export interface Memory {
  /** Resident: also pages of the Node binary that were touched, which all Node processes share. */
  rss: number;
  /** Written to by this process, and so really its own. Undefined where there is no /proc. */
  dirty?: number;
  /** Used part of the JavaScript heap. */
  heap: number;
  /** Outside of the JavaScript heap but held by it: buffers. */
  external: number;
}

/** As it stands. */
export function memory(): Memory {
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, dirty: dirtyBytes(), heap: heapUsed, external };
}

/**
 * After the garbage is gone. Needs `--expose-gc`. Turns of the event loop lie between the collections because
 * finalizers, weak references and promises let go of what they hold only there.
 */
export async function settledMemory(): Promise<Memory> {
  const { gc } = globalThis;
  if (!gc) throw new Error('Run this with --expose-gc: without it garbage would be measured as memory.');
  for (let i = 0; i < 4; i++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return memory();
}

/** The most that was ever resident, in bytes. */
export function peakRss(): number {
  return process.resourceUsage().maxRSS * 1024;
}

function dirtyBytes(): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const match = /^Private_Dirty:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/smaps_rollup', 'utf8'));
  return match ? Number(match[1]) * 1024 : undefined;
}
