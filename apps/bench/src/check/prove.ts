import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeMachine, load, type Machine } from '../measure/machine.ts';
import { compareArtifacts } from './artifacts.ts';
import { copyInstalled, type Installed, installTree } from './installed.ts';
import { measureBoth } from './measure.ts';
import { type Kind, measurements } from './metrics.ts';
import type { MetricResult } from './result.ts';
import { metricLine } from './screen.ts';
import { busyActions, heavyMemory, largeArtifacts, type Seed, seeded, slowStart } from './seed.ts';
import { headTree } from './trees.ts';

/** One comparison whose outcome is known beforehand. */
interface Trial {
  /** Ids of what was called worse. */
  worse: string[];
  /** Ids of what should have been, or nothing for an unchanged tree. */
  expected: string[];
  rounds: number;
  seconds: number;
  load: number;
}

interface Series {
  what: string;
  trials: Trial[];
}

/** What each regression makes worse, and is looked for. */
const seeds: { what: string; kind: Kind; seed: Seed; ids: (id: string) => boolean }[] = [
  { what: 'every start 15 % slower', kind: 'cold start', seed: slowStart, ids: () => true },
  { what: 'memory 15 % above', kind: 'memory', seed: heavyMemory, ids: () => true },
  {
    what: 'every execution and request takes 15 % more CPU',
    kind: 'CPU per action',
    seed: busyActions,
    ids: (id) => ['cpu.execution', 'cpu.durable', 'cpu.request'].includes(id),
  },
];

/**
 * Compares the present tree with a copy of itself, so many times, and with copies that were made worse by 15 %, a fifth as
 * often. What was found is kept in reports/check-proof.md, after every trial.
 *
 * @returns the exit code: 1 when an unchanged tree failed or a regression went through
 */
export async function prove(times: number): Promise<number> {
  const tree = await headTree();
  const base = await installTree(tree);
  const all: Series[] = [];
  const write = (): void => writeProof(all, tree.commit);
  try {
    const unchanged: Series = { what: 'an unchanged tree', trials: [] };
    all.push(unchanged);
    let measured: MetricResult[] = [];
    for (let i = 0; i < times; i++) {
      const found = await trial(base, async () => undefined, []);
      measured = found.measured;
      record(unchanged, found.trial, write);
    }
    for (const { what, kind, seed, ids } of seeds) {
      const expected = measurements
        .flatMap(({ metrics }) => metrics)
        .filter((metric) => metric.kind === kind && ids(metric.id))
        .map(({ id }) => id);
      const series: Series = { what, trials: [] };
      all.push(series);
      for (let i = 0; i < Math.ceil(times / 5); i++) {
        const found = await trial(base, (copy) => seed(copy, measured), expected);
        record(series, found.trial, write);
      }
    }
    all.push({ what: 'every package 15 % larger', trials: [await artifactTrial(base)] });
    write();
  } finally {
    base.remove();
  }
  return all.every(({ trials }) => trials.every(isRight)) ? 0 : 1;
}

/** Measures a copy that was changed, or was not, beside the original. */
async function trial(
  base: Installed,
  change: (copy: Installed) => Promise<void>,
  expected: string[],
): Promise<{ measured: MetricResult[]; trial: Trial }> {
  const begun = performance.now();
  const copy = copyInstalled(base);
  try {
    await change(copy);
    const only = expected.length === 0 ? undefined : expected;
    const { metrics } = await measureBoth(base, copy, (metric) => console.log(metricLine(metric)), only);
    const worse = metrics.filter(({ verdict }) => verdict === 'worse').map(({ id }) => id);
    const rounds = Math.max(...metrics.map(({ samples }) => samples.base.length));
    const seconds = (performance.now() - begun) / 1000;
    return { measured: metrics, trial: { worse, expected, rounds, seconds, load: load() } };
  } finally {
    copy.remove();
  }
}

async function artifactTrial(base: Installed): Promise<Trial> {
  const begun = performance.now();
  const copy = copyInstalled(base);
  try {
    await largeArtifacts(copy, []);
    const results = compareArtifacts(base.artifacts, copy.artifacts);
    const ids = (names: typeof results): string[] => names.map(({ name }) => `artifact.${name}`);
    return {
      worse: ids(results.filter(({ verdict }) => verdict === 'worse')),
      expected: ids(results.filter(({ base: before = 0 }) => before * seeded > 1024)),
      rounds: 1,
      seconds: (performance.now() - begun) / 1000,
      load: load(),
    };
  } finally {
    copy.remove();
  }
}

/** Nothing is worse that was not made worse, and all is found that was. A slower start also takes more CPU: that is no mistake. */
function isRight({ worse, expected }: Trial): boolean {
  return expected.length === 0 ? worse.length === 0 : expected.every((id) => worse.includes(id));
}

function record(series: Series, done: Trial, write: () => void): void {
  series.trials.push(done);
  const outcome = done.worse.length === 0 ? 'nothing worse' : `worse: ${done.worse.join(', ')}`;
  const mark = isRight(done) ? '✓' : '✗';
  console.log(`${mark} ${series.what} ${series.trials.length}: ${outcome} (${done.seconds.toFixed(0)} s)`);
  write();
}

function writeProof(all: readonly Series[], commit: string): void {
  const folder = join(import.meta.dirname, '..', '..', 'reports');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'check-proof.md'), renderProof(all, commit, describeMachine()));
}

/** @returns Markdown */
export function renderProof(all: readonly Series[], commit: string, machine: Machine): string {
  const rows = all.map(({ what, trials }) => {
    const wanted = trials[0]?.expected.length === 0 ? 'passes' : 'fails';
    const right = trials.filter(isRight).length;
    const loads = trials.map(({ load }) => load);
    const seconds = trials.reduce((sum, trial) => sum + trial.seconds, 0) / trials.length;
    return `| ${what} | ${wanted} | **${right} of ${trials.length}** | ${seconds.toFixed(0)} s | ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)} |\n`;
  });
  const trials = all.flatMap(({ what, trials }) =>
    trials.map(
      (each, i) =>
        `| ${what}, ${i + 1} | ${each.worse.join(', ') || 'nothing'} | ${each.expected.filter((id) => !each.worse.includes(id)).join(', ')} | ${each.rounds} |\n`,
    ),
  );
  return `# Proof of the check

What \`npm run bench -- check\` says where the answer is known: of a tree beside its own copy, and beside copies that were made
15 % worse in one respect. Made by \`npm run bench -- check --prove\` at ${commit}, Node ${machine.node}, ${machine.cores} cores (${machine.cpu}).

| the head is | the check | right | a trial takes | load |
| --- | --- | --- | --- | --- |
${rows.join('')}
An unchanged tree is right when nothing is called worse; a regression only when every figure that it concerns is.

| trial | called worse | missed | rounds at most |
| --- | --- | --- | --- |
${trials.join('')}`;
}
