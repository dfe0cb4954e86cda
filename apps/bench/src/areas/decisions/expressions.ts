import type { Scenario } from '../../scenario.ts';
import { type Candidate, measureCandidates } from './candidate.ts';

/** The same question to each: is there a step that failed, and what did the first one give? */
const scope = `const scope = { steps: { load: { output: { rows: [3, 5, 7], name: 'a' } } }, parameters: { least: 4 } };
const check = (value) => { if (value !== true) throw new Error(String(value)); return value; };`;

const candidates: readonly Candidate[] = [
  {
    name: '@marcbachmann/cel-js',
    packages: ['@marcbachmann/cel-js@8.0.0'],
    ready: `const { Environment } = await import('@marcbachmann/cel-js'); ${scope}
const run = new Environment({ unlistedVariablesAreDyn: true }).parse("steps.load.output.rows.filter(r, double(r) > double(parameters.least)).size() == 2 && steps.load.output.name == 'a'");
check(run(scope));`,
    work: 'check(run(scope))',
  },
  {
    name: 'cel-js',
    packages: ['cel-js@0.8'],
    ready: `const cel = await import('cel-js'); ${scope}
const { cst } = cel.parse("size(steps.load.output.rows.filter(r, r > parameters.least)) == 2 && steps.load.output.name == 'a'");
check(cel.evaluate(cst, scope));`,
    work: 'check(cel.evaluate(cst, scope))',
  },
  {
    name: 'jsonata',
    packages: ['jsonata@2'],
    ready: `const { default: jsonata } = await import('jsonata'); ${scope}
const run = jsonata("$least := parameters.least; $count(steps.load.output.rows[$ > $least]) = 2 and steps.load.output.name = 'a'".replace(/^/, '(') + ')');
check(await run.evaluate(scope));`,
    work: 'run.evaluate(scope).then(check)',
  },
  {
    name: 'jexl',
    packages: ['jexl@2'],
    ready: `const { default: jexl } = await import('jexl'); ${scope}
jexl.addTransform('count', (list) => list.length);
const run = jexl.compile("(steps.load.output.list[.v > 4])|count == 2 && steps.load.output.name == 'a'");
scope.steps.load.output.list = scope.steps.load.output.rows.map((v) => ({ v }));
check(run.evalSync(scope));`,
    work: 'check(run.evalSync(scope))',
  },
];

export const expressionsScenario: Scenario = {
  name: 'expressions',
  title: 'languages for expressions: one compiled and evaluated; evaluated again',
  about: 'What conditions and values in documents cost, in the languages that could be used for them.',
  measure: (bench) =>
    measureCandidates(bench, 'expressions', candidates, {
      what: 'one evaluation',
      unit: 'µs',
      times: bench.choose(100_000, 10_000),
    }),
};
