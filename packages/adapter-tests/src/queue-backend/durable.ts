import assert from 'node:assert/strict';
import type { Case } from '../suite.ts';
import {
  consuming,
  countsOf,
  drained,
  expectNothing,
  numbered,
  numberOf,
  patienceOf,
  take,
  takeNumbers,
} from './consuming.ts';
import { type QueueSubject, queueCase } from './subject.ts';

/** What another queue over the same place sees, while this one is open and after it was closed. */
export function durableCases(subject: QueueSubject): Case[] {
  if (!subject.durable) {
    return [
      queueCase(subject, 'another queue has tasks of its own', async (queue, { another }) => {
        await queue.enqueue('q', numbered(1));
        const other = await another();
        await expectNothing(other, 'q');
        assert.deepEqual(await other.queues(), []);
      }),
    ];
  }
  return [
    queueCase(subject, 'tasks survive that all are closed', async (queue, { another }) => {
      const error = { code: 'NO', message: 'no', details: [1] };
      const dead = await queue.enqueue('q', numbered(1));
      await queue.markFailed(await take(queue, 'q'), error);
      const delayed = await queue.enqueue('q', numbered(2), { delay: 200, dedupe: 'k' });
      await queue.enqueue('q', numbered(3), { attempts: 2, backoff: 0 });
      await queue.enqueue('q', numbered(4), { priority: 1 });
      await queue.pause('paused');
      await queue.enqueue('paused', numbered(5));
      await queue.close();

      const next = await another();
      assert.deepEqual(await next.queues(), ['paused', 'q']);
      assert.deepEqual(await countsOf(next, 'q'), { waiting: 2, delayed: 1, active: 0, dead: 1 });
      assert.equal(await next.enqueue('q', numbered(6), { dedupe: 'k' }), delayed);
      assert.deepEqual(
        (await next.dead('q')).results.map(({ task, error: why }) => [task.id, why]),
        [[dead, error]],
      );
      await expectNothing(next, 'paused');
      assert.deepEqual(await takeNumbers(next, 'q', 1), [4]);
      await next.markFailed(await take(next, 'q'), error);
      assert.equal((await take(next, 'q')).attempt, 2);
      assert.deepEqual(await takeNumbers(next, 'q', 1), [2]);
    }),
    queueCase(
      subject,
      'a task that is added here is given to one who waits there',
      async (queue, { another }) => {
        const other = await another();
        const waiting = other.getTask('q', patienceOf(other));
        const id = await queue.enqueue('q', numbered(1));
        assert.equal((await waiting)?.id, id);
        await expectNothing(queue, 'q');
      },
    ),
    queueCase(
      subject,
      'consumers of several queues share the tasks, each is run once',
      async (queue, { another }) => {
        const queues = [queue, await another(), await another()];
        const consumers = queues.map((each) => consuming(each, 'q', { concurrency: 4 }));
        await Promise.all(
          Array.from({ length: 150 }, (_, number) => queues[number % 3]!.enqueue('q', numbered(number))),
        );
        await drained(queue, 'q');
        for (const consumer of consumers) await consumer.close();
        const numbers = consumers.flatMap(({ tasks }) => tasks.map(numberOf)).sort((a, b) => a - b);
        assert.deepEqual(
          numbers,
          Array.from({ length: 150 }, (_, index) => index),
        );
      },
    ),
    queueCase(subject, 'a task that is added here is withdrawn there', async (queue, { another }) => {
      const other = await another();
      await queue.enqueue('q', numbered(1), { dedupe: 'k' });
      assert.equal(await other.withdraw('q', 'k'), true);
      await expectNothing(queue, 'q');
      const id = await queue.enqueue('q', numbered(2), { dedupe: 'k' });
      assert.equal((await take(queue, 'q')).id, id);
      assert.equal(await other.withdraw('q', 'k'), false);
    }),
    queueCase(subject, 'a pause holds everywhere', async (queue, { another }) => {
      const other = await another();
      const consumer = consuming(other, 'q');
      await queue.pause('q');
      await queue.enqueue('q', numbered(1));
      assert.equal(await other.getTask('q', 60), undefined);
      assert.equal(consumer.tasks.length, 0);
      assert.equal((await other.counts('q')).paused, true);
      await other.resume('q');
      await consumer.begun(1);
      await consumer.close();
    }),
    queueCase(subject, 'the rate holds over all consumers, wherever they are', async (queue, { another }) => {
      for (let number = 0; number < 3; number++) await queue.enqueue('q', numbered(number));
      const rate = { limit: 2, per: 200 };
      const before = Date.now();
      const times: number[] = [];
      const consumers = [queue, await another()].map((each) =>
        consuming(each, 'q', { rate, concurrency: 3 }, async () => {
          times.push(Date.now());
          return null;
        }),
      );
      await drained(queue, 'q');
      assert.ok(times[2]! - before >= 200, 'the third began too early');
      for (const consumer of consumers) await consumer.close();
    }),
    queueCase(subject, 'only who took a task can complete it', async (queue, { another }) => {
      await queue.enqueue('q', numbered(1));
      const task = await take(queue, 'q');
      const other = await another();
      await assert.rejects(other.markComplete(task), { code: 'NOT_FOUND' });
      await queue.markComplete(task);
    }),
    queueCase(subject, 'places are apart', async (queue) => {
      await queue.enqueue('q', numbered(1));
      const place = await subject.place();
      const stranger = place.make();
      try {
        await stranger.open();
        await expectNothing(stranger, 'q');
        assert.deepEqual(await stranger.queues(), []);
        assert.equal(numberOf(await take(queue, 'q')), 1);
      } finally {
        await stranger.close();
        await place.dispose?.();
      }
    }),
  ];
}
