import { completion, creation, epochStart, progress } from '@vwmp/adapter-tests/samples';
import type { Append, ExecutionStore } from '@vwmp/core';
import { createMemoryStorage } from '@vwmp/core/memory';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sqlitePlace } from '../testing/place.ts';

// What a process knows of executions from its own transactions is true whatever other processes do to them in between: two connections
// to one file, whichever of them does what, answer like one store in memory.

type Step = { on: 0 | 1; id: number } & (
  | { do: 'create' | 'progress' | 'complete' | 'park' | 'post' | 'claim' | 'shut out' }
  | { do: 'retire' | 'heartbeat'; worker: number }
  | { do: 'prune' }
);

const step: fc.Arbitrary<Step> = fc.record({
  on: fc.constantFrom(0, 1),
  id: fc.nat(3),
  worker: fc.nat(1),
  do: fc.constantFrom(
    ...([
      'create',
      'progress',
      'complete',
      'park',
      'post',
      'claim',
      'shut out',
      'retire',
      'heartbeat',
    ] as const),
    'prune',
  ),
}) as fc.Arbitrary<Step>;

/** What each writer believes of an execution: it may be wrong by now, and has to be told so. */
type Belief = { seq: number; epoch: number };

async function carryOut(
  store: ExecutionStore,
  each: Step,
  belief: Belief,
  message: number,
): Promise<unknown> {
  const id = `e${each.id}`;
  const { seq, epoch } = belief;
  const append = (given: Append): Promise<unknown> => store.append({ ...given, epoch });
  switch (each.do) {
    case 'create':
      return store.append({ ...creation(id), epoch: 1, owner: `w${each.on}` });
    case 'progress':
      return append(progress(id, seq));
    case 'complete':
      return append(completion(id, seq));
    case 'park':
      return append({ ...progress(id, seq), owner: null, wake_at: null });
    case 'shut out':
      return store.append({ ...progress(id, seq), events: [], epoch: epoch + 1 });
    case 'post':
      return store.post({ id: `m${message}`, execution_id: id, body: null });
    case 'claim': {
      const claimed = await store.claim(id, `w${each.on}`, epochStart);
      return claimed && { seq: claimed.seq, epoch: claimed.epoch };
    }
    case 'retire':
      return store.retire(`w${each.worker}`);
    case 'heartbeat':
      return store.heartbeat(`w${each.worker}`, 60_000);
    case 'prune':
      return store.prune({ max_count: 1 }, epochStart, 10);
  }
}

/** Whom to tell is a hint. */
const outcomeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    (value) => (value !== null && typeof value === 'object' && 'epoch' in value ? value : undefined),
    (error: { code?: string }) => ({ code: error.code }),
  );

test('two connections answer like one store, whoever of them changed what', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const place = sqlitePlace();
      const [one, other] = [place.make(), place.make()];
      const memory = createMemoryStorage();
      try {
        for (const each of [one, other, memory]) await each.open();
        for (const [index, each] of steps.entries()) {
          const record = await memory.executions.get(`e${each.id}`);
          // Every fifth believes what was so before the last event, or before the last owner.
          const old = index % 5 === 4 ? 1 : 0;
          const belief = { seq: Math.max((record?.seq ?? 0) - old, 1), epoch: (record?.epoch ?? 1) - old };
          const store = [one, other][each.on]!.executions;
          const expected = await outcomeOf(carryOut(memory.executions, each, belief, index));
          expect(await outcomeOf(carryOut(store, each, belief, index)), `${index} ${each.do}`).toEqual(
            expected,
          );
        }
        for (const id of [0, 1, 2, 3].map((n) => `e${n}`)) {
          const { wake_at: _, ...expected } = (await memory.executions.get(id)) ?? {};
          const { wake_at: __, ...found } = (await other.executions.get(id)) ?? {};
          expect(found).toEqual(expected);
          expect(await one.executions.messages(id)).toEqual(await memory.executions.messages(id));
        }
        expect(await one.maintenance!.check()).toEqual([]);
      } finally {
        for (const each of [one, other, memory]) await each.close();
        await place.dispose();
      }
    }),
    { numRuns: 150 },
  );
});
