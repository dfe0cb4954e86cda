import { beside, type Figure } from '../../figure.ts';
import { interleave } from '../../measure/interleave.ts';
import type { Bench, Scenario } from '../../scenario.ts';
import { mebibyte, Probe } from './probe.ts';

const document = `
name: order
parameters:
  - name: amount
    type: number
steps:
  - id: tax
    handler: core.set
    config:
      value: \${parameters.amount * 0.25}
  - id: total
    handler: core.set
    dependencies: [tax]
    config:
      value: \${parameters.amount + steps.tax.output}
  - id: large
    handler: core.set
    dependencies: [total]
    when: \${steps.total.output > 100}
    config:
      value: "Large order: \${steps.total.output}"
`;

/** The engine and everything that it loads on first use has done its work once. */
const body = `
const execution = await new WorkflowEngine().executeWorkflow(${JSON.stringify(document)}, { amount: 100 });
if (execution.steps.large?.output !== 'Large order: 125') throw new Error(JSON.stringify(execution));
`;

/** Parser, validator and expressions are loaded by the first workflow: what is resident after it stays. */
export const runYamlScenario: Scenario = {
  name: 'run-yaml',
  title: 'a YAML workflow with expressions has run',
  about: 'What stays in memory once the parser, the validator and the expressions were needed.',
  async measure({ core, choose }: Bench): Promise<Figure[]> {
    const gc = ['--expose-gc'];
    const bareNode = new Probe(core.folder, 'bare-gc', '', '', gc);
    const imports = `import { WorkflowEngine } from '@vwmp/core';`;
    const afterRun = new Probe(core.folder, 'run-gc', imports, body, gc);
    const { bare, run } = await interleave(choose(15, 5), { bare: bareNode.run, run: afterRun.run });
    const figure = (id: string, what: string, key: 'rss' | 'dirty' | 'heap') =>
      beside(
        { id, what, unit: 'MiB', by: 'difference' },
        run.map((sample) => sample[key] / mebibyte),
        { what: 'bare Node', values: bare.map((sample) => sample[key] / mebibyte) },
      );
    const time = (id: string, what: string, key: 'cpu' | 'milliseconds') =>
      beside(
        { id, what, unit: 'ms', by: 'difference' },
        run.map((sample) => sample[key]),
        { what: 'bare Node', values: bare.map((sample) => sample[key]) },
      );
    return [
      figure('run-yaml.rss', 'resident memory, idle after gc', 'rss'),
      figure('run-yaml.dirty', 'memory of its own (private dirty)', 'dirty'),
      figure('run-yaml.heap', 'JavaScript heap in use', 'heap'),
      time('run-yaml.process', 'whole process', 'milliseconds'),
      time('run-yaml.cpu', 'CPU time of the process', 'cpu'),
    ];
  },
};
