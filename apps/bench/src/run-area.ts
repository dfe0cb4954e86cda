import { describeMachine, load } from './measure/machine.ts';
import { install } from './measure/package.ts';
import type { Options } from './options.ts';
import type { RunResult, ScenarioResult } from './report/result.ts';
import { type Budget, judge } from './report/verdict.ts';
import { type Area, type Bench, NotMeasured, type Scenario } from './scenario.ts';

/**
 * Measures the scenarios of an area, one after the other: at once they would measure each other.
 *
 * @param budgets - by the id of the figure
 * @param onResult - told of each scenario as soon as it is done
 */
export async function runArea(
  area: Area,
  options: Options,
  budgets: Readonly<Record<string, Budget>>,
  onResult: (result: ScenarioResult) => void,
): Promise<RunResult> {
  const core = await install(area.packages ?? ['core'], options.from, area.registry);
  const { quick } = options;
  const bench: Bench = { core, quick, choose: (full, short) => (quick ? short : full) };
  const scenarios: ScenarioResult[] = [];
  try {
    for (const scenario of chosen(area, options.scenarios)) {
      const result = await runScenario(scenario, bench, budgets);
      scenarios.push(result);
      onResult(result);
    }
  } finally {
    core.remove();
  }
  const { name, title } = area;
  return { area: name, title, at: new Date().toISOString(), quick, machine: describeMachine(), scenarios };
}

function chosen({ scenarios, name }: Area, names: readonly string[]): readonly Scenario[] {
  const unknown = names.find((wanted) => scenarios.every((scenario) => scenario.name !== wanted));
  if (unknown !== undefined) throw new TypeError(`The area "${name}" has no scenario "${unknown}".`);
  return names.length === 0 ? scenarios : scenarios.filter((scenario) => names.includes(scenario.name));
}

async function runScenario(
  scenario: Scenario,
  bench: Bench,
  budgets: Readonly<Record<string, Budget>>,
): Promise<ScenarioResult> {
  const { name, title, about } = scenario;
  const before = load();
  const begun = performance.now();
  const done = (rest: Pick<ScenarioResult, 'judged' | 'failure'>): ScenarioResult => {
    const seconds = (performance.now() - begun) / 1000;
    return { name, title, about, load: [before, load()], seconds, ...rest };
  };
  try {
    const figures = await scenario.measure(bench);
    return done({
      judged: figures.map((figure) => {
        const budget = budgets[figure.id];
        return { figure, budget, verdict: judge(figure, budget) };
      }),
    });
  } catch (error) {
    const kind = error instanceof NotMeasured ? 'not measured' : 'failed';
    return done({
      judged: [],
      failure: { kind, message: error instanceof Error ? error.message : String(error) },
    });
  }
}
