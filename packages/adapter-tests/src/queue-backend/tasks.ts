import assert from 'node:assert/strict';
import type { JsonValue } from '@vwmp/core';
import { type Case, rejectsWith, tamper } from '../suite.ts';
import {
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

/** Adding a task, taking it, and saying what became of it. */
export function taskCases(subject: QueueSubject): Case[] {
  const payload: JsonValue = {
    text: 'ä "quoted" \u2028 \u0000 line\r\nbreak 👍',
    numbers: [0, -1.5, 1e300, 9_007_199_254_740_991],
    nested: { empty: {}, list: [[], [null], [true, false]] },
    ...(JSON.parse('{"constructor": "own", "toString": "own"}') as object),
  };

  return [
    queueCase(
      subject,
      'a task is given out as it was added, and counts as its first attempt',
      async (queue) => {
        const id = await queue.enqueue('q', { name: 'mail', payload });
        assert.deepEqual(await take(queue, 'q'), { id, name: 'mail', payload, queue: 'q', attempt: 1 });
      },
    ),
    ...([null, '', 0, false, [], 'text'] as JsonValue[]).map((value) =>
      queueCase(subject, `a payload may be ${JSON.stringify(value)}`, async (queue) => {
        await queue.enqueue('q', { name: 'n', payload: value });
        assert.deepEqual((await take(queue, 'q')).payload, value);
      }),
    ),
    queueCase(subject, 'a payload of half a megabyte arrives', async (queue) => {
      const large = 'ü'.repeat(250_000);
      await queue.enqueue('q', { name: 'n', payload: large });
      assert.equal((await take(queue, 'q')).payload, large);
    }),
    queueCase(subject, 'what is given in or out can be changed without harm', async (queue) => {
      const given = { name: 'n', payload: { value: 1 } };
      await queue.enqueue('q', given, { attempts: 2, backoff: 0 });
      given.payload.value = 2;
      const first = await take(queue, 'q');
      assert.deepEqual(first.payload, { value: 1 });
      tamper(() => Object.assign(first.payload as object, { value: 3 }));
      await queue.markFailed(first, { code: 'NO', message: 'again' });
      assert.deepEqual((await take(queue, 'q')).payload, { value: 1 });
    }),
    queueCase(subject, 'ids are unique, in other queues too', async (queue) => {
      const ids = await Promise.all(
        Array.from({ length: 50 }, (_, index) => queue.enqueue(index % 2 ? 'a' : 'b', numbered(index))),
      );
      assert.equal(new Set(ids).size, 50);
    }),
    queueCase(subject, 'the name of a queue may have any characters', async (queue) => {
      const names = [
        'a',
        'A',
        'a:b',
        'a%3Ab',
        'a/b',
        '{a}',
        'a b',
        'ä',
        '',
        '%',
        '*',
        'wait',
        '__proto__',
        'toString',
      ];
      for (const [index, name] of names.entries()) await queue.enqueue(name, numbered(index));
      assert.deepEqual(await queue.queues(), [...names].sort());
      for (const [index, name] of names.entries()) {
        const task = await take(queue, name);
        assert.equal(task.queue, name);
        assert.equal(numberOf(task), index);
        await queue.markComplete(task);
        await expectNothing(queue, name);
      }
    }),

    queueCase(subject, 'getTask without a task gives nothing, at once or after its time', async (queue) => {
      assert.equal(await queue.getTask('q', 0), undefined);
      const before = Date.now();
      assert.equal(await queue.getTask('q', 40), undefined);
      assert.ok(Date.now() - before >= 39, 'it did not wait');
    }),
    queueCase(subject, 'getTask waits for a task that is added meanwhile', async (queue) => {
      const waiting = queue.getTask('q', patienceOf(queue));
      await expectNothing(queue, 'other');
      const id = await queue.enqueue('q', numbered(1));
      assert.equal((await waiting)?.id, id);
    }),
    queueCase(subject, 'a task is given to one of those that ask', async (queue) => {
      const ids = [await queue.enqueue('q', numbered(1)), await queue.enqueue('q', numbered(2))];
      const taken = await Promise.all([1, 2, 3, 4].map(() => queue.getTask('q', 50)));
      assert.deepEqual(taken.flatMap((task) => (task ? [task.id] : [])).sort(), ids.sort());
    }),
    queueCase(subject, 'those that wait get what comes, each one task', async (queue) => {
      const waiting = [1, 2, 3].map(() => queue.getTask('q', patienceOf(queue)));
      for (const number of [1, 2, 3]) await queue.enqueue('q', numbered(number));
      const numbers = (await Promise.all(waiting)).map((task) => task && numberOf(task));
      assert.deepEqual(numbers.sort(), [1, 2, 3]);
    }),
    queueCase(subject, 'a wait that is over takes nothing', async (queue) => {
      assert.equal(await queue.getTask('q', 20), undefined);
      await queue.enqueue('q', numbered(1));
      assert.deepEqual(await takeNumbers(queue, 'q', 1), [1]);
    }),
    queueCase(subject, 'close ends a wait', async (queue) => {
      const waiting = [queue.getTask('q', 3_600_000).catch(() => undefined)];
      await queue.counts('q');
      waiting.push(queue.getTask('q', 3_600_000).catch(() => undefined));
      await queue.close();
      assert.deepEqual(await Promise.all(waiting), [undefined, undefined]);
    }),

    queueCase(subject, 'a completed task is not given out again', async (queue, { expire }) => {
      await queue.enqueue('q', numbered(1));
      await queue.markComplete(await take(queue, 'q'), { done: true });
      await expire(queue);
      await expectNothing(queue, 'q');
      assert.deepEqual(await queue.counts('q'), { waiting: 0, delayed: 0, active: 0, dead: 0 });
    }),
    queueCase(subject, 'markComplete twice is as good as once', async (queue) => {
      await queue.enqueue('q', numbered(1));
      const task = await take(queue, 'q');
      await queue.markComplete(task);
      await queue.markComplete(task);
      await queue.markComplete({ ...task });
      await expectNothing(queue, 'q');
    }),
    queueCase(subject, 'only a task that was taken can be completed or failed', async (queue) => {
      const id = await queue.enqueue('q', numbered(1));
      const task = { id, ...numbered(1), queue: 'q', attempt: 1 };
      const error = { code: 'NO', message: 'no' };
      await rejectsWith(queue.markComplete(task), 'NOT_FOUND');
      await rejectsWith(queue.markFailed(task, error), 'NOT_FOUND');
      await rejectsWith(queue.markComplete({ ...task, id: 'unknown' }), 'NOT_FOUND');
      await rejectsWith(queue.markComplete({ ...task, queue: 'other' }), 'NOT_FOUND');
      const taken = await take(queue, 'q');
      await queue.markFailed(taken, error);
      await rejectsWith(queue.markComplete(taken), 'NOT_FOUND');
      await rejectsWith(queue.markFailed(taken, error), 'NOT_FOUND');
    }),
    queueCase(subject, 'counts tell what waits, is delayed, runs and failed for good', async (queue) => {
      assert.deepEqual(await queue.counts('q'), { waiting: 0, delayed: 0, active: 0, dead: 0 });
      for (const number of [1, 2, 3, 4]) await queue.enqueue('q', numbered(number));
      await queue.enqueue('q', numbered(5), { delay: 60_000 });
      await queue.enqueue('other', numbered(6));
      const [first, second] = [await take(queue, 'q'), await take(queue, 'q')];
      assert.deepEqual(await queue.counts('q'), { waiting: 2, delayed: 1, active: 2, dead: 0 });
      await queue.markComplete(first);
      await queue.markFailed(second, { code: 'NO', message: 'no' });
      assert.deepEqual(await countsOf(queue, 'q'), { waiting: 2, delayed: 1, active: 0, dead: 1 });
      assert.deepEqual(await queue.counts('unknown'), { waiting: 0, delayed: 0, active: 0, dead: 0 });
    }),
    queueCase(subject, 'queues lists those that were used, by name', async (queue) => {
      assert.deepEqual(await queue.queues(), []);
      await queue.enqueue('b', numbered(1));
      await queue.enqueue('a', numbered(1));
      await queue.pause('p');
      await queue.counts('looked at');
      await queue.getTask('asked', 0);
      await queue.dead('looked at');
      const consumer = queue.consume('b', {}, async () => null);
      await drained(queue, 'b');
      await consumer.close();
      assert.deepEqual(await queue.queues(), ['a', 'b', 'p']);
    }),
    queueCase(subject, 'ping resolves when the queue works', (queue) => queue.ping()),
    queueCase(subject, 'many tasks are all given out, in the order of arrival', async (queue) => {
      const numbers = Array.from({ length: 200 }, (_, index) => index);
      for (const number of numbers) await queue.enqueue('q', numbered(number));
      assert.deepEqual(await takeNumbers(queue, 'q', 200), numbers);
    }),
  ];
}
