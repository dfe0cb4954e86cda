import { hasCode } from '@vwmp/core';
import { createBackends } from './backends.ts';
import { type ChaosArguments, jobOf } from './chaos-plan.ts';
import { argument, logger, say } from './in-child.ts';
import { makePlatform } from './place.ts';

// Starts the jobs that are left of its share, and works on those of all until it is ended.
const { place, seed, jobs } = argument<ChaosArguments>();
const platform = await makePlatform(place, {
  ...(await createBackends(place, logger)),
  logger,
  worker: { lease: 2000, gracePeriod: 5000 },
});
process.once('SIGTERM', () => {
  void platform.close().then(() => process.exit(0));
});
await platform.open();

async function startSome(): Promise<void> {
  for (let n = jobs.shift(); n !== undefined; n = jobs.shift()) {
    const { workflow, signal } = jobOf(seed, n);
    const { execution_id: id } = await platform.start(workflow, { n }, { idempotencyKey: `job-${n}` });
    if (signal) {
      await platform.signal(id, signal.name, signal.payload).catch((error: unknown) => {
        // It had been signalled before this process took the place of one that was killed.
        if (!hasCode(error, 'EXECUTION_NOT_ACTIVE')) throw error;
      });
    }
    say(`accepted ${n} ${id}`);
  }
}

await Promise.all(Array.from({ length: 16 }, startSome));
