import { writeFileSync } from 'node:fs';
import { describeMachine, load } from '../measure/machine.ts';
import { renderScenario } from '../report/table.ts';
import { compareArtifacts } from './artifacts.ts';
import { checkBudgets, excusedBudgets, judgeArtifacts } from './budgets.ts';
import { renderComment } from './comment.ts';
import { failuresOf, judgedOf } from './failures.ts';
import { type Installed, installTree, measureArtifacts } from './installed.ts';
import { measureBoth } from './measure.ts';
import { type CheckOptions, readCheckOptions } from './options.ts';
import { prove } from './prove.ts';
import type { CheckResult } from './result.ts';
import { artifactLine, metricLine } from './screen.ts';
import { baseTree, defaultBase, headTree } from './trees.ts';

/**
 * Whether the present tree is as light as it was: against the budgets, and against another revision that is measured
 * in the same run.
 *
 * @returns the exit code: 1 when something is worse or a budget was missed
 */
export async function check(args: readonly string[]): Promise<number> {
  const options = readCheckOptions(args);
  if (options.prove !== undefined) return prove(options.prove);
  const result = options.quick ? await checkQuickly() : await checkAgainst(options);
  write(result, options);
  const failures = failuresOf(result);
  for (const { id, message } of failures) console.log(`✗ ${id}: ${message}`);
  console.log(failures.length === 0 ? 'As light as it has to be.' : `${failures.length} failed.`);
  return failures.length === 0 ? 0 : 1;
}

async function checkQuickly(): Promise<CheckResult> {
  const whole = beginning();
  const head = await headTree();
  const budgets = [judgeArtifacts(await measureArtifacts(head)), ...(await checkBudgets(true))];
  show(budgets);
  return whole({ head: head.commit, metrics: [], artifacts: [], notCompared: [], budgets, excused: [] });
}

async function checkAgainst({ base: revision }: CheckOptions): Promise<CheckResult> {
  const whole = beginning();
  const head = await headTree();
  const base = await baseTree(revision ?? (await defaultBase()));
  const installed: Installed[] = [];
  try {
    for (const tree of [base, head]) installed.push(await installTree(tree));
    const [before, now] = installed as [Installed, Installed];
    console.log(`\n${head.commit} against ${base.commit}\n`);
    const artifacts = compareArtifacts(before.artifacts, now.artifacts);
    for (const artifact of artifacts) console.log(artifactLine(artifact));
    const measured = await measureBoth(before, now, (metric) => console.log(metricLine(metric)));
    for (const { what, why } of measured.notCompared) console.log(`  - not compared: ${what} (${why})`);
    const budgets = [judgeArtifacts(now.artifacts), ...(await checkBudgets(false))];
    show(budgets);
    const excused = await excusedBudgets(budgets, base);
    return whole({ head: head.commit, base: base.commit, artifacts, ...measured, budgets, excused });
  } finally {
    for (const each of installed) each.remove();
    await base.remove();
  }
}

type Circumstances = 'at' | 'machine' | 'load' | 'seconds';

/** Notes the circumstances; what it returns completes a result with them. */
function beginning(): (rest: Omit<CheckResult, Circumstances>) => CheckResult {
  const at = new Date().toISOString();
  const [begun, before] = [performance.now(), load()];
  return (rest) => ({
    at,
    machine: describeMachine(),
    load: [before, load()],
    seconds: (performance.now() - begun) / 1000,
    ...rest,
  });
}

function show(budgets: CheckResult['budgets']): void {
  console.log('');
  for (const { scenarios } of budgets) for (const each of scenarios) console.log(renderScenario(each));
}

function write(result: CheckResult, { json, comment, report }: CheckOptions): void {
  if (json) writeFileSync(json, `${JSON.stringify(result, undefined, 2)}\n`);
  if (comment) writeFileSync(comment, renderComment(result));
  if (!report) return;
  const failed = new Set(failuresOf(result).map(({ id }) => id));
  const judged = judgedOf(result.budgets).map(({ figure }) => figure.id);
  const names = new Set([...judged, ...failed]);
  writeFileSync(report, JSON.stringify([...names].map((name) => ({ name, passed: !failed.has(name) }))));
}
