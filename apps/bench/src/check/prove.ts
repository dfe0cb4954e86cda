import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
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
  /** What the head was. */
  what: string;
  commit: string;
  /** Ids of what was called worse. */
  worse: string[];
  /** Ids of what should have been, or nothing for an unchanged tree. */
  expected: string[];
  rounds: number;
  seconds: number;
  load: number;
}

/** All that was tried with the same check: it takes hours, which need not be in one piece. */
interface Proof {
  /** Digest of what decides. */
  check: string;
  machine: Machine;
  trials: Trial[];
}

const unchanged = 'an unchanged tree';
const larger = 'every package 15 % larger';

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
 * often. Every trial is kept in reports/, and carried on from as long as the check stays the same.
 *
 * @returns the exit code: 1 when an unchanged tree failed or a regression went through
 */
export async function prove(times: number): Promise<number> {
  const proof = readProof();
  const count = (what: string): number => proof.trials.filter((each) => each.what === what).length;
  const tree = await headTree();
  const base = await installTree(tree);
  const keep = (done: Omit<Trial, 'commit'>): void => record({ ...done, commit: tree.commit }, proof);
  try {
    if (count(larger) === 0) keep(await artifactTrial(base));
    let measured: MetricResult[] | undefined;
    for (;;) {
      const due = seeds.find(
        ({ what }) => count(what) < Math.ceil(times / 5) && count(what) * 5 < count(unchanged),
      );
      if (due && measured) {
        const { what, kind, seed, ids } = due;
        const expected = measurements
          .flatMap(({ metrics }) => metrics)
          .filter((metric) => metric.kind === kind && ids(metric.id))
          .map(({ id }) => id);
        const before = measured;
        keep((await trial(what, base, (copy) => seed(copy, before), expected)).trial);
      } else if (due || count(unchanged) < times) {
        const found = await trial(unchanged, base, async () => undefined, []);
        measured = found.measured;
        keep(found.trial);
      } else break;
    }
  } finally {
    base.remove();
  }
  return proof.trials.every(isRight) ? 0 : 1;
}

/** Measures a copy that was changed, or was not, beside the original. */
async function trial(
  what: string,
  base: Installed,
  change: (copy: Installed) => Promise<void>,
  expected: string[],
): Promise<{ measured: MetricResult[]; trial: Omit<Trial, 'commit'> }> {
  const begun = performance.now();
  const copy = copyInstalled(base);
  try {
    await change(copy);
    const only = expected.length === 0 ? undefined : expected;
    const { metrics } = await measureBoth(base, copy, (metric) => console.log(metricLine(metric)), only);
    const worse = metrics.filter(({ verdict }) => verdict === 'worse').map(({ id }) => id);
    const rounds = Math.max(...metrics.map(({ samples }) => samples.base.length));
    const seconds = (performance.now() - begun) / 1000;
    return { measured: metrics, trial: { what, worse, expected, rounds, seconds, load: load() } };
  } finally {
    copy.remove();
  }
}

async function artifactTrial(base: Installed): Promise<Omit<Trial, 'commit'>> {
  const begun = performance.now();
  const copy = copyInstalled(base);
  try {
    await largeArtifacts(copy, []);
    const results = compareArtifacts(base.artifacts, copy.artifacts);
    const ids = (names: typeof results): string[] => names.map(({ name }) => `artifact.${name}`);
    return {
      what: larger,
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

const reports = join(import.meta.dirname, '..', '..', 'reports');
const kept = join(reports, 'check-proof.json');

/** What was tried before with this check on a machine like this, or nothing. */
function readProof(): Proof {
  const begun: Proof = { check: digest(), machine: describeMachine(), trials: [] };
  if (!existsSync(kept)) return begun;
  const before = JSON.parse(readFileSync(kept, 'utf8')) as Proof;
  const { node, cpu } = begun.machine;
  const isSame = before.check === begun.check && before.machine.node === node && before.machine.cpu === cpu;
  return isSame ? before : begun;
}

/** Of the files that say what is measured, how it is made worse, and what is decided. */
function digest(): string {
  const hash = createHash('sha256');
  for (const folder of [import.meta.dirname, join(import.meta.dirname, '..', 'programs', 'check')])
    for (const name of readdirSync(folder).sort())
      if (!name.includes('.test.') && name !== 'prove.ts')
        hash.update(`${name}\0`).update(readFileSync(join(folder, name)));
  return hash.digest('hex').slice(0, 16);
}

function record(done: Trial, proof: Proof): void {
  proof.trials.push(done);
  const outcome = done.worse.length === 0 ? 'nothing worse' : `worse: ${done.worse.join(', ')}`;
  console.log(`${isRight(done) ? '✓' : '✗'} ${done.what}: ${outcome} (${done.seconds.toFixed(0)} s)`);
  writeFileSync(kept, `${JSON.stringify(proof, undefined, 2)}\n`);
  writeFileSync(join(reports, 'check-proof.md'), renderProof(proof));
}

/** @returns Markdown */
export function renderProof({ machine, trials }: Omit<Proof, 'check'>): string {
  const all = [unchanged, ...seeds.map(({ what }) => what), larger];
  const rows = all.map((what) => {
    const those = trials.filter((each) => each.what === what);
    if (those.length === 0) return '';
    const right = those.filter(isRight).length;
    const loads = those.map(({ load }) => load);
    const seconds = those.reduce((sum, { seconds }) => sum + seconds, 0) / those.length;
    return `| ${what} | ${what === unchanged ? 'passes' : 'fails'} | **${right} of ${those.length}** | ${seconds.toFixed(0)} s | ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)} |\n`;
  });
  const each = trials.map(
    ({ what, commit, worse, expected, rounds, load }) =>
      `| ${what} | ${commit} | ${load.toFixed(1)} | ${worse.join(', ') || 'nothing'} | ${expected.filter((id) => !worse.includes(id)).join(', ')} | ${rounds} |\n`,
  );
  return `# Proof of the check

What \`npm run bench -- check\` says where the answer is known: of a tree beside its own copy, and beside copies that were made
15 % worse in one respect. Made by \`npm run bench -- check --prove\`, Node ${machine.node}, ${machine.cores} cores (${machine.cpu}).

| the head is | the check | right | a trial takes | load |
| --- | --- | --- | --- | --- |
${rows.join('')}
An unchanged tree is right when nothing is called worse; a regression only when every figure that it concerns is. What is added is 15 %
of the least that was measured before: while the machine is busy with something else that may be less than the 10 % that count.

| trial | at | load | called worse | missed | rounds at most |
| --- | --- | --- | --- | --- | --- |
${each.join('')}`;
}
