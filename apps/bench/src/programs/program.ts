import { performance } from 'node:perf_hooks';

/** The core as it was installed, with the types of the workspace. */
export type Core = typeof import('@vwmp/core');

/** What a program is told on its command line: where the core lies, and whatever its scenario wants it to know. */
export interface Task<Options> {
  core: Core;
  options: Options;
}

/** Reads the command line of a program that was started by {@link runProgram}. */
export async function readTask<Options>(): Promise<Task<Options>> {
  const [url = '', options = '{}'] = process.argv.slice(2);
  return { core: (await import(url)) as Core, options: JSON.parse(options) as Options };
}

/** Hands the figures to the scenario. */
export function report(figures: object): void {
  console.log(JSON.stringify(figures));
}

/** Ends the program unless the work was done right: a wrong result has no speed. */
export function expect(actual: unknown, expected: unknown, what: string): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what}: ${a?.slice(0, 2000)} and not ${b?.slice(0, 2000)}`);
}

/** How often something can be done. */
export interface Rate {
  /** Per second that has passed. */
  wall: number;
  /** Per second that this process had a core: not moved by what else the machine does. */
  cpu: number;
}

/**
 * Repeats something for at least so long.
 *
 * @param units - how much one call does
 */
export async function rate(milliseconds: number, units: number, call: () => Promise<unknown>): Promise<Rate> {
  const cpuBefore = process.cpuUsage();
  const begun = performance.now();
  let calls = 0;
  let now = begun;
  while (now - begun < milliseconds) {
    await call();
    calls++;
    now = performance.now();
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  return { wall: (calls * units * 1000) / (now - begun), cpu: (calls * units * 1e6) / (user + system) };
}
