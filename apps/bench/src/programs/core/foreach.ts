import { performance } from 'node:perf_hooks';
import { type Memory, peakRss, settledMemory } from '../../measure/memory.ts';
import { expect, readTask, report } from '../program.ts';

export interface ForeachOptions {
  mode: 'engine' | 'plain';
  items: number;
  concurrency: number;
}

/** Bytes and milliseconds. */
export interface ForeachReport {
  heap: number;
  rss: number;
  /** How far the resident memory rose above its start at most. */
  peak: number;
  time: number;
}

const { core, options } = await readTask<ForeachOptions>();
const { mode, items, concurrency } = options;

const document = {
  name: 'loop',
  parameters: [{ name: 'items', type: 'array' as const }],
  steps: [
    {
      id: 'each',
      handler: 'core.set',
      foreach: '${parameters.items}',
      concurrency,
      config: { value: { number: '${item}', square: '${item * item}', text: 'item ${index}' } },
    },
  ],
};

const engine = new core.WorkflowEngine();
const workflow = await engine.load(document);

/** What the step gives, made by a plain loop. */
const plainOutputs = (list: readonly number[]) =>
  list.map((number, index) => ({ number, square: number * number, text: `item ${index}` }));

// Both ways are taken once with few items: compiled code and loaded chunks are not what is asked about here.
const few = Array.from({ length: 300 }, (_, i) => i);
const tried = await engine.executeWorkflow(workflow, { items: few });
expect(tried.status, 'success', 'status');
expect(tried.steps.each?.output, plainOutputs(few), 'outputs');

const list = Array.from({ length: items }, (_, i) => i);
const before = await settledMemory();
const begun = performance.now();
// The engine keeps a copy of the parameters with the execution; the plain loop keeps one as well.
const kept =
  mode === 'engine'
    ? await engine.executeWorkflow(workflow, { items: list })
    : { parameters: { items: [...list] }, steps: { each: { output: plainOutputs(list) } } };
const time = performance.now() - begun;
const peak = peakRss();
const after = await settledMemory();

const outputs = kept.steps.each?.output as { square: number; text: string }[];
expect([outputs.length, outputs[items - 1]], [items, plainOutputs([...list]).at(-1)], 'the last output');
expect(
  outputs.reduce((sum, { square }) => sum + square, 0),
  list.reduce((sum, number) => sum + number * number, 0),
  'sum of all outputs',
);
const grown = (key: keyof Memory & ('heap' | 'rss')): number => after[key] - before[key];
report({ heap: grown('heap'), rss: grown('rss'), peak: peak - before.rss, time } satisfies ForeachReport);
