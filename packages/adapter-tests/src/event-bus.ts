import assert from 'node:assert/strict';
import type { ExecutionEvent } from '@vwmp/core';
import type { EventBus } from '@vwmp/core/ports';
import { lifecycleCases, type Uses } from './lifecycle.ts';
import { creation, nastyTexts, second } from './samples.ts';
import { type Case, caseOf, defaultPatience, type Subject, tamper } from './suite.ts';

/** Everything that an {@link EventBus} has to pass. */
export function eventBusSuite(subject: Subject<EventBus>): Case[] {
  const uses: Uses<EventBus> = {
    publish: (bus) => bus.publish(creation('e1').events[0]!),
    subscribe: (bus) => bus.subscribe('e1', () => {}),
    wake: (bus) => bus.wake('w1', 'e1'),
    onWake: (bus) => bus.onWake('w1', () => {}),
    ping: (bus) => bus.ping(),
  };
  return [...eventCases(subject), ...wakeCases(subject), ...lifecycleCases(subject, uses)];
}

/** Delivery may take a moment: the cases wait for the last event. */
function eventCases(subject: Subject<EventBus>): Case[] {
  const gather = gathering(subject);
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
            const other = await bench.another();
            const there = gather(other, 'e1', 1);
            // A subscription may take a moment, too.
            await other.ping();
            bus.publish(event('e1', 1));
            assert.deepEqual(await there.all, [event('e1', 1)]);
          }),
        ]
      : []),
  ];
}

/** Hints may get lost: the cases give them again until they arrive. */
function wakeCases(subject: Subject<EventBus>): Case[] {
  return [
    caseOf(subject, 'a hint reaches whoever listens for that worker, and nobody else', async (bus, bench) => {
      const seen = new Set<string>();
      for (const worker of ['w1', 'w2', 'w', 'W1', 'w1:', 'w*'])
        bus.onWake(worker, (id) => void seen.add(`${worker} ${id}`));
      await bench.until('the hint has arrived', () => {
        bus.wake('w1', 'e/1 ü');
        return seen.size > 0;
      });
      // What is given later arrives later: anything that was going to arrive elsewhere has done so.
      await bench.until('another one has arrived', () => {
        bus.wake('w2', 'e2');
        return seen.has('w2 e2');
      });
      assert.deepEqual([...seen].sort(), ['w1 e/1 ü', 'w2 e2']);
    }),
    caseOf(subject, 'a worker for whom nobody listens is told in vain', async (bus) => {
      bus.wake('nobody', 'e1');
      bus.onWake('w1', () => assert.fail('this one was not meant'));
      bus.wake('nobody', 'e1');
      await bus.ping();
    }),
    caseOf(
      subject,
      'nothing comes after the end of listening, and the same can listen twice',
      async (bus, bench) => {
        const seen: string[] = [];
        const listener = (id: string): void => void seen.push(id);
        const end = bus.onWake('w1', listener);
        const endOther = bus.onWake('w1', listener);
        end();
        end();
        await bench.until('the hint has arrived', () => {
          bus.wake('w1', 'e1');
          return seen.length > 0;
        });
        endOther();
        let others = 0;
        bus.onWake('w1', () => void others++);
        await bench.until('another one has arrived', () => {
          bus.wake('w1', 'e2');
          return others > 0;
        });
        assert.ok(!seen.includes('e2'));
      },
    ),
    caseOf(subject, 'a worker that throws when it is woken harms nobody', async (bus, bench) => {
      bus.onWake('w1', () => {
        throw new Error('on purpose');
      });
      let woken = 0;
      bus.onWake('w1', () => void woken++);
      await bench.until('the hints have arrived', () => {
        bus.wake('w1', 'e1');
        return woken > 1;
      });
    }),
    caseOf(subject, 'a bus that is open answers', async (bus) => {
      await bus.ping();
      await Promise.all([bus.ping(), bus.ping()]);
    }),
    ...(subject.durable ? farCases(subject) : []),
  ];
}

function farCases(subject: Subject<EventBus>): Case[] {
  const gather = gathering(subject);
  return [
    caseOf(subject, 'who begins to watch late gets everything from then on', async (bus, bench) => {
      const other = await bench.another();
      const log = (seq: number): ExecutionEvent => ({
        ...{ event: 'log', level: 'info', message: `message ${seq}` },
        ...{ execution_id: 'e1', seq, timestamp: second(seq) },
      });
      for (const watch of [1, 2]) {
        // Nobody watches, and a bus may have noticed.
        for (let seq = 1; seq <= 3; seq++) {
          bus.publish(log(seq));
          await bus.ping();
        }
        const seen: number[] = [];
        const end = other.subscribe('e1', ({ seq }) => void seen.push(seq));
        await other.ping();
        for (let seq = 11; seq <= 20; seq++) bus.publish(log(seq));
        await bench.until(`all has arrived, ${watch}`, () => seen.at(-1) === 20);
        assert.deepEqual(
          seen.filter((seq) => seq > 10),
          [11, 12, 13, 14, 15, 16, 17, 18, 19, 20],
        );
        end();
      }
    }),
    caseOf(subject, 'hints reach other processes', async (bus, bench) => {
      const seen: string[] = [];
      // Also where somebody listens under the same name here.
      bus.onWake('w1', () => {});
      (await bench.another()).onWake('w1', (id) => void seen.push(id));
      await bench.until('the hint has arrived', () => {
        bus.wake('w1', 'e1');
        return seen.length > 0;
      });
      assert.equal(seen[0], 'e1');
    }),
    caseOf(
      subject,
      'events of many executions reach other processes whole and in order',
      async (bus, bench) => {
        const other = await bench.another();
        const watched = ['e1', 'e2', 'e3'].map((id) => ({ id, got: gather(other, id, 50) }));
        await other.ping();
        const numbers = Array.from({ length: 50 }, (_, n) => n + 1);
        const event = (execution_id: string, seq: number): ExecutionEvent => ({
          ...{ event: 'log', level: 'info', message: nastyTexts[seq % nastyTexts.length]! },
          ...{ execution_id, seq, timestamp: second(seq) },
        });
        for (const seq of numbers) for (const { id } of watched) bus.publish(event(id, seq));
        for (const { id, got } of watched)
          assert.deepEqual(
            await got.all,
            numbers.map((seq) => event(id, seq)),
          );
      },
    ),
  ];
}

interface Gathered {
  /** Rejects when that has taken longer than the patience of the subject. */
  all: Promise<ExecutionEvent[]>;
}

/** Waits for so many events of an execution, or of all of them. */
function gathering({ patience = defaultPatience }: Subject<EventBus>) {
  return (bus: EventBus, id: string | undefined, count: number): Gathered => {
    const seen: ExecutionEvent[] = [];
    const all = new Promise<ExecutionEvent[]>((resolve, reject) => {
      const missing = (): void =>
        reject(new Error(`${seen.length} of ${count} events have arrived within ${patience} ms`));
      const timer = setTimeout(missing, patience).unref();
      bus.subscribe(id, (event) => {
        seen.push(event);
        if (seen.length !== count) return;
        clearTimeout(timer);
        resolve(seen);
      });
    });
    // A test may have failed for another reason before it looks.
    all.catch(() => {});
    return { all };
  };
}
