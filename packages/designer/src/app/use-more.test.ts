import { expect, it } from 'vitest';
import { loadParts } from './use-more.ts';

/** Three parts of two. */
const load = async (cursor = '0'): Promise<{ results: number[]; count: number; next_cursor?: string }> => {
  const at = Number(cursor);
  return { results: [at, at + 1], count: 6, ...(at < 4 && { next_cursor: String(at + 2) }) };
};

it('loads as many parts as are on screen, so that a list that is loaded again stays as long as it is', async () => {
  expect(await loadParts(load, 2)).toEqual({
    page: { results: [0, 1, 2, 3], count: 6, next_cursor: '4' },
    parts: 2,
  });
  expect(await loadParts(load, 9)).toEqual({ page: { results: [0, 1, 2, 3, 4, 5], count: 6 }, parts: 3 });
});
