import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layOut } from './layout.ts';
import {
  type Arrangement,
  keepArrangement,
  loadArrangement,
  moveSteps,
  noArrangement,
  renameInArrangement,
  tidy,
} from './positions.ts';
import { nodeSize, type Position } from './types.ts';

/** Steps with edges from earlier ones, and perhaps one back. */
const graphs = (min: number, max: number) =>
  fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: min, maxLength: max }).map((lists) => ({
    nodes: lists.map((_, index) => ({ id: `s${index}` })),
    edges: lists.flatMap((list, to) =>
      to === 0 ? [] : list.map((from) => ({ from: `s${from % to}`, to: `s${to}` })),
    ),
  }));

function overlapping(places: ReadonlyMap<string, Position>): number {
  const all = [...places.values()].sort((a, b) => a.y - b.y);
  let count = 0;
  for (let one = 0; one < all.length; one++)
    for (let two = one + 1; two < all.length && all[two]!.y < all[one]!.y + nodeSize.height; two++)
      if (Math.abs(all[one]!.x - all[two]!.x) < nodeSize.width) count++;
  return count;
}

for (const [name, min, max, numRuns] of [
  ['a small graph', 1, 40, 60],
  ['a large graph', 260, 500, 20],
] as const) {
  test(`${name} is laid out without overlaps, every step below those that it depends on`, () => {
    fc.assert(
      fc.property(graphs(min, max), ({ nodes, edges }) => {
        const places = layOut(nodes, edges, 'down');
        expect(places.size).toBe(nodes.length);
        expect(overlapping(places)).toBe(0);
        for (const { from, to } of edges) expect(places.get(to)!.y).toBeGreaterThan(places.get(from)!.y);
        expect(layOut(nodes, edges, 'down')).toEqual(places);
      }),
      { numRuns },
    );
  });
}

test('to the right, edges lead to the right', () => {
  const places = layOut([{ id: 'a' }, { id: 'b' }], [{ from: 'a', to: 'b' }], 'right');
  expect(places.get('b')!.x).toBeGreaterThan(places.get('a')!.x + nodeSize.width);
  expect(places.get('b')!.y).toBe(places.get('a')!.y);
});

test('circles are laid out too, in small and large graphs', () => {
  for (const count of [3, 300]) {
    const nodes = Array.from({ length: count }, (_, index) => ({ id: `s${index}` }));
    const edges = nodes.map((_, index) => ({ from: `s${index}`, to: `s${(index + 1) % count}` }));
    const places = layOut(nodes, edges, 'down');
    expect(places.size).toBe(count);
    expect(overlapping(places)).toBe(0);
  }
});

test('an arrangement is kept and found again', () => {
  const kept = new Map<string, string>();
  const keeper = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  const moved: Arrangement = renameInArrangement(moveSteps(noArrangement, { a: { x: 1, y: 2 } }), 'a', 'b');
  keepArrangement(keeper, 'w', moved);
  expect(loadArrangement(keeper, 'w')).toEqual({ direction: 'down', moved: { b: { x: 1, y: 2 } } });
  expect(loadArrangement(keeper, 'other')).toEqual(noArrangement);
  keepArrangement(keeper, 'w', tidy(moved));
  expect(kept.size).toBe(0);
});

test('what is no arrangement is none', () => {
  for (const text of ['{', 'null', '3', '{"moved":{"a":null,"b":{"x":"1"}}}', '{"moved":3}']) {
    const keeper = { getItem: () => text, setItem: () => {}, removeItem: () => {} };
    expect(loadArrangement(keeper, 'w')).toEqual(noArrangement);
  }
  const full = () => {
    throw new Error('full');
  };
  keepArrangement({ getItem: full, setItem: full, removeItem: full }, 'w', tidy(noArrangement, 'right'));
});
