import assert from 'node:assert/strict';
import { type Case, rejectsWith } from '../suite.ts';
import {
  consuming,
  drained,
  expectNothing,
  numbered,
  numberOf,
  take,
  takeNumbers,
  until,
} from './consuming.ts';
import { type QueueSubject, queueCase } from './subject.ts';

const error = { code: 'NO', message: 'no' };
const empty = { waiting: 0, delayed: 0, active: 0, dead: 0 };

/** Taking tasks back. */
export function withdrawCases(subject: QueueSubject): Case[] {
  return [
    queueCase(subject, 'a task that waits is withdrawn, once, and its key is free again', async (queue) => {
      const id = await queue.enqueue('q', numbered(1), { dedupe: 'k:{1}' });
      await queue.enqueue('q', numbered(2), { dedupe: 'other' });
      await queue.enqueue('other', numbered(3), { dedupe: 'k:{1}' });
      assert.equal(await queue.withdraw('q', 'k:{1}'), true);
      assert.equal(await queue.withdraw('q', 'k:{1}'), false);
      assert.deepEqual(await queue.counts('q'), { ...empty, waiting: 1 });
      assert.notEqual(await queue.enqueue('q', numbered(4), { dedupe: 'k:{1}' }), id);
      assert.deepEqual(await takeNumbers(queue, 'q', 2), [2, 4]);
      await expectNothing(queue, 'q');
      assert.deepEqual(await takeNumbers(queue, 'other', 1), [3]);
    }),
    queueCase(subject, 'those that are left keep their order', async (queue) => {
      const numbers = Array.from({ length: 40 }, (_, index) => index);
      for (const number of numbers)
        await queue.enqueue('q', numbered(number), { priority: number % 4, dedupe: `k${number}` });
      const withdrawn = numbers.filter((number) => number % 3 === 1);
      for (const number of withdrawn) assert.equal(await queue.withdraw('q', `k${number}`), true);
      const left = [3, 2, 1, 0].flatMap((rest) =>
        numbers.filter((number) => number % 4 === rest && !withdrawn.includes(number)),
      );
      assert.equal((await queue.counts('q')).waiting, left.length);
      assert.deepEqual(await takeNumbers(queue, 'q', left.length), left);
      await expectNothing(queue, 'q');
    }),
    queueCase(subject, 'a delayed task is withdrawn, and does not come when it is due', async (queue) => {
      await queue.enqueue('q', numbered(1), { delay: 40, dedupe: 'k' });
      await queue.enqueue('q', numbered(2), { delay: 60 });
      assert.equal(await queue.withdraw('q', 'k'), true);
      assert.deepEqual(await queue.counts('q'), { ...empty, delayed: 1 });
      assert.deepEqual(await takeNumbers(queue, 'q', 1), [2]);
      assert.deepEqual(await queue.counts('q'), empty);
    }),
    queueCase(subject, 'a task that waits for another attempt is withdrawn', async (queue) => {
      for (const backoff of [60_000, 0]) {
        const id = await queue.enqueue('q', numbered(1), { attempts: 3, backoff, dedupe: 'k' });
        await queue.markFailed(await take(queue, 'q'), error);
        assert.equal(await queue.withdraw('q', 'k'), true);
        assert.deepEqual(await queue.counts('q'), empty);
        const next = await queue.enqueue('q', numbered(2), { dedupe: 'k' });
        assert.notEqual(next, id);
        const task = await take(queue, 'q');
        assert.deepEqual([task.id, task.attempt], [next, 1]);
        await queue.markComplete(task);
      }
    }),
    queueCase(subject, 'a task whose worker died is withdrawn when it waits again', async (queue, bench) => {
      await queue.enqueue('q', numbered(1), { dedupe: 'k' });
      const lost = await take(queue, 'q');
      await bench.expire(queue);
      assert.equal(await queue.withdraw('q', 'k'), true);
      await rejectsWith(queue.markComplete(lost), 'NOT_FOUND');
      await rejectsWith(queue.markFailed(lost, error), 'NOT_FOUND');
      assert.deepEqual(await queue.counts('q'), empty);
      await expectNothing(queue, 'q');
    }),
    queueCase(subject, 'a task that somebody has is not withdrawn', async (queue) => {
      const id = await queue.enqueue('q', numbered(1), { attempts: 2, backoff: 0, dedupe: 'k' });
      for (const attempt of [1, 2]) {
        const task = await take(queue, 'q');
        assert.equal(task.attempt, attempt);
        assert.equal(await queue.withdraw('q', 'k'), false);
        assert.deepEqual(await queue.counts('q'), { ...empty, active: 1 });
        assert.equal(await queue.enqueue('q', numbered(2), { dedupe: 'k' }), id, 'its key was freed');
        if (attempt === 1) await queue.markFailed(task, error);
        else await queue.markComplete(task);
      }
      await expectNothing(queue, 'q');
    }),
    queueCase(subject, 'a task that a consumer runs is not withdrawn, the next one is', async (queue) => {
      for (const number of [1, 2, 3]) await queue.enqueue('q', numbered(number), { dedupe: `k${number}` });
      const gate = Promise.withResolvers<void>();
      const consumer = consuming(queue, 'q', {}, async () => {
        await gate.promise;
        return null;
      });
      await consumer.begun(1);
      assert.equal(await queue.withdraw('q', 'k1'), false);
      assert.equal(await queue.withdraw('q', 'k2'), true);
      gate.resolve();
      await consumer.begun(2);
      await drained(queue, 'q');
      assert.deepEqual(consumer.tasks.map(numberOf), [1, 3]);
      await consumer.close();
    }),
    queueCase(subject, 'a task that has ended is not withdrawn', async (queue) => {
      await queue.enqueue('q', numbered(1), { dedupe: 'completed' });
      await queue.markComplete(await take(queue, 'q'));
      assert.equal(await queue.withdraw('q', 'completed'), false);
      const id = await queue.enqueue('q', numbered(2), { dedupe: 'failed' });
      await queue.markFailed(await take(queue, 'q'), error);
      assert.equal(await queue.withdraw('q', 'failed'), false);
      const letters = (await queue.dead('q')).results;
      assert.deepEqual(
        letters.map(({ task }) => task.id),
        [id],
      );
      await queue.retryDead('q', id);
      assert.equal(await queue.withdraw('q', 'failed'), true, 'it waits again');
      assert.deepEqual(await queue.counts('q'), empty);
    }),
    queueCase(
      subject,
      'with the key of an ended task the one that was added since is withdrawn',
      async (queue) => {
        const dead = await queue.enqueue('q', numbered(1), { dedupe: 'k' });
        await queue.markFailed(await take(queue, 'q'), error);
        await queue.enqueue('q', numbered(2), { dedupe: 'k' });
        await queue.retryDead('q', dead);
        assert.equal(await queue.withdraw('q', 'k'), true);
        assert.equal(await queue.withdraw('q', 'k'), false);
        assert.deepEqual(await takeNumbers(queue, 'q', 1), [1]);
        await expectNothing(queue, 'q');
      },
    ),
    queueCase(
      subject,
      'what is not known is not withdrawn, and asking is no use of a queue',
      async (queue) => {
        assert.equal(await queue.withdraw('unknown', 'k'), false);
        await queue.enqueue('q', numbered(1), { dedupe: 'k' });
        await queue.enqueue('q', numbered(2));
        for (const key of ['', 'K', 'k ', 'unknown', '__proto__'])
          assert.equal(await queue.withdraw('q', key), false);
        assert.equal(await queue.withdraw('other', 'k'), false);
        assert.deepEqual(await queue.queues(), ['q']);
        assert.equal((await queue.counts('q')).waiting, 2);
      },
    ),
    queueCase(subject, 'tasks of a paused queue are withdrawn', async (queue) => {
      await queue.enqueue('q', numbered(1), { dedupe: 'before' });
      await queue.pause('q');
      await queue.enqueue('q', numbered(2), { dedupe: 'meanwhile' });
      await queue.enqueue('q', numbered(3), { delay: 60_000, dedupe: 'later' });
      await queue.enqueue('q', numbered(4));
      for (const key of ['before', 'meanwhile', 'later']) assert.equal(await queue.withdraw('q', key), true);
      assert.deepEqual(await queue.counts('q'), { ...empty, waiting: 1, paused: true });
      await queue.resume('q');
      assert.deepEqual(await takeNumbers(queue, 'q', 1), [4]);
      assert.deepEqual(await queue.counts('q'), empty);
    }),
    queueCase(
      subject,
      'a task that a rate holds back is withdrawn, and nobody waits for it',
      async (queue) => {
        const consumer = consuming(queue, 'q', { rate: { limit: 1, per: 60_000 } });
        await queue.enqueue('q', numbered(1));
        const enqueued = [2, 3].map((number) =>
          queue.enqueue('q', numbered(number), { dedupe: `k${number}` }),
        );
        await consumer.begun(1);
        await until(queue, () => queue.withdraw('q', 'k2'));
        await enqueued[0];
        await consumer.close();
        await enqueued[1];
        assert.deepEqual(consumer.tasks.map(numberOf), [1]);
        assert.deepEqual(await takeNumbers(queue, 'q', 1), [3]);
        assert.deepEqual(await queue.counts('q'), empty);
      },
    ),
    queueCase(subject, 'a task is withdrawn or given out, and withdrawn by one', async (queue) => {
      for (let round = 0; round < 20; round++) {
        await queue.enqueue('q', numbered(round), { dedupe: 'k' });
        const early = round % 2 === 0 ? [queue.withdraw('q', 'k')] : [];
        const [task, ...withdrawn] = await Promise.all([
          queue.getTask('q', 0),
          ...early,
          ...[1, 2].map(() => queue.withdraw('q', 'k')),
        ]);
        assert.equal(withdrawn.filter(Boolean).length, task ? 0 : 1);
        if (task) await queue.markComplete(task);
      }
      assert.deepEqual(await queue.counts('q'), empty);
    }),
    ...(subject.bound === undefined
      ? []
      : [
          queueCase(subject, 'a full queue has room again when a task was withdrawn', async (queue) => {
            const bound = subject.bound!;
            for (let number = 0; number < bound; number++)
              await queue.enqueue('q', numbered(number), {
                dedupe: `k${number}`,
                delay: number % 2 === 0 ? 0 : 60_000,
              });
            for (const key of ['k0', 'k1']) {
              await rejectsWith(queue.enqueue('q', numbered(-1)), 'QUEUE_FULL');
              assert.equal(await queue.withdraw('q', key), true);
              await queue.enqueue('q', numbered(bound));
            }
            await rejectsWith(queue.enqueue('q', numbered(-1)), 'QUEUE_FULL');
          }),
        ]),
  ];
}
