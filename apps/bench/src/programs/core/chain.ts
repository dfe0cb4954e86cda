import { expect, type Rate, rate, readTask, report } from '../program.ts';

/** How chains of steps are executed. */
export interface ChainOptions {
  variant: 'constants' | 'expressions' | 'observed';
  steps: number;
  warmUp: number;
  milliseconds: number;
}

/** Steps per second. */
export interface ChainReport {
  engine: Rate;
  raw: Rate;
  events: number;
}

const { core, options } = await readTask<ChainOptions>();
const { variant, steps, warmUp, milliseconds } = options;
const constants = variant === 'constants';

const document = {
  name: 'chain',
  steps: Array.from({ length: steps }, (_, i) => ({
    id: `s${i}`,
    handler: 'core.set',
    config: { value: constants || i === 0 ? i : `\${steps.s${i - 1}.output + 1}` },
    ...(i === 0 ? {} : { dependencies: [`s${i - 1}`] }),
  })),
};

const engine = new core.WorkflowEngine();
const workflow = await engine.load(document);
let events = 0;
if (variant === 'observed') engine.attach({ onEvent: () => events++ });

/** Without an engine: every step a function that is awaited and whose output is kept by name. */
async function raw(): Promise<Record<string, number>> {
  const outputs: Record<string, number> = {};
  for (const [i, { id }] of document.steps.entries()) {
    outputs[id] = await step(constants || i === 0 ? i : outputs[`s${i - 1}`]! + 1);
  }
  return outputs;
}

async function step(value: number): Promise<number> {
  return value;
}

const execution = await engine.executeWorkflow(workflow);
expect(execution.status, 'success', 'status');
const outputs = Object.fromEntries(Object.entries(execution.steps).map(([id, { output }]) => [id, output]));
expect(outputs, await raw(), 'outputs');

const execute = () => engine.executeWorkflow(workflow);
await rate(warmUp, steps, execute);
await rate(warmUp / 4, steps, raw);
const before = await rate(milliseconds / 8, steps, raw);
const measured = await rate(milliseconds, steps, execute);
const after = await rate(milliseconds / 8, steps, raw);
await engine.close();
report({
  engine: measured,
  raw: { wall: (before.wall + after.wall) / 2, cpu: (before.cpu + after.cpu) / 2 },
  events,
} satisfies ChainReport);
