import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { areas } from '../areas/index.ts';
import { type Figure, plain, type Unit } from '../figure.ts';
import { describeMachine, load } from '../measure/machine.ts';
import type { Judged, RunResult, ScenarioResult } from '../report/result.ts';
import { type Budget, judge } from '../report/verdict.ts';
import { runArea } from '../run-area.ts';

type Budgets = Readonly<Record<string, Budget>>;

/** The scenarios whose budgets are looked at: those that take seconds. */
const chosen: Record<string, readonly string[]> = {
  core: ['import', 'run-yaml', 'install', 'cli'],
  api: ['start', 'memory'],
};
const untimed: Record<string, readonly string[]> = { core: ['import', 'run-yaml', 'install'] };

/** Units that mean the same on every machine, however busy it is. */
const still: readonly Unit[] = ['MiB', 'KiB', 'bytes', 'count'];

export function readBudgets(): Budgets {
  const file = join(import.meta.dirname, '..', '..', 'budgets.json');
  return JSON.parse(readFileSync(file, 'utf8')) as Budgets;
}

/**
 * Measures what has a budget.
 *
 * @param quick - only what is no matter of time
 */
export async function checkBudgets(quick: boolean): Promise<RunResult[]> {
  const results: RunResult[] = [];
  for (const [name, scenarios] of Object.entries(quick ? untimed : chosen)) {
    const area = areas.find((each) => each.name === name);
    if (!area) throw new Error(`There is no area "${name}".`);
    const options = { scenarios: [...scenarios], quick: true, write: false };
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
  const judged = scenario.judged.filter(({ figure, verdict }) => {
    const unit = figure.judged === 'compared' ? figure.compared?.unit : figure.unit;
    return verdict !== 'none' && (!quick || still.includes(unit ?? figure.unit));
  });
  return { ...scenario, judged };
}
