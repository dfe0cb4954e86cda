import { argument, logger, say } from './in-child.ts';
import { createOwnershipCounter } from './ownership-counter.ts';
import { makePlatform, type Place } from './place.ts';

/** What it is told. */
export interface RecoveryArguments {
  place: Place;
  /** How many executions were interrupted. */
  count: number;
}

// Makes executions that a dead worker owns, carries them on, and tells how many of them it had at a time.
const { place, count } = argument<RecoveryArguments>();
const { storage } = await makePlatform(place);
const counter = createOwnershipCounter(storage);
await storage.open();
const document = {
  id: 'one',
  name: 'one',
  version: '0.1.0',
  steps: [{ id: 'a', handler: 'core.set', config: { value: 1 } }],
};
let made = 0;
async function interruptSome(): Promise<void> {
  while (made < count) {
    const id = `interrupted-${++made}`;
    const timestamp = new Date().toISOString();
    const version = { workflow_id: 'one', workflow_version: '0.1.0' };
    await storage.executions.append({
      summary: { id, ...version, status: 'running', started_at: timestamp },
      ...{ expected_seq: 0, epoch: 1, owner: 'dead', document },
      events: [
        { event: 'workflow_started', ...version, parameters: {}, execution_id: id, seq: 1, timestamp },
      ],
    });
  }
}
await Promise.all(Array.from({ length: 256 }, interruptSome));
say('interrupted');

const handedOut: number[] = [];
const platform = await makePlatform(place, { storage: counter.storage, logger });
const { queue } = platform;
const enqueue = queue.enqueue.bind(queue);
queue.enqueue = async (name, task, options) => {
  const id = await enqueue(name, task, options);
  const { waiting, active } = await queue.counts(name);
  handedOut.push(waiting + active);
  return id;
};
await platform.open();
while (counter.ended < count) await new Promise((resolve) => setTimeout(resolve, 50));
say(
  `recovered ${JSON.stringify({ peak: counter.peak, waiting: handedOut.reduce((a, b) => Math.max(a, b), 0), left: counter.owned.size })}`,
);
await platform.close();
say('closed');
