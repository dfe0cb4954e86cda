import assert from 'node:assert/strict';
import { type Case, rejectsWith } from '../suite.ts';
import { countsOf, expectNothing, numbered, numberOf, patienceOf, take, takeNumbers } from './consuming.ts';
import { type QueueSubject, queueCase } from './subject.ts';

const error = { code: 'NO', message: 'no' };

/** The options of `enqueue`. */
export function optionCases(subject: QueueSubject): Case[] {
  return [
    queueCase(
      subject,
      'a delayed task comes when its time has come, and others come before it',
      async (queue) => {
        const before = Date.now();
        await queue.enqueue('q', numbered(1), { delay: 120, priority: 9 });
        await queue.enqueue('q', numbered(2));
        assert.deepEqual(await queue.counts('q'), { waiting: 1, delayed: 1, active: 0, dead: 0 });
        assert.deepEqual(await takeNumbers(queue, 'q', 2), [2, 1]);
        assert.ok(Date.now() - before >= 120, 'it came too early');
      },
    ),
    queueCase(subject, 'delayed tasks come in the order of their times', async (queue) => {
      for (const [number, delay] of [
        [1, 150],
        [2, 60],
        [3, 100],
      ] as const)
        await queue.enqueue('q', numbered(number), { delay });
      assert.deepEqual(await takeNumbers(queue, 'q', 3), [2, 3, 1]);
    }),
    queueCase(subject, 'a delay of years is possible', async (queue) => {
      await queue.enqueue('q', numbered(1), { delay: 100 * 365 * 24 * 3_600_000 });
      await expectNothing(queue, 'q');
      assert.equal((await queue.counts('q')).delayed, 1);
    }),

    queueCase(subject, 'a higher priority goes first, equal ones in the order of arrival', async (queue) => {
      const priorities = [
        0,
        5,
        -5,
        0,
        5,
        -5,
        1000,
        0,
        -1000,
        undefined,
        5,
        999_999,
        -999_999,
        1_000_000,
        -1_000_000,
      ];
      for (const [number, priority] of priorities.entries()) {
        await queue.enqueue('q', numbered(number), priority === undefined ? {} : { priority });
      }
      assert.deepEqual(await takeNumbers(queue, 'q', 15), [13, 11, 6, 1, 4, 10, 0, 3, 7, 9, 2, 5, 8, 12, 14]);
    }),
    queueCase(subject, 'a task of a higher priority overtakes those that wait', async (queue) => {
      for (const number of [1, 2, 3]) await queue.enqueue('q', numbered(number));
      assert.deepEqual(await takeNumbers(queue, 'q', 1), [1]);
      await queue.enqueue('q', numbered(4), { priority: 1 });
      assert.deepEqual(await takeNumbers(queue, 'q', 3), [4, 2, 3]);
    }),

    queueCase(subject, 'a task with the key of one that has not ended is not added', async (queue) => {
      const id = await queue.enqueue('q', numbered(1), { dedupe: 'k:{1}' });
      assert.equal(await queue.enqueue('q', numbered(2), { dedupe: 'k:{1}' }), id);
      assert.notEqual(await queue.enqueue('q', numbered(3), { dedupe: 'other' }), id);
      assert.notEqual(await queue.enqueue('other', numbered(4), { dedupe: 'k:{1}' }), id);
      assert.equal((await queue.counts('q')).waiting, 2);
      assert.equal(numberOf(await take(queue, 'q')), 1);
      assert.equal(await queue.enqueue('q', numbered(5), { dedupe: 'k:{1}' }), id, 'while it runs');
      assert.equal((await queue.counts('q')).waiting, 1);
    }),
    queueCase(
      subject,
      'a key counts while its task is delayed or waits for another attempt',
      async (queue) => {
        const id = await queue.enqueue('q', numbered(1), { dedupe: 'k', delay: 60_000 });
        assert.equal(await queue.enqueue('q', numbered(2), { dedupe: 'k' }), id);
        const other = await queue.enqueue('q', numbered(3), { dedupe: 'r', attempts: 2, backoff: 60_000 });
        await queue.markFailed(await take(queue, 'q'), error);
        assert.equal(await queue.enqueue('q', numbered(4), { dedupe: 'r' }), other);
        assert.deepEqual(await queue.counts('q'), { waiting: 0, delayed: 2, active: 0, dead: 0 });
      },
    ),
    queueCase(
      subject,
      'a key is free again when its task was completed or has failed for good',
      async (queue) => {
        const first = await queue.enqueue('q', numbered(1), { dedupe: 'k' });
        await queue.markComplete(await take(queue, 'q'));
        const second = await queue.enqueue('q', numbered(2), { dedupe: 'k' });
        assert.notEqual(second, first);
        await queue.markFailed(await take(queue, 'q'), error);
        const third = await queue.enqueue('q', numbered(3), { dedupe: 'k' });
        assert.notEqual(third, second);
        assert.deepEqual(await takeNumbers(queue, 'q', 1), [3]);
      },
    ),
    queueCase(subject, 'of many that are added at once with one key, one is', async (queue) => {
      const ids = await Promise.all(
        [1, 2, 3, 4, 5].map((n) => queue.enqueue('q', numbered(n), { dedupe: 'k' })),
      );
      assert.equal(new Set(ids).size, 1);
      assert.equal((await queue.counts('q')).waiting, 1);
    }),

    queueCase(subject, 'a task has one attempt unless it was given more', async (queue) => {
      await queue.enqueue('q', numbered(1));
      await queue.markFailed(await take(queue, 'q'), error);
      assert.deepEqual(await countsOf(queue, 'q'), { waiting: 0, delayed: 0, active: 0, dead: 1 });
    }),
    queueCase(subject, 'attempts are counted, and follow after a backoff that doubles', async (queue) => {
      const id = await queue.enqueue('q', numbered(1), { attempts: 3, backoff: 50 });
      let task = await take(queue, 'q');
      assert.equal(task.id, id);
      for (const [attempt, pause] of [
        [2, 50],
        [3, 100],
      ] as const) {
        const before = Date.now();
        await queue.markFailed(task, error);
        assert.deepEqual(await queue.counts('q'), { waiting: 0, delayed: 1, active: 0, dead: 0 });
        const again = await take(queue, 'q');
        assert.ok(Date.now() - before >= pause, 'it came too early');
        assert.deepEqual(again, { ...task, attempt });
        task = again;
      }
      await queue.markFailed(task, error);
      assert.deepEqual(await countsOf(queue, 'q'), { waiting: 0, delayed: 0, active: 0, dead: 1 });
    }),
    queueCase(subject, 'a backoff of 0 means at once; without one it is a second', async (queue) => {
      await queue.enqueue('q', numbered(1), { attempts: 2, backoff: 0 });
      await queue.markFailed(await take(queue, 'q'), error);
      const again = await queue.getTask('q', 0);
      assert.equal(again?.attempt, 2);
      await queue.markComplete(again!);
      await queue.enqueue('q', numbered(2), { attempts: 2 });
      const before = Date.now();
      await queue.markFailed(await take(queue, 'q'), error);
      assert.equal((await queue.getTask('q', 1000 + patienceOf(queue)))?.attempt, 2);
      assert.ok(Date.now() - before >= 1000, 'it came too early');
    }),
    queueCase(subject, 'an error that another attempt cannot mend ends the task', async (queue) => {
      await queue.enqueue('q', numbered(1), { attempts: 5, backoff: 0 });
      await queue.markFailed(await take(queue, 'q'), { ...error, retryable: false });
      assert.deepEqual(await countsOf(queue, 'q'), { waiting: 0, delayed: 0, active: 0, dead: 1 });
    }),

    ...(subject.bound === undefined
      ? []
      : [
          queueCase(
            subject,
            'a full queue refuses another task as QUEUE_FULL until one is taken',
            async (queue) => {
              const bound = subject.bound!;
              const [first] = await Promise.all(
                Array.from({ length: bound }, (_, index) =>
                  queue.enqueue('q', numbered(index), {
                    ...(index === 0 && { dedupe: 'k' }),
                    delay: index === bound - 1 ? 60_000 : 0,
                  }),
                ),
              );
              await rejectsWith(queue.enqueue('q', numbered(-1)), 'QUEUE_FULL');
              assert.equal(await queue.enqueue('q', numbered(-1), { dedupe: 'k' }), first);
              await queue.enqueue('other', numbered(0));
              const task = await take(queue, 'q');
              await queue.enqueue('q', numbered(bound));
              await rejectsWith(queue.enqueue('q', numbered(-1)), 'QUEUE_FULL');
              // What is there already is never refused.
              await queue.markFailed(task, error);
              await queue.retryDead('q', task.id);
              const { waiting, delayed } = await queue.counts('q');
              assert.equal(waiting + delayed, bound + 1);
            },
          ),
        ]),
  ];
}
