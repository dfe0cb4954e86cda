import { argument, logger, say } from './in-child.ts';
import { createOwnershipCounter } from './ownership-counter.ts';
import { makePlatform, type Place } from './place.ts';

/** What it is told. */
export interface ParkedArguments {
  place: Place;
  /** How many executions are to wait before memory is looked at, each time. */
  counts: readonly number[];
}

// Parks executions, some until a signal comes and some until a moment, and tells what of them is left in this process.
const { place, counts } = argument<ParkedArguments>();
const counter = createOwnershipCounter((await makePlatform(place)).storage);
const platform = await makePlatform(place, { storage: counter.storage, logger });
await platform.open();

const workflows = [
  { name: 'signal', steps: [{ id: 'a', handler: 'core.wait', config: { signal: 'go' } }] },
  { name: 'timer', steps: [{ id: 'a', handler: 'core.sleep', config: { duration: '1h' } }] },
];
let started = 0;
for (const count of counts) {
  const startSome = async (): Promise<void> => {
    while (started < count) await platform.start(workflows[++started % 2]!);
  };
  await Promise.all(Array.from({ length: 64 }, startSome));
  const waiting = async (): Promise<number> =>
    (await platform.storage.executions.list({ status: ['waiting'], limit: 1 })).count;
  while ((await waiting()) < count || counter.owned.size > 0)
    await new Promise((resolve) => setTimeout(resolve, 50));
  for (let turn = 0; turn < 5; turn++) {
    globalThis.gc!();
    await new Promise((resolve) => setImmediate(resolve));
  }
  say(
    `parked ${count} ${JSON.stringify({ owned: counter.owned.size, heap: process.memoryUsage().heapUsed })}`,
  );
}
await platform.close();
say('closed');
