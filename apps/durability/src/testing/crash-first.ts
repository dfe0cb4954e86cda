import { attend, storeWorkflows } from './attend.ts';
import { type CrashArguments, crashCases, idOf } from './crash-plan.ts';
import { createFreezingStorage } from './freezing-storage.ts';
import { argument, logger, say } from './in-child.ts';
import { makePlatform } from './place.ts';
import { createTracedPlugin, traced } from './traced.ts';

// Runs every case again and again, each time stopped one event later, until it gets through; then waits to be killed.
const { place, calls } = argument<CrashArguments>();
const { storage } = await makePlatform(place);
const freezing = createFreezingStorage(storage);
const platform = await makePlatform(place, {
  ...{ storage: freezing.storage, logger, plugins: [await createTracedPlugin(calls, 'first')] },
  worker: { concurrency: 10_000, lease: 2000 },
});
await platform.open();
await storeWorkflows(platform, traced);

const accepted: string[] = [];

/** How many executions of a case run at the same time. */
const several = 8;

async function interrupt(key: string, recorded: boolean): Promise<void> {
  const each = crashCases.get(key)!;
  const run = async (at: number): Promise<boolean> => {
    const id = idOf(key, recorded, at);
    const stopped = freezing.watch(id, { at, recorded });
    // What is frozen never answers.
    void platform
      .start(traced(each.workflow), each.parameters, { id })
      .then(() => attend(platform, id, each));
    const { how, events } = await stopped;
    if (events > 0) accepted.push(id);
    return how === 'ended';
  };
  for (let first = 1; ; first += several) {
    const all = await Promise.all(Array.from({ length: several }, (_, index) => run(first + index)));
    if (all.includes(true)) return;
  }
}

await Promise.all([...crashCases.keys()].flatMap((key) => [interrupt(key, true), interrupt(key, false)]));
say(`accepted ${JSON.stringify(accepted)}`);
