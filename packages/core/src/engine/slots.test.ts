import { expect, test } from 'vitest';
import { Slots } from './slots.ts';

test('Should start a long line of what ends at once without filling the stack, and in order', () => {
  const started: number[] = [];
  const slots = new Slots<number>(1, (item) => {
    started.push(item);
    if (item > 0) slots.free();
  });
  for (let i = 0; i < 100_000; i++) slots.add(String(i), i);
  expect(started).toEqual([0]);
  expect(slots.withdraw('2')).toBe(true);
  expect(slots.withdraw('2')).toBe(false);
  slots.free();
  expect(started).toHaveLength(99_999);
  expect(started.slice(0, 4)).toEqual([0, 1, 3, 4]);
  slots.add('x', 5);
  expect(started.at(-1)).toBe(5);
});
