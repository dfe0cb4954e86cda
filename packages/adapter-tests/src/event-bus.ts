import assert from 'node:assert/strict';
import type { ExecutionEvent } from '@vwmp/core';
import type { EventBus } from '@vwmp/core/ports';
import { lifecycleCases, type Uses } from './lifecycle.ts';
import { creation, second } from './samples.ts';
import { type Case, caseOf, type Subject, tamper } from './suite.ts';

/** Everything that an {@link EventBus} has to pass. */
export function eventBusSuite(subject: Subject<EventBus>): Case[] {
  const uses: Uses<EventBus> = {
    publish: (bus) => bus.publish(creation('e1').events[0]!),
    subscribe: (bus) => bus.subscribe('e1', () => {}),
  };
  return [...eventBusCases(subject), ...lifecycleCases(subject, uses)];
}

/** Delivery may take a moment: the cases wait for the last event. */
function eventBusCases(subject: Subject<EventBus>): Case[] {
  const event = (execution_id: string, seq: number): ExecutionEvent => ({
    ...{ event: 'log', level: 'info', message: `message ${seq}` },
    ...{ execution_id, seq, timestamp: second(seq) },
  });

  return [
    caseOf(subject, 'whoever watches an execution gets its events in order and no others', async (bus) => {
      const watched = gather(bus, 'e1', 3);
      const everything = gather(bus, undefined, 5);
      for (const [id, seq] of [
        ['e1', 1],
        ['e2', 1],
        ['e1', 2],
        ['e2', 2],
        ['e1', 3],
      ] as const)
        bus.publish(event(id, seq));
      assert.deepEqual(await watched.all, [event('e1', 1), event('e1', 2), event('e1', 3)]);
      const all = await everything.all;
      assert.deepEqual(
        all.filter(({ execution_id }) => execution_id === 'e2').map(({ seq }) => seq),
        [1, 2],
      );
      assert.equal(all.length, 5);
    }),
    caseOf(subject, 'nothing comes after the end of a subscription', async (bus) => {
      const seen: number[] = [];
      const end = bus.subscribe('e1', ({ seq }) => seen.push(seq));
      const first = gather(bus, 'e1', 1);
      bus.publish(event('e1', 1));
      await first.all;
      end();
      end();
      const second = gather(bus, 'e1', 1);
      bus.publish(event('e1', 2));
      await second.all;
      assert.deepEqual(seen, [1]);
    }),
    caseOf(subject, 'the same listener can subscribe twice', async (bus) => {
      const seen: number[] = [];
      const listener = ({ seq }: ExecutionEvent): void => void seen.push(seq);
      const end = bus.subscribe('e1', listener);
      bus.subscribe('e1', listener);
      end();
      const done = gather(bus, 'e1', 1);
      bus.publish(event('e1', 1));
      await done.all;
      assert.deepEqual(seen, [1]);
    }),
    caseOf(subject, 'a listener that throws harms nobody', async (bus) => {
      bus.subscribe('e1', () => {
        throw new Error('on purpose');
      });
      const others = gather(bus, 'e1', 2);
      bus.publish(event('e1', 1));
      bus.publish(event('e1', 2));
      assert.equal((await others.all).length, 2);
    }),
    caseOf(subject, 'everyone sees the same order, also when a listener publishes', async (bus) => {
      bus.subscribe('e1', ({ seq }) => {
        if (seq < 3) bus.publish(event('e1', seq + 1));
      });
      const other = gather(bus, 'e1', 3);
      bus.publish(event('e1', 1));
      assert.deepEqual(
        (await other.all).map(({ seq }) => seq),
        [1, 2, 3],
      );
    }),
    caseOf(subject, 'a listener cannot change what others get', async (bus) => {
      bus.subscribe('e1', (got) => tamper(() => Object.assign(got, { seq: 99 })));
      const other = gather(bus, 'e1', 1);
      bus.publish(event('e1', 1));
      assert.deepEqual(await other.all, [event('e1', 1)]);
    }),
    ...(subject.durable
      ? [
          caseOf(subject, 'events reach other processes', async (bus, bench) => {
            const there = gather(await bench.another(), 'e1', 1);
            bus.publish(event('e1', 1));
            assert.deepEqual(await there.all, [event('e1', 1)]);
          }),
        ]
      : []),
  ];
}

function gather(bus: EventBus, id: string | undefined, count: number): { all: Promise<ExecutionEvent[]> } {
  const seen: ExecutionEvent[] = [];
  const all = new Promise<ExecutionEvent[]>((resolve) => {
    bus.subscribe(id, (event) => {
      seen.push(event);
      if (seen.length === count) resolve(seen);
    });
  });
  return { all };
}
