import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Figure, plain, type Unit } from '../../figure.ts';
import { runChild, runForJson } from '../../measure/child.ts';
import { interleave } from '../../measure/interleave.ts';
import type { Bench } from '../../scenario.ts';
import { mebibyte } from '../core/probe.ts';
import { measureInstalled } from '../size/installed.ts';

/** One of the things that could have been chosen. */
export interface Candidate {
  name: string;
  /** From the registry, as npm takes them; none for what comes with Node. */
  packages: readonly string[];
  /** Makes it ready: statements of an ES module. */
  ready: string;
  /** Does the work once, an expression that may be awaited; what `ready` has declared is in scope. */
  work?: string;
  /** The program that runs it. @defaultValue this Node */
  command?: string;
  /** For that program. */
  args?: readonly string[];
}

/** How the work of a decision is counted. */
export interface Work {
  what: string;
  /** Of how long one takes. */
  unit: 'µs';
  /** How often it is done in a sample. */
  times: number;
}

interface Sample {
  ms: number;
  rss: number;
  each?: number;
}

/**
 * Installs each candidate in a folder of its own and runs each in processes of their own, in turns.
 *
 * @param id - the figures begin with it
 */
export async function measureCandidates(
  { choose }: Bench,
  id: string,
  candidates: readonly Candidate[],
  work?: Work,
): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'vwmp-decisions-'));
  try {
    const installed = new Map<string, number>();
    const cases: Record<string, () => Promise<Sample>> = {};
    for (const [index, candidate] of candidates.entries()) {
      const own = mkdtempSync(join(folder, `${index}-`));
      installed.set(candidate.name, await install(own, candidate.packages));
      const file = join(own, 'candidate.mjs');
      writeFileSync(file, program(candidate, work));
      const command = candidate.command && join(own, 'node_modules/.bin', candidate.command);
      cases[candidate.name] = () =>
        runForJson<Sample>([...(candidate.args ?? []), file], {
          cwd: own,
          ...(command && { command, env: { HOME: own } }),
        });
    }
    const samples = await interleave(choose(9, 3), cases);
    return candidates.flatMap(({ name, command }): Figure[] => {
      const key = `decisions.${id}.${name}`;
      const of = (pick: (sample: Sample) => number, unit: Unit, part: string, what: string): Figure =>
        plain({ id: `${key}.${part}`, what: `${name}: ${what}`, unit }, samples[name]!.map(pick));
      return [
        of(({ ms }) => ms, 'ms', 'ready', 'import until it is ready'),
        of(({ rss }) => rss / mebibyte, 'MiB', 'memory', 'resident memory then'),
        // What npm puts there for a runtime is not what its users install.
        ...(command === undefined
          ? [
              plain({ id: `${key}.install`, what: `${name}: on disk`, unit: 'MiB' }, [
                installed.get(name)! / mebibyte,
              ]),
            ]
          : []),
        ...(work ? [of(({ each = 0 }) => each, work.unit, 'work', work.what)] : []),
      ];
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns what it takes on disk, in bytes */
async function install(folder: string, packages: readonly string[]): Promise<number> {
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  if (packages.length === 0) return 0;
  await runChild(['install', '--no-audit', '--no-fund', '--no-save', ...packages], {
    command: 'npm',
    cwd: folder,
  });
  return measureInstalled(join(folder, 'node_modules')).allocated;
}

/** Memory is read before the work: it is what one pays for having it. */
function program({ ready, work: once }: Candidate, work: Work | undefined): string {
  const doWork = `for (let i = 0; i < ${work?.times} / 5; i++) await (${once});
const from = performance.now();
for (let i = 0; i < ${work?.times}; i++) await (${once});
each = (performance.now() - from) * 1000 / ${work?.times};`;
  return `const begun = performance.now();
let each;
${ready}
const ms = performance.now() - begun;
const rss = process.memoryUsage.rss();
${work && once ? doWork : ''}
console.log(JSON.stringify({ ms, rss, each }));
process.exit(0);
`;
}
