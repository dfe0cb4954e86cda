import { expect, readTask, report } from '../program.ts';
import { effectPlugin, openPlatform, order, threeSteps } from './platform.ts';
import { createYardstick, type Yardstick } from './yardstick.ts';

/** What is measured, and beside what. */
export interface ThroughputOptions {
  environment: Record<string, string>;
  yardsticks: readonly Yardstick[];
  /** Of the three steps: one that may have an effect, or one that only computes. */
  handler: 'bench.echo' | 'core.set';
  /** How many executions are under way at a time. */
  at: number;
  milliseconds: number;
}

/** Per second. */
export interface ThroughputReport {
  executions: number;
  /** Milliseconds of CPU of this process for one execution. */
  cpu: number;
  /** What the yardsticks do, in their order. */
  raw: number[];
}

const { core, options } = await readTask<ThroughputOptions>();
const { at, milliseconds } = options;
const document = threeSteps(options.handler);

const ended = new Map<string, () => void>();
const early = new Set<string>();
const platform = await openPlatform(options.environment, {
  plugins: [effectPlugin(core)],
  observers: [
    {
      onWorkflowCompleted: ({ execution_id, status }) => {
        expect(status, 'success', 'status');
        const tell = ended.get(execution_id);
        if (!ended.delete(execution_id)) early.add(execution_id);
        tell?.();
      },
    },
  ],
});

async function execute(): Promise<void> {
  const { execution_id } = await platform.start(document, { order });
  if (!early.delete(execution_id)) await new Promise<void>((resolve) => ended.set(execution_id, resolve));
}

/** Calls per second with so many at a time. */
async function rateOf(call: () => Promise<unknown>, time: number): Promise<{ rate: number; cpu: number }> {
  let calls = 0;
  const cpuBefore = process.cpuUsage();
  const begun = performance.now();
  const lane = async (): Promise<void> => {
    while (performance.now() - begun < time) {
      await call();
      calls++;
    }
  };
  await Promise.all(Array.from({ length: at }, lane));
  const { user, system } = process.cpuUsage(cpuBefore);
  return { rate: (calls * 1000) / (performance.now() - begun), cpu: (user + system) / 1000 / calls };
}

const { execution_id } = await platform.start(document, { order });
const execution = await platform.wait(execution_id);
expect(execution.output, { total: 6 }, 'output');
// One more where it waited in a queue of another process.
const events = options.environment.VWMP_DEPLOYMENT_MODE === 'full' ? 6 : 5;
expect((await platform.storage.executions.get(execution_id))?.seq, events, 'recorded events');

const yardsticks = await Promise.all(options.yardsticks.map((each) => createYardstick(each, at)));
await rateOf(execute, milliseconds / 3);
for (const { call } of yardsticks) await rateOf(call, milliseconds / 6);
// What the machine does meanwhile falls on all of them alike.
const rounds = 4;
let executions = 0;
let cpu = 0;
const raw = yardsticks.map(() => 0);
for (let round = 0; round < rounds; round++) {
  for (const [i, { call }] of yardsticks.entries())
    raw[i]! += (await rateOf(call, milliseconds / rounds / 2)).rate / rounds;
  const measured = await rateOf(execute, milliseconds / rounds);
  executions += measured.rate / rounds;
  cpu += measured.cpu / rounds;
}
for (const yardstick of yardsticks) await yardstick.close();
await platform.close();
report({ executions, cpu, raw } satisfies ThroughputReport);
