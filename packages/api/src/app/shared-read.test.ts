import { expect, test } from 'vitest';
import { createSharedRead } from './shared-read.ts';

test('those who ask in one turn share a read that begins after them; later ones get their own', async () => {
  const begun: string[] = [];
  const ends: ((value: number) => void)[] = [];
  const read = createSharedRead((id) => {
    begun.push(id);
    return new Promise<number>((resolve) => ends.push(resolve));
  });
  const first = [read('a'), read('a'), read('b')];
  expect(begun).toEqual([]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(begun).toEqual(['a', 'b']);
  // The first has begun and not ended: what was written since is not in it.
  const later = read('a');
  await new Promise((resolve) => setImmediate(resolve));
  expect(begun).toEqual(['a', 'b', 'a']);
  ends.forEach((end, index) => {
    end(index);
  });
  expect(await Promise.all([...first, later])).toEqual([0, 0, 1, 2]);
});

test('a read that fails fails for all who share it, and is tried anew', async () => {
  let calls = 0;
  const read = createSharedRead(async () => {
    if (calls++ === 0) throw new Error('No.');
    return 1;
  });
  const [a, b] = await Promise.allSettled([read('x'), read('x')]);
  expect([a.status, b.status]).toEqual(['rejected', 'rejected']);
  expect(await read('x')).toBe(1);
  const thrown = createSharedRead(() => {
    throw new Error('At once.');
  });
  await expect(thrown('x')).rejects.toThrow('At once.');
});
