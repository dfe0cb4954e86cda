import type { WorkflowDocument } from '@vwmp/core';
import { openPlatform } from '../durable/platform.ts';
import { expect, readTask, report } from '../program.ts';

export interface ParkOptions {
  environment: Record<string, string>;
  schedules: number;
  executions: number;
}

export interface ParkReport {
  /** Executions that wait. */
  parked: number;
}

/** Fills a storage with what waits: schedules, and executions that sleep, wait for a signal or ask for an approval. */
const { options } = await readTask<ParkOptions>();
const { environment, schedules, executions } = options;
const platform = await openPlatform(
  { ...environment, VWMP_IN_PROCESS_WORKER: 'true', VWMP_WORKER_CONCURRENCY: '64' },
  { logger: { log: () => undefined } },
);

const waits = [
  { handler: 'core.sleep', config: { duration: '7d' } },
  { handler: 'core.wait', config: { signal: 'go', timeout: '7d' } },
  { handler: 'core.approval', config: { prompt: 'Go on?' } },
];
const documents: WorkflowDocument[] = waits.map(({ handler, config }, i) => ({
  id: `parked-${i}`,
  name: 'Parked',
  steps: [
    { id: 'before', handler: 'core.set', config: { value: 1 } },
    { id: 'wait', handler, dependencies: ['before'], config },
    { id: 'after', handler: 'core.set', dependencies: ['wait'], config: { value: '${steps.before.output}' } },
  ],
}));

await saveSchedules();
await inLanes(executions, async (n) => {
  await platform.start(documents[n % documents.length]!, {}, { id: `parked-${n}` });
});
let parked = 0;
while (parked < executions) {
  await new Promise((resolve) => setTimeout(resolve, 100));
  parked = (await platform.storage.executions.list({ status: ['waiting'], limit: 1 })).count;
}
expect((await platform.storage.schedules.list({ limit: 1 })).count, schedules, 'schedules');
await platform.close();
report({ parked } satisfies ParkReport);

/** Each once a day; none of them within the next hours, because what fires is not idle. */
async function saveSchedules(): Promise<void> {
  const hour = (new Date().getUTCHours() + 12) % 24;
  await inLanes(schedules, async (n) => {
    const id = `scheduled-${n}`;
    const schedule = `${n % 60} ${hour} * * *`;
    const document = {
      id,
      name: 'Scheduled',
      triggers: [{ schedule }],
      steps: [{ id: 'a', handler: 'core.set', config: { value: n } }],
    };
    const draft = { id, name: document.name, type: 'generic', version: '0.1.0' };
    await platform.workflows.save({ ...draft, text: JSON.stringify(document) }, undefined);
  });
}

async function inLanes(count: number, work: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let n = next++; n < count; n = next++) await work(n);
  };
  await Promise.all(Array.from({ length: 64 }, lane));
}
