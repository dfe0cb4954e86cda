import assert from 'node:assert/strict';
import { VwmpError } from '@vwmp/core';
import type { Task } from '@vwmp/core/ports';
import type { Case } from '../suite.ts';
import { consuming, drained, numbered, numberOf, take, takeNumbers, until } from './consuming.ts';
import { type QueueSubject, queueCase } from './subject.ts';

/** Running tasks with `consume`. Where many wait, they were added before: a sync queue runs those that come later at once. */
export function consumeCases(subject: QueueSubject): Case[] {
  const numbersOf = (tasks: readonly Task[]): number[] => tasks.map(numberOf);

  return [
    queueCase(
      subject,
      'a consumer runs each task once, in the order of priority and arrival',
      async (queue) => {
        for (let number = 0; number < 30; number++)
          await queue.enqueue('q', numbered(number), { priority: number % 3 });
        const { tasks, close } = consuming(queue, 'q');
        await drained(queue, 'q');
        const expected = [2, 1, 0].flatMap((rest) =>
          Array.from({ length: 10 }, (_, index) => 3 * index + rest),
        );
        assert.deepEqual(numbersOf(tasks), expected);
        await close();
      },
    ),
    queueCase(subject, 'a consumer gets what is added while it waits', async (queue) => {
      const { tasks, close } = consuming(queue, 'q', { concurrency: 2 });
      for (let number = 0; number < 20; number++) await queue.enqueue('q', numbered(number));
      await drained(queue, 'q');
      assert.deepEqual(
        numbersOf(tasks).sort((a, b) => a - b),
        Array.from({ length: 20 }, (_, index) => index),
      );
      await close();
    }),
    queueCase(subject, 'a consumer gets delayed tasks when they are due', async (queue) => {
      const { begun, close } = consuming(queue, 'q');
      const before = Date.now();
      await queue.enqueue('q', numbered(1), { delay: 80 });
      await begun(1);
      assert.ok(Date.now() - before >= 80, 'it came too early');
      await close();
    }),
    queueCase(subject, 'a consumer runs one task at a time unless it may run more', async (queue) => {
      for (let number = 0; number < 5; number++) await queue.enqueue('q', numbered(number));
      let most = 0;
      const consumer = consuming(queue, 'q', {}, async () => {
        most = Math.max(most, consumer.running());
        await new Promise((resolve) => setTimeout(resolve, 2));
        return null;
      });
      await drained(queue, 'q');
      assert.equal(most, 1);
      await consumer.close();
    }),
    queueCase(subject, 'as many tasks run at once as the concurrency says, and no more', async (queue) => {
      for (let number = 0; number < 7; number++) await queue.enqueue('q', numbered(number));
      const gate = Promise.withResolvers<void>();
      const consumer = consuming(queue, 'q', { concurrency: 3 }, async () => {
        await gate.promise;
        return null;
      });
      await consumer.begun(3);
      assert.deepEqual(await queue.counts('q'), { waiting: 4, delayed: 0, active: 3, dead: 0 });
      gate.resolve();
      await drained(queue, 'q');
      assert.equal(consumer.tasks.length, 7);
      await consumer.close();
    }),
    queueCase(subject, 'two consumers share the tasks of a queue', async (queue) => {
      for (let number = 0; number < 4; number++) await queue.enqueue('q', numbered(number));
      const gate = Promise.withResolvers<void>();
      const wait = async (): Promise<null> => {
        await gate.promise;
        return null;
      };
      const [a, b] = [consuming(queue, 'q', {}, wait), consuming(queue, 'q', {}, wait)];
      await Promise.all([a.begun(1), b.begun(1)]);
      gate.resolve();
      await drained(queue, 'q');
      assert.deepEqual(
        numbersOf([...a.tasks, ...b.tasks]).sort((x, y) => x - y),
        [0, 1, 2, 3],
      );
      await Promise.all([a.close(), b.close()]);
    }),

    queueCase(subject, 'what a task throws fails it: another attempt, then a dead letter', async (queue) => {
      await queue.enqueue('q', numbered(1), { attempts: 2, backoff: 0 });
      const { tasks, close } = consuming(queue, 'q', {}, async ({ attempt }) => {
        throw new VwmpError('BROKEN', `attempt ${attempt}`, { details: { attempt } });
      });
      await until(queue, async () => (await queue.counts('q')).dead === 1);
      assert.deepEqual(
        tasks.map(({ attempt }) => attempt),
        [1, 2],
      );
      const [letter] = (await queue.dead('q')).results;
      assert.deepEqual(letter?.error, { code: 'BROKEN', message: 'attempt 2', details: { attempt: 2 } });
      assert.deepEqual(letter?.task, { ...tasks[1] });
      await close();
    }),
    queueCase(subject, 'anything that is thrown fails the task and not the consumer', async (queue) => {
      const thrown = [new Error('plain'), 'text', undefined, null, { code: 'lower' }];
      for (const number of thrown.keys()) await queue.enqueue('q', numbered(number));
      await queue.enqueue('q', numbered(-1));
      const { begun, close } = consuming(queue, 'q', {}, (task) => {
        // Before a promise was given, too.
        if (numberOf(task) >= 0) throw thrown[numberOf(task)];
        return Promise.resolve(undefined);
      });
      await begun(thrown.length + 1);
      await drained(queue, 'q');
      const letters = (await queue.dead('q')).results;
      assert.deepEqual(
        letters.map(({ error }) => error.code),
        thrown.map(() => 'HANDLER_ERROR'),
      );
      assert.equal(letters[0]!.error.message, 'plain');
      await close();
    }),
    queueCase(subject, 'a task that is handed back is as if it had not been taken', async (queue) => {
      for (const number of [1, 2]) await queue.enqueue('q', numbered(number));
      const gate = Promise.withResolvers<void>();
      const consumer = consuming(queue, 'q', {}, async () => {
        await gate.promise;
        throw new VwmpError('TASK_RETURNED', 'This worker ends.');
      });
      await consumer.begun(1);
      const closing = consumer.close();
      gate.resolve();
      await closing;
      await until(queue, async () => (await queue.counts('q')).active === 0);
      assert.deepEqual(await queue.counts('q'), { waiting: 2, delayed: 0, active: 0, dead: 0 });
      const again = await take(queue, 'q');
      assert.deepEqual([numberOf(again), again.attempt], [1, 1]);
      await queue.markComplete(again);
      assert.deepEqual(await takeNumbers(queue, 'q', 1), [2]);
    }),
    queueCase(subject, 'a task that is handed back goes to another consumer that waits', async (queue) => {
      await queue.enqueue('q', numbered(1));
      const gate = Promise.withResolvers<void>();
      const first = consuming(queue, 'q', {}, async () => {
        await gate.promise;
        throw new VwmpError('TASK_RETURNED', 'This worker ends.');
      });
      await first.begun(1);
      const second = consuming(queue, 'q');
      const closing = first.close();
      gate.resolve();
      await Promise.all([closing, second.begun(1)]);
      assert.equal(second.tasks[0]!.attempt, 1);
      await second.close();
    }),
    queueCase(subject, 'closing a consumer waits for what runs, and takes nothing new', async (queue) => {
      for (const number of [1, 2]) await queue.enqueue('q', numbered(number));
      const gate = Promise.withResolvers<void>();
      const consumer = consuming(queue, 'q', {}, async () => {
        await gate.promise;
        return null;
      });
      await consumer.begun(1);
      let closed = false;
      const closing = consumer.close().then(() => {
        closed = true;
      });
      await queue.counts('q');
      assert.equal(closed, false);
      gate.resolve();
      await closing;
      await consumer.close();
      assert.deepEqual(numbersOf(consumer.tasks), [1]);
      assert.deepEqual(await queue.counts('q'), { waiting: 1, delayed: 0, active: 0, dead: 0 });
    }),
    queueCase(subject, 'closing the queue waits for what runs', async (queue) => {
      await queue.enqueue('q', numbered(1));
      let ended = false;
      const gate = Promise.withResolvers<void>();
      const { begun } = consuming(queue, 'q', {}, async () => {
        await gate.promise;
        ended = true;
        return null;
      });
      await begun(1);
      const closing = queue.close();
      gate.resolve();
      await closing;
      assert.equal(ended, true);
    }),

    queueCase(subject, 'no more tasks begin within a time than the rate allows', async (queue) => {
      for (let number = 0; number < 5; number++) await queue.enqueue('q', numbered(number));
      const rate = { limit: 2, per: 150 };
      const times: number[] = [];
      const note = async (): Promise<null> => {
        times.push(Date.now());
        return null;
      };
      const before = Date.now();
      const consumers = [
        consuming(queue, 'q', { rate, concurrency: 5 }, note),
        consuming(queue, 'q', { rate }, note),
      ];
      await drained(queue, 'q');
      // Measured from a moment before the first, so that it holds however late a task is noticed here.
      assert.ok(times[2]! - before >= 150, `the third began after ${times[2]! - before} ms`);
      assert.ok(times[4]! - before >= 300, `the fifth began after ${times[4]! - before} ms`);
      for (const consumer of consumers) await consumer.close();
    }),
    queueCase(subject, 'the rate holds wherever its time begins', async (queue) => {
      const consumer = consuming(queue, 'q', { rate: { limit: 2, per: 300 }, concurrency: 4 });
      const before = Date.now();
      void queue.enqueue('q', numbered(1));
      await consumer.begun(1);
      // Late in the time of the first: this one and the next two would fit into two fixed spans.
      await new Promise((resolve) => setTimeout(resolve, 200));
      const second = Date.now();
      for (const number of [2, 3, 4]) void queue.enqueue('q', numbered(number));
      await consumer.begun(3);
      assert.ok(Date.now() - before >= 300, 'the third came too early');
      await consumer.begun(4);
      assert.ok(Date.now() - second >= 300, 'the fourth came too early');
      await drained(queue, 'q');
      await consumer.close();
    }),

    subject.sync
      ? queueCase(subject, 'a consumer has run the task before enqueue returns', async (queue) => {
          const consumer = consuming(queue, 'q', {}, async (task) => {
            if (numberOf(task) === 1) {
              // From within a task, too.
              await queue.enqueue('q', numbered(2));
              assert.equal(consumer.tasks.length, 2);
            }
            return null;
          });
          await queue.enqueue('q', numbered(1));
          assert.deepEqual(numbersOf(consumer.tasks), [1, 2]);
          assert.deepEqual(await queue.counts('q'), { waiting: 0, delayed: 0, active: 0, dead: 0 });
          await consumer.close();
        })
      : queueCase(subject, 'enqueue returns before the task runs', async (queue) => {
          const gate = Promise.withResolvers<void>();
          const consumer = consuming(queue, 'q', {}, async () => {
            await gate.promise;
            return null;
          });
          await queue.enqueue('q', numbered(1));
          gate.resolve();
          await consumer.begun(1);
          await drained(queue, 'q');
          await consumer.close();
        }),
    ...(subject.sync
      ? [
          queueCase(
            subject,
            'a task that fails, is delayed or has no consumer does not hold up enqueue',
            async (queue) => {
              await queue.enqueue('q', numbered(1));
              const consumer = consuming(queue, 'q', {}, async (task) => {
                if (numberOf(task) === 2) throw new Error('on purpose');
                return null;
              });
              await queue.enqueue('q', numbered(2), { attempts: 2, backoff: 60_000 });
              await queue.enqueue('q', numbered(3), { delay: 60_000 });
              await queue.pause('q');
              await queue.enqueue('q', numbered(4));
              assert.equal((await queue.counts('q')).delayed, 2);
              await queue.resume('q');
              await until(queue, async () => (await queue.counts('q')).waiting === 0);
              await consumer.close();
            },
          ),
        ]
      : []),
  ];
}
