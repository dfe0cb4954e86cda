import { expect, test } from 'vitest';
import { TurnoverMap } from './turnover-map.ts';

test('it holds what a map would hold', () => {
  const map = new TurnoverMap<string, object>();
  const [a, b, c] = [{ a: 1 }, { b: 1 }, { c: 1 }];
  map.set('a', a);
  map.set('b', b);
  map.set('a', c);
  expect([map.size, map.get('a'), map.has('b'), map.has('c')]).toEqual([2, c, true, false]);
  map.delete('b');
  map.delete('nothing');
  expect([map.size, map.get('b'), map.values()]).toEqual([1, undefined, [c]]);
});
