import { expect, test, vi } from 'vitest';
import { gather } from './gather.ts';

const most = { items: 3, size: 10 };

test('what is asked for in one turn goes together, in order and bounded', async () => {
  const batches: number[][] = [];
  const ask = gather<number, string>({
    most,
    sizeOf: (item) => item,
    async run(items) {
      batches.push([...items]);
      return items.map(String);
    },
  });
  const answers = [1, 2, 3, 4, 9, 5, 6].map(ask);
  // Those who learn of something at the same time are part of it.
  const late = Promise.resolve().then(() => ask(1));
  expect(await Promise.all([...answers, late])).toEqual(['1', '2', '3', '4', '9', '5', '6', '1']);
  expect(batches).toEqual([[1, 2, 3], [4], [9], [5], [6, 1]]);
  expect(await ask(11)).toBe('11');
});

test('all of a batch learn of its failure, and those after it do not', async () => {
  let failures = 1;
  const ask = gather<number, number>({
    most,
    async run(items) {
      if (failures-- > 0) throw new Error('on purpose');
      return items;
    },
  });
  const outcomes = await Promise.allSettled([1, 2, 3, 4].map(ask));
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled']);
});

test('what is asked for until an answer comes goes together', async () => {
  const batches: { items: readonly number[]; answer: PromiseWithResolvers<readonly number[]> }[] = [];
  const ask = gather<number, number>({
    most,
    async run(items) {
      const answer = Promise.withResolvers<readonly number[]>();
      batches.push({ items, answer });
      return await answer.promise;
    },
  });
  const first = ask(1);
  await vi.waitUntil(() => batches.length === 1);
  const second = ask(2);
  await new Promise((resolve) => setImmediate(resolve));
  const third = ask(3);
  batches[0]!.answer.resolve([1]);
  expect(await first).toBe(1);
  await vi.waitUntil(() => batches.length === 2);
  expect(batches[1]!.items).toEqual([2, 3]);
  batches[1]!.answer.resolve([2, 3]);
  expect(await Promise.all([second, third])).toEqual([2, 3]);

  // Where no answer comes, those behind it are not held up.
  const lost = ask(4);
  await vi.waitUntil(() => batches.length === 3);
  const next = ask(5);
  await vi.waitUntil(() => batches.length === 4, { timeout: 10_000 });
  batches[3]!.answer.resolve([5]);
  expect(await next).toBe(5);
  batches[2]!.answer.reject(new Error('on purpose'));
  await expect(lost).rejects.toThrow('on purpose');
});
