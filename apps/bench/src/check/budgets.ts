import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { areas } from '../areas/index.ts';
import { type Figure, plain, type Unit } from '../figure.ts';
import { describeMachine, load } from '../measure/machine.ts';
import type { Judged, RunResult, ScenarioResult } from '../report/result.ts';
import { type Budget, judge, judgedSummary } from '../report/verdict.ts';
import { runArea } from '../run-area.ts';
import { judgedOf } from './failures.ts';
import type { Tree } from './trees.ts';

type Budgets = Readonly<Record<string, Budget>>;

/** The scenarios whose budgets are looked at: those that take seconds. */
const chosen: Record<string, readonly string[]> = {
  core: ['import', 'run-yaml', 'install', 'cli'],
  api: ['start', 'memory'],
};
const untimed: Record<string, readonly string[]> = { core: ['import', 'run-yaml', 'install'] };

/** Units that mean the same on every machine, however busy it is. */
const still: readonly Unit[] = ['MiB', 'KiB', 'bytes', 'count'];

function readBudgets(): Budgets {
  const file = join(import.meta.dirname, '..', '..', 'budgets.json');
  return JSON.parse(readFileSync(file, 'utf8')) as Budgets;
}

/**
 * Measures what has a budget.
 *
 * @param quick - only what is no matter of time
 */
export async function checkBudgets(quick: boolean): Promise<RunResult[]> {
  return measureBudgets(quick ? untimed : chosen, quick);
}

/**
 * Budgets that the head misses and that it is not to blame for: those that the base misses too, and those of times. A few samples on a
 * machine with other work say little about a time; whether it has become worse is said by the comparison.
 *
 * @returns ids of figures
 */
export async function excusedBudgets(head: readonly RunResult[], base: Tree): Promise<string[]> {
  const missed = (results: readonly RunResult[]): string[] =>
    judgedOf(results)
      .filter(({ verdict }) => verdict === 'missed')
      .map(({ figure }) => figure.id);
  const times = judgedOf(head)
    .filter((judged) => !isStill(judged))
    .map(({ figure }) => figure.id);
  const again: Record<string, string[]> = {};
  for (const { area, scenarios } of head.filter((each) => each.area in chosen)) {
    const names = scenarios
      .filter(({ judged }) => judged.some((each) => each.verdict === 'missed' && isStill(each)))
      .map(({ name }) => name);
    if (names.length > 0) again[area] = names;
  }
  const before = await measureBudgets(again, true, join(base.folder, 'packages', 'core'));
  return [...times, ...missed(before)];
}

async function measureBudgets(
  wanted: Readonly<Record<string, readonly string[]>>,
  quick: boolean,
  from?: string,
): Promise<RunResult[]> {
  const results: RunResult[] = [];
  for (const [name, scenarios] of Object.entries(wanted)) {
    const area = areas.find((each) => each.name === name);
    if (!area) throw new Error(`There is no area "${name}".`);
    const options = { scenarios: [...scenarios], quick: true, write: false, from };
    const result = await runArea(area, options, readBudgets(), () => undefined);
    results.push({ ...result, scenarios: result.scenarios.map((each) => withBudget(each, quick)) });
  }
  return results;
}

/** The sizes of packed packages as an area, so that they are judged and shown like everything else. */
export function judgeArtifacts(artifacts: Readonly<Record<string, number>>): RunResult {
  const budgets = readBudgets();
  const judged = Object.entries(artifacts).map(([name, bytes]): Judged => {
    const id = `artifact.${name}`;
    const figure: Figure = plain({ id, what: `@vwmp/${name}, packed`, unit: 'KiB' }, [bytes / 1024]);
    return { figure, budget: budgets[id], verdict: judge(figure, budgets[id]) };
  });
  const title = 'packed packages, as npm downloads them';
  return {
    area: 'artifacts',
    title,
    at: new Date().toISOString(),
    quick: true,
    machine: describeMachine(),
    scenarios: [{ name: 'artifacts', title, load: [load(), load()], seconds: 0, judged }],
  };
}

function withBudget(scenario: ScenarioResult, quick: boolean): ScenarioResult {
  const judged = scenario.judged.filter((each) => each.verdict !== 'none' && (!quick || isStill(each)));
  return { ...scenario, judged: judged.map(withDoubt) };
}

/** Of five samples the quartiles lie close together: here a budget is missed when no sample keeps it. */
function withDoubt(judged: Judged): Judged {
  const { figure, budget, verdict } = judged;
  const { min, max } = judgedSummary(figure);
  const isKept = min <= (budget?.max ?? Infinity) && max >= (budget?.min ?? -Infinity);
  return verdict === 'missed' && isKept ? { ...judged, verdict: 'unclear' } : judged;
}

function isStill({ figure: { judged, compared, unit } }: Judged): boolean {
  return still.includes(judged === 'compared' && compared ? compared.unit : unit);
}
