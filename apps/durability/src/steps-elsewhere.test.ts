import { type Execute, suspend } from '@vwmp/core';
import { createMemoryQueue } from '@vwmp/queue-memory';
import { describe, expect, it } from 'vitest';
import {
  ended,
  type MemoryPlace,
  openOver,
  shared,
  testPlugin,
  until,
  workflow,
} from './testing/memory-place.ts';
import { usePlaces } from './testing/use-places.ts';

const createPlace = usePlaces();

/** Counts what is read of histories. */
function countReads({ storage: { executions } }: MemoryPlace): { events: number } {
  const counted = { events: 0 };
  const { events } = executions;
  executions.events = async function* (id, after) {
    for await (const event of events(id, after)) {
      counted.events++;
      yield event;
    }
  };
  return counted;
}

const listed = { parameters: [{ name: 'list', type: 'array' as const }] };
const each = {
  id: 'each',
  handler: 'test.run',
  foreach: '${parameters.list}',
  concurrency: 16,
  queue: 'far',
  config: { value: '${item}' },
};
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const double: Execute = ({ config }) => (config as { value: number }).value * 2;

describe('a list of which every item is an attempt in another queue', () => {
  it('is carried out with every event read a few times, however long it is', async () => {
    const place = createPlace();
    const counted = countReads(place);
    const platform = await openOver(place, {
      plugins: [testPlugin({ run: double })],
      worker: { concurrency: 16 },
    });
    const { execution_id: id } = await platform.start(workflow([each], listed), { list: numbers(400) });
    await ended(place, id);
    expect((await platform.execution(id))!.steps.each!.output).toEqual(numbers(400).map((n) => n * 2));
    const { seq } = (await place.storage.executions.get(id))!;
    expect(seq).toBeGreaterThan(800);
    // Each event once, and the last one known again for each attempt.
    expect(counted.events).toBeLessThan(3 * seq);
  });

  it('is carried out without taking its execution up for every report', async () => {
    const place = createPlace();
    const counted = countReads(place);
    let claims = 0;
    const { claim } = place.storage.executions;
    place.storage.executions.claim = async (...given) => {
      claims++;
      return claim(...given);
    };
    const queue = shared(createMemoryQueue({ clock: place.clock }));
    const options = { queue, plugins: [testPlugin({ run: double })] };
    const near = await openOver(place, { ...options, worker: { unified: false, queues: ['executions'] } });
    await openOver(place, { ...options, worker: { unified: false, queues: ['far'] } });
    const { execution_id: id } = await near.start(workflow([each], listed), { list: numbers(300) });
    await ended(place, id);
    const { seq } = (await place.storage.executions.get(id))!;
    expect(claims).toBeLessThan(10);
    expect(counted.events).toBeLessThan(20 * seq);
  });
});

describe('an attempt in another queue sees what is recorded by then', () => {
  it('of the steps before it, one after another', async () => {
    const place = createPlace();
    const counted = countReads(place);
    const platform = await openOver(place, { plugins: [testPlugin({ run: double })] });
    const steps = numbers(200).map((n) => ({
      id: `s${n}`,
      handler: 'test.run',
      queue: 'far',
      config: { value: n === 0 ? 1 : `\${steps.s${n - 1}.output % 1000}` },
      ...(n === 0 ? {} : { dependencies: [`s${n - 1}`] }),
    }));
    const { execution_id: id } = await platform.start(workflow(steps));
    await ended(place, id);
    let expected = 2;
    for (let n = 1; n < 200; n++) expected = (expected % 1000) * 2;
    expect((await platform.execution(id))!.steps.s199!.output).toBe(expected);
    const { seq } = (await place.storage.executions.get(id))!;
    expect(counted.events).toBeLessThan(3 * seq);
  });

  it('of its own waits, iterations and retries', async () => {
    const place = createPlace();
    const seen: number[] = [];
    let failed = false;
    const run: Execute = ({ step }) => {
      seen.push(step.index ?? -1);
      if (step.index === 1 && !failed) {
        failed = true;
        throw new Error('Once more.');
      }
      return suspend({ kind: 'signal', signal: 'go' });
    };
    const platform = await openOver(place, { plugins: [testPlugin({ run })] });
    const { execution_id: id } = await platform.start(
      workflow([
        {
          id: 'r',
          handler: 'test.run',
          queue: 'far',
          retry: { attempts: 2, delay: '0s' },
          repeat: { until: '${output == "stop"}', delay: '0s' },
        },
      ]),
    );
    for (const payload of ['a', 'b', 'stop']) {
      await until(async () => (await platform.execution(id))!.status === 'waiting');
      await platform.signal(id, 'go', payload);
      await until(async () => (await platform.execution(id))!.status !== 'waiting');
      await place.clock.advance(1000);
    }
    await ended(place, id);
    expect(seen).toEqual([0, 1, 1, 2]);
  });
});
