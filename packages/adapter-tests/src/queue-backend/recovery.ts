import assert from 'node:assert/strict';
import { type Case, rejectsWith } from '../suite.ts';
import {
  consuming,
  drained,
  expectNothing,
  numbered,
  numberOf,
  patienceOf,
  take,
  takeNumbers,
  until,
} from './consuming.ts';
import { type QueueSubject, queueCase } from './subject.ts';

const error = { code: 'NO', message: 'no' };

/** Tasks whose worker died, and queues that are paused. */
export function recoveryCases(subject: QueueSubject): Case[] {
  return [
    queueCase(
      subject,
      'a task whose worker died is given out again, with the same attempt',
      async (queue, bench) => {
        const id = await queue.enqueue('q', numbered(1), { attempts: 2 });
        const lost = await take(queue, 'q');
        await bench.expire(queue);
        const other = subject.durable ? await bench.another() : queue;
        const again = await take(other, 'q');
        assert.deepEqual(again, { ...lost, id, attempt: 1 });
        await rejectsWith(queue.markComplete(lost), 'NOT_FOUND');
        await rejectsWith(queue.markFailed(lost, error), 'NOT_FOUND');
        assert.equal((await other.counts('q')).active, 1, 'the new holder has it still');
        await other.markComplete(again);
        await expectNothing(other, 'q');
        await rejectsWith(queue.markComplete(lost), 'NOT_FOUND');
      },
    ),
    queueCase(subject, 'a task that was lost keeps its place before later ones', async (queue, bench) => {
      for (const number of [1, 2]) await queue.enqueue('q', numbered(number));
      await take(queue, 'q');
      await bench.expire(queue);
      const other = subject.durable ? await bench.another() : queue;
      assert.deepEqual(await takeNumbers(other, 'q', 2), [1, 2]);
    }),
    queueCase(subject, 'a task is lost as often as its workers die', async (queue, bench) => {
      await queue.enqueue('q', numbered(1));
      for (let round = 0; round < 3; round++) {
        await take(queue, 'q');
        await bench.expire(queue);
      }
      assert.deepEqual(await takeNumbers(queue, 'q', 1), [1]);
      assert.equal((await queue.counts('q')).dead, 0);
    }),
    ...(subject.durable
      ? [
          queueCase(
            subject,
            'a consumer that lost its task is told, and its result is refused',
            async (queue, bench) => {
              await queue.enqueue('q', numbered(1));
              const gate = Promise.withResolvers<void>();
              let aborted = false;
              const lost = consuming(queue, 'q', {}, async (_task, signal) => {
                signal.addEventListener('abort', () => {
                  aborted = true;
                });
                await gate.promise;
                return null;
              });
              await lost.begun(1);
              await bench.expire(queue);
              const other = await bench.another();
              const again = await take(other, 'q');
              await until(queue, async () => aborted);
              gate.resolve();
              await lost.close();
              assert.equal((await other.counts('q')).active, 1);
              await other.markComplete(again);
              assert.deepEqual(await other.counts('q'), { waiting: 0, delayed: 0, active: 0, dead: 0 });
            },
          ),
        ]
      : []),

    queueCase(subject, 'a paused queue takes tasks and gives none out', async (queue) => {
      await queue.enqueue('q', numbered(1));
      await queue.pause('q');
      await queue.pause('q');
      await queue.enqueue('q', numbered(2), { delay: 30 });
      const consumer = consuming(queue, 'q');
      assert.equal(await queue.getTask('q', 60), undefined);
      await queue.enqueue('other', numbered(3));
      assert.deepEqual(await takeNumbers(queue, 'other', 1), [3]);
      assert.equal(consumer.tasks.length, 0);
      const { waiting, delayed, paused } = await queue.counts('q');
      assert.equal(waiting + delayed, 2);
      assert.equal(paused, true, 'it does not say that it is paused');
      assert.equal((await queue.counts('other')).paused, undefined, 'another one says that it is paused');
      await queue.resume('q');
      await queue.resume('q');
      assert.equal((await queue.counts('q')).paused, undefined, 'it still says that it is paused');
      await consumer.begun(2);
      assert.deepEqual(consumer.tasks.map(numberOf), [1, 2]);
      await drained(queue, 'q');
      await consumer.close();
    }),
    queueCase(subject, 'what runs when its queue is paused runs to its end', async (queue) => {
      for (const number of [1, 2]) await queue.enqueue('q', numbered(number));
      const gate = Promise.withResolvers<void>();
      const consumer = consuming(queue, 'q', {}, async () => {
        await gate.promise;
        return null;
      });
      await consumer.begun(1);
      await queue.pause('q');
      gate.resolve();
      await until(queue, async () => (await queue.counts('q')).active === 0);
      assert.deepEqual(await queue.counts('q'), { waiting: 1, delayed: 0, active: 0, dead: 0, paused: true });
      await queue.resume('q');
      await consumer.begun(2);
      await consumer.close();
    }),
    queueCase(
      subject,
      'resume gives tasks to those that wait, also when nobody had paused',
      async (queue) => {
        await queue.resume('q');
        await queue.pause('q');
        const waiting = queue.getTask('q', patienceOf(queue));
        await queue.enqueue('q', numbered(1));
        await queue.resume('q');
        assert.equal((await waiting)?.queue, 'q');
      },
    ),
  ];
}
