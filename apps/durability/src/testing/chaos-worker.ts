import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { hasCode } from '@vwmp/core';
import { createBackends } from './backends.ts';
import { type ChaosArguments, jobOf } from './chaos-plan.ts';
import { argument, logger, say } from './in-child.ts';
import { makePlatform } from './place.ts';

// Starts its share of the jobs, those first that nobody has accepted yet, and works on all of them until it is ended.
const { place, seed, first, end, accepted } = argument<ChaosArguments>();
const platform = await makePlatform(place, {
  ...(await createBackends(place, logger)),
  logger,
  worker: { lease: 2000, gracePeriod: 5000 },
});
process.once('SIGTERM', () => {
  void platform.close().then(() => process.exit(0));
});
await platform.open();
say('open');

const done = new Set(
  existsSync(accepted)
    ? readFileSync(accepted, 'utf8')
        .split('\n')
        .map((line) => Number.parseInt(line, 10))
    : [],
);
const left: number[] = [];
for (let n = first; n < end; n++) if (!done.has(n)) left.push(n);

async function startSome(): Promise<void> {
  for (let n = left.pop(); n !== undefined; n = left.pop()) {
    const { workflow, signal } = jobOf(seed, n);
    const { execution_id: id } = await platform.start(workflow, { n }, { idempotencyKey: `job-${n}` });
    if (signal) {
      await platform.signal(id, signal.name, signal.payload).catch((error: unknown) => {
        // It had been signalled before this process took the place of one that was killed.
        if (!hasCode(error, 'EXECUTION_NOT_ACTIVE')) throw error;
      });
    }
    appendFileSync(accepted, `${n} ${id}\n`);
  }
}

await Promise.all(Array.from({ length: 16 }, startSome));
say('all started');
