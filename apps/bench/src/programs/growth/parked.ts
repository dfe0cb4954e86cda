import { settledMemory } from '../../measure/memory.ts';
import { openPlatform } from '../durable/platform.ts';
import { expect, readTask, report } from '../program.ts';

export interface ParkedOptions {
  environment: Record<string, string>;
  executions: number;
  samples: number;
}

/** Bytes while so many executions wait. */
export interface ParkedReport {
  points: { parked: number; heap: number; rss: number }[];
}

const { options } = await readTask<ParkedOptions>();
const { environment, executions, samples } = options;
const platform = await openPlatform(
  { ...environment, VWMP_WORKER_CONCURRENCY: '64' },
  { logger: { log: () => undefined } },
);
const document = {
  id: 'parked',
  name: 'Parked',
  steps: [
    { id: 'before', handler: 'core.set', config: { value: 1 } },
    { id: 'wait', handler: 'core.wait', dependencies: ['before'], config: { signal: 'go' } },
  ],
};
let parked = 0;

/** Resolves when so many more wait, in the store and nowhere else. */
async function park(count: number): Promise<void> {
  const end = parked + count;
  const lane = async (): Promise<void> => {
    while (parked < end) await platform.start(document, {}, { id: `parked-${parked++}` });
  };
  await Promise.all(Array.from({ length: 64 }, lane));
  for (;;) {
    const page = await platform.storage.executions.list({ status: ['waiting'], limit: 1 });
    if (page.count === parked) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const share = Math.round(executions / samples);
// What grows once: compiled code, caches.
await park(share);
const points: ParkedReport['points'] = [];
for (let i = 0; i <= samples; i++) {
  if (i > 0) await park(share);
  const { heap, rss } = await settledMemory();
  points.push({ parked, heap, rss });
}
// They are there: one of them goes on to its end.
await platform.signal('parked-0', 'go', null);
expect((await platform.wait('parked-0')).status, 'success', 'status of one that was woken');
await platform.close();
report({ points } satisfies ParkedReport);
