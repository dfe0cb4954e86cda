import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Heap } from './heap.ts';

test('a heap gives its entries in order, whatever was added and removed before', () => {
  const operation = fc.oneof(
    { weight: 3, arbitrary: fc.record({ add: fc.integer({ min: 0, max: 50 }) }) },
    { weight: 1, arbitrary: fc.record({ remove: fc.nat() }) },
    { weight: 1, arbitrary: fc.constant('pop' as const) },
  );
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
      const heap = new Heap<{ slot: number; value: number }>((a, b) => a.value < b.value);
      const model: { slot: number; value: number }[] = [];
      for (const each of operations) {
        if (each === 'pop') {
          const popped = heap.pop();
          expect(popped?.value).toBe(
            model.length > 0 ? Math.min(...model.map(({ value }) => value)) : undefined,
          );
          if (popped) model.splice(model.indexOf(popped), 1);
        } else if ('add' in each) {
          const entry = { slot: -1, value: each.add };
          heap.push(entry);
          model.push(entry);
        } else if (model.length > 0) {
          const [entry] = model.splice(each.remove % model.length, 1);
          heap.remove(entry!);
          expect(entry!.slot).toBe(-1);
        }
        expect(heap.size).toBe(model.length);
      }
      const rest = Array.from({ length: heap.size }, () => heap.pop()!.value);
      expect(rest).toEqual(model.map(({ value }) => value).sort((a, b) => a - b));
    }),
    { numRuns: 300 },
  );
});
