import { expect, it } from 'vitest';
import { interleave } from './interleave.ts';

it('takes one sample of every case per round, and begins each round with another case', async () => {
  const order: string[] = [];
  const sample = (name: string) => async () => {
    order.push(name);
    return order.length;
  };
  const samples = await interleave(3, { a: sample('a'), b: sample('b') });
  expect(order.join('')).toBe('abbaab');
  expect(samples).toEqual({ a: [1, 4, 5], b: [2, 3, 6] });
});
