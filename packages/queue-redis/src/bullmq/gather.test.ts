import { expect, test } from 'vitest';
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
