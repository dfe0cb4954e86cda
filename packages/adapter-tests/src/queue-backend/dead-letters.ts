import assert from 'node:assert/strict';
import type { DeadLetter, QueueBackend } from '@vwmp/core/ports';
import { type Case, rejectsWith } from '../suite.ts';
import { consuming, drained, expectNothing, numbered, numberOf, take, takeNumbers } from './consuming.ts';
import { type QueueSubject, queueCase } from './subject.ts';

const error = { code: 'NO', message: 'no' };

/** Adds tasks and fails them, each a millisecond after the one before: those of one have no order. */
async function bury(queue: QueueBackend, ...numbers: number[]): Promise<string[]> {
  const ids: string[] = [];
  for (const number of numbers) {
    ids.push(await queue.enqueue('q', numbered(number)));
    await nextMillisecond();
    await queue.markFailed(await take(queue, 'q'), error);
  }
  return ids;
}

async function nextMillisecond(): Promise<void> {
  const now = Date.now();
  while (Date.now() <= now) await new Promise((resolve) => setTimeout(resolve, 1));
}

const numbersOf = (letters: readonly DeadLetter[]): number[] => letters.map(({ task }) => numberOf(task));

/** Tasks that failed for good. */
export function deadLetterCases(subject: QueueSubject): Case[] {
  return [
    queueCase(subject, 'dead letters are kept oldest first, with task and error', async (queue) => {
      const full = {
        ...{ code: 'A_CODE', message: 'ä message\nof two lines', retryable: false },
        ...{ details: { list: [1, null] }, cause: { code: 'B_CODE', message: 'deeper' } },
      };
      for (const number of [1, 2, 3]) {
        await queue.enqueue('q', numbered(number), { priority: number });
        await queue.markFailed(await take(queue, 'q'), number === 2 ? full : error);
      }
      const letters = (await queue.dead('q', { limit: 2 })).results;
      assert.deepEqual(
        letters.map(({ task }) => numberOf(task)),
        [1, 2],
      );
      assert.deepEqual(letters[1]!.error, full);
      assert.deepEqual(letters[0]!.error, error);
      const { id, name, queue: from, attempt } = letters[1]!.task;
      assert.deepEqual([typeof id, name, from, attempt], ['string', 'count', 'q', 1]);
      assert.equal((await queue.dead('q')).results.length, 3);
      assert.deepEqual(await queue.dead('unknown'), { results: [], count: 0 });
    }),
    queueCase(subject, 'retryDead gives a dead letter its attempts back', async (queue) => {
      const id = await queue.enqueue('q', numbered(1), { attempts: 2, backoff: 0, dedupe: 'k' });
      const failTwice = async (): Promise<void> => {
        for (const attempt of [1, 2]) {
          const task = await take(queue, 'q');
          assert.equal(task.attempt, attempt);
          await queue.markFailed(task, error);
        }
      };
      await failTwice();
      await queue.retryDead('q', id);
      assert.deepEqual(await queue.counts('q'), { waiting: 1, delayed: 0, active: 0, dead: 0 });
      assert.equal(await queue.enqueue('q', numbered(2), { dedupe: 'k' }), id, 'its key is taken again');
      await failTwice();
      assert.equal((await queue.counts('q')).dead, 1);
      await queue.retryDead('q', id);
      assert.deepEqual(await takeNumbers(queue, 'q', 1), [1]);
      assert.deepEqual(await queue.dead('q'), { results: [], count: 0 });
    }),
    queueCase(subject, 'only a dead letter can be retried, once', async (queue) => {
      await rejectsWith(queue.retryDead('q', 'unknown'), 'NOT_FOUND');
      const id = await queue.enqueue('q', numbered(1));
      await rejectsWith(queue.retryDead('q', id), 'NOT_FOUND');
      const task = await take(queue, 'q');
      await rejectsWith(queue.retryDead('q', id), 'NOT_FOUND');
      await queue.markFailed(task, error);
      await rejectsWith(queue.retryDead('other', id), 'NOT_FOUND');
      await queue.retryDead('q', id);
      await rejectsWith(queue.retryDead('q', id), 'NOT_FOUND');
    }),
    queueCase(subject, 'a consumer that waits gets a dead letter that is retried', async (queue) => {
      const id = await queue.enqueue('q', numbered(1));
      await queue.markFailed(await take(queue, 'q'), error);
      const consumer = consuming(queue, 'q');
      await queue.retryDead('q', id);
      await consumer.begun(1);
      await drained(queue, 'q');
      await consumer.close();
    }),

    queueCase(subject, 'a dead letter says when it failed for good', async (queue) => {
      await queue.enqueue('q', numbered(1), { attempts: 2, backoff: 0 });
      await queue.markFailed(await take(queue, 'q'), error);
      const task = await take(queue, 'q');
      assert.equal((await queue.counts('q')).dead_since, undefined);
      await nextMillisecond();
      const before = Date.now();
      await queue.markFailed(task, error);
      const after = Date.now();
      await nextMillisecond();
      await bury(queue, 2);
      const [first, second] = (await queue.dead('q')).results;
      assert.equal(new Date(first!.failed_at).toISOString(), first!.failed_at);
      const at = Date.parse(first!.failed_at);
      assert.ok(at >= before && at <= after, 'it says another time');
      assert.ok(first!.failed_at < second!.failed_at);
      assert.equal((await queue.counts('q')).dead_since, first!.failed_at);
      await queue.retryDead('q', first!.task.id);
      assert.equal((await queue.counts('q')).dead_since, second!.failed_at);
      assert.equal((await queue.counts('unknown')).dead_since, undefined);
    }),
    queueCase(subject, 'dead letters come in pages, each of which says how many there are', async (queue) => {
      await bury(queue, 1, 2, 3, 4, 5);
      const first = await queue.dead('q', { limit: 2 });
      const second = await queue.dead('q', { limit: 2, cursor: first.next_cursor! });
      const third = await queue.dead('q', { limit: 2, cursor: second.next_cursor! });
      assert.deepEqual(
        [first, second, third].map(({ results }) => numbersOf(results)),
        [[1, 2], [3, 4], [5]],
      );
      assert.deepEqual(
        [first, second, third].map(({ count }) => count),
        [5, 5, 5],
      );
      assert.equal(third.next_cursor, undefined);
      assert.equal((await queue.dead('q', { limit: 5 })).next_cursor, undefined);
      assert.equal((await queue.dead('q', { limit: 100_000 })).results.length, 5);
      await assert.rejects(queue.dead('q', { cursor: 'made up' }), TypeError);
    }),
    queueCase(
      subject,
      'the pages of dead letters that failed at the same time have each once',
      async (queue) => {
        const all = Array.from({ length: 12 }, (_, number) => number);
        for (const number of all) await queue.enqueue('q', numbered(number));
        const tasks = [];
        for (const _ of all) tasks.push(await take(queue, 'q'));
        await Promise.all(tasks.map((task) => queue.markFailed(task, error)));
        const numbers: number[] = [];
        let cursor: string | undefined;
        do {
          const page = await queue.dead('q', { limit: 5, ...(cursor !== undefined && { cursor }) });
          numbers.push(...numbersOf(page.results));
          cursor = page.next_cursor;
        } while (cursor !== undefined && numbers.length <= all.length);
        assert.deepEqual(
          numbers.sort((a, b) => a - b),
          all,
        );
      },
    ),
    queueCase(
      subject,
      'a page goes on where the one before ended, whatever was retried, discarded or added',
      async (queue) => {
        const ids = await bury(queue, 1, 2, 3, 4, 5);
        const { next_cursor: cursor } = await queue.dead('q', { limit: 3 });
        await queue.retryDead('q', ids[0]!);
        await queue.discardDead('q', ids[2]!);
        assert.deepEqual(await takeNumbers(queue, 'q', 1), [1]);
        await bury(queue, 6);
        const { results, count } = await queue.dead('q', { cursor: cursor! });
        assert.deepEqual(numbersOf(results), [4, 5, 6]);
        assert.equal(count, 4);
      },
    ),
    queueCase(subject, 'a dead letter that is discarded is gone, and the others stay', async (queue) => {
      const [first, second] = await bury(queue, 1, 2);
      await queue.discardDead('q', first!);
      assert.deepEqual(numbersOf((await queue.dead('q')).results), [2]);
      assert.equal((await queue.counts('q')).dead, 1);
      await expectNothing(queue, 'q');
      await rejectsWith(queue.retryDead('q', first!), 'NOT_FOUND');
      await queue.retryDead('q', second!);
      assert.deepEqual(await takeNumbers(queue, 'q', 1), [2]);
    }),
    queueCase(subject, 'only a dead letter can be discarded, once', async (queue) => {
      await rejectsWith(queue.discardDead('q', 'unknown'), 'NOT_FOUND');
      const waiting = await queue.enqueue('q', numbered(1));
      await rejectsWith(queue.discardDead('q', waiting), 'NOT_FOUND');
      const task = await take(queue, 'q');
      await rejectsWith(queue.discardDead('q', waiting), 'NOT_FOUND');
      const delayed = await queue.enqueue('q', numbered(2), { delay: 60_000 });
      await rejectsWith(queue.discardDead('q', delayed), 'NOT_FOUND');
      await queue.markFailed(task, error);
      await rejectsWith(queue.discardDead('other', waiting), 'NOT_FOUND');
      await queue.discardDead('q', waiting);
      await rejectsWith(queue.discardDead('q', waiting), 'NOT_FOUND');
      assert.deepEqual(await queue.counts('q'), { waiting: 0, delayed: 1, active: 0, dead: 0 });
    }),
    queueCase(subject, 'a dead letter that is discarded leaves its key to who has it now', async (queue) => {
      const first = await queue.enqueue('q', numbered(1), { dedupe: 'k' });
      await queue.markFailed(await take(queue, 'q'), error);
      const second = await queue.enqueue('q', numbered(2), { dedupe: 'k' });
      await queue.discardDead('q', first);
      assert.equal(await queue.enqueue('q', numbered(3), { dedupe: 'k' }), second);
      assert.deepEqual(await takeNumbers(queue, 'q', 1), [2]);
    }),
  ];
}
