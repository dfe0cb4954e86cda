import fc from 'fast-check';
import { distance as reference } from 'fastest-levenshtein';
import { expect, test } from 'vitest';
import { distance } from './distance.ts';

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'ü', '-'), maxLength: 12 });

test('it is the distance of Levenshtein, below the limit', () => {
  fc.assert(
    fc.property(word, word, fc.nat(8), (a, b, limit) => {
      const expected = reference(a, b);
      expect(distance(a, b)).toBe(expected);
      const found = distance(a, b, limit);
      if (expected < limit) expect(found).toBe(expected);
      else expect(found).toBeGreaterThanOrEqual(limit);
    }),
    { numRuns: 1_000 },
  );
});
