import { createHook } from 'node:async_hooks';
import { say } from './in-child.ts';
import { makePlatform, type Place } from './place.ts';

// Opens and closes platforms, and tells what of them is left. It ends when nothing keeps it from doing so.
const place = JSON.parse(process.argv[2]!) as Place;

const workflow = {
  name: 'a bit of everything',
  timeout: '1h',
  steps: [
    { id: 'a', handler: 'core.set', queue: 'other', config: { value: 1 } },
    { id: 'b', handler: 'core.sleep', dependencies: ['a'], config: { duration: 1 } },
    { id: 'c', handler: 'core.wait', dependencies: ['b'], config: { signal: 'go', timeout: '1h' } },
  ],
};

async function use(): Promise<void> {
  const platform = await makePlatform(place);
  await platform.open();
  const unsubscribe = platform.bus.subscribe(undefined, () => {});
  const { execution_id: id } = await platform.start(workflow);
  await platform.signal(id, 'go');
  await platform.wait(id);
  // One that never ends, so that it is closed with work in its hands.
  await platform.start(workflow);
  await platform.health();
  unsubscribe();
  await platform.close();
}

// Timers and handles that keep no process alive count too; `process.getActiveResourcesInfo` leaves them out.
const alive = new Map<number, string>();
createHook({
  init(id, type) {
    if (/^(Timeout|.*(WRAP|WATCHER|WORKER|MESSAGEPORT))$/.test(type)) alive.set(id, type);
  },
  destroy: (id) => void alive.delete(id),
}).enable();

function left(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of alive.values()) counts[name] = (counts[name] ?? 0) + 1;
  for (const name of process.eventNames()) counts[`on ${String(name)}`] = process.listenerCount(name);
  return counts;
}

/** Sockets and their timers are gone a moment after they were closed; a leak stays. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 500 && [...alive.values()].some((type) => type !== 'PIPEWRAP'); turn++) {
    await new Promise((resolve) => setTimeout(() => setImmediate(resolve), 10));
  }
}

// What modules keep for good is there after the first.
for (let count = 0; count < 3; count++) await use();
await settle();
const before = left();
for (let count = 0; count < 100; count++) await use();
await settle();
say(`left ${JSON.stringify({ before, after: left() })}`);
