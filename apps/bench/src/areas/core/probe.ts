import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runForJson } from '../../measure/child.ts';
import type { Installation } from '../../measure/package.ts';

/** What an idle process says about itself. In bytes and milliseconds. */
export interface ProbeReport {
  rss: number;
  dirty: number;
  heap: number;
  /** CPU time of all threads so far: what is left of a duration when others have taken the cores. */
  cpu: number;
  /** How long the body took. */
  body: number;
}

/**
 * Says how things stand once the process has become idle. The clock is that of `process`: reading the global
 * `performance` alone makes Node load 1 MiB, which would make bare Node look heavier and the core lighter.
 */
const report = `
const ready = process.hrtime.bigint();
globalThis.gc?.();
setTimeout(() => {
  const { user, system } = process.cpuUsage();
  globalThis.gc?.();
  const { rss, heapUsed: heap } = process.memoryUsage();
  const rollup = process.platform === 'linux' ? process.getBuiltinModule('fs').readFileSync('/proc/self/smaps_rollup', 'utf8') : '';
  const dirty = Number(/^Private_Dirty:\\s+(\\d+)/m.exec(rollup)?.[1] ?? 0) * 1024;
  console.log(JSON.stringify({ rss, dirty, heap, cpu: (user + system) / 1000, body: Number(ready - begun) / 1e6 }));
}, 50);
`;

/** A script that is run again and again as a process of its own. */
export class Probe {
  readonly #args: string[];
  readonly #folder: string;

  /**
   * Plain JavaScript, as Node would load its TypeScript compiler for anything else, which takes more memory than
   * all of the core.
   *
   * Bare Node has to lie in a folder of the same length: the parser of longer URLs lies in a part of the binary that
   * brings 2 MiB of shared pages with it (measured: 41.3 MiB in a short path, 43.2 in one above 24 characters).
   *
   * @param imports - static imports, as a program would write them
   * @param body - statements; may await
   * @param place - folder from which packages are found
   */
  constructor(place: string, name: string, imports: string, body = '', flags: readonly string[] = []) {
    const file = join(place, `${name}.mjs`);
    writeFileSync(file, `${imports}\nconst begun = process.hrtime.bigint();\n${body}\n${report}`);
    this.#args = [...flags, file];
    this.#folder = place;
  }

  /** One process. */
  run = (): Promise<ProbeReport & { milliseconds: number }> =>
    runForJson<ProbeReport>(this.#args, { cwd: this.#folder });
}

/** Where the probes find a package with nothing in it, and not the core. */
export function emptyPlace(core: Installation): string {
  return join(core.folder, 'empty');
}

export const mebibyte: number = 1024 * 1024;
