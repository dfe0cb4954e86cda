import { performance } from 'node:perf_hooks';
import { expect, readTask, report } from '../program.ts';

export interface FanOutOptions {
  width: number;
}

/** Milliseconds. */
export interface FanOutReport {
  load: number;
  execute: number;
  /** CPU time of the execution, all threads. */
  cpu: number;
  again: number;
  raw: number;
}

const { core, options } = await readTask<FanOutOptions>();
const { width } = options;

const branches = Array.from({ length: width }, (_, i) => `b${i}`);
const document = {
  name: 'fan-out',
  steps: [
    { id: 'seed', handler: 'core.set', config: { value: 1 } },
    ...branches.map((id, i) => ({
      id,
      handler: 'core.set',
      dependencies: ['seed'],
      config: { value: `\${steps.seed.output + ${i}}` },
    })),
    { id: 'join', handler: 'core.set', dependencies: branches, config: { value: 'joined' } },
  ],
};

const engine = new core.WorkflowEngine();
const begun = performance.now();
const workflow = await engine.load(document);
const loaded = performance.now();
const cpu = process.cpuUsage();
const execution = await engine.executeWorkflow(workflow);
const executed = performance.now();
const { user, system } = process.cpuUsage(cpu);

expect(execution.status, 'success', 'status');
expect(execution.steps.join?.output, 'joined', 'the step after all of them');
expect(
  branches.map((id) => execution.steps[id]?.output),
  branches.map((_, i) => i + 1),
  'outputs of the branches',
);

const secondBegun = performance.now();
await engine.executeWorkflow(workflow);
const secondDone = performance.now();
await engine.close();

const rawBegun = performance.now();
const outputs = await Promise.all(branches.map(async (_, i) => 1 + i));
const raw = performance.now() - rawBegun;
expect(outputs.length, width, 'raw outputs');

report({
  load: loaded - begun,
  execute: executed - loaded,
  cpu: (user + system) / 1000,
  again: secondDone - secondBegun,
  raw,
} satisfies FanOutReport);
