import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { faultsOf, outcomesOf } from './testing/after-all.ts';
import { anyDocument, predictable } from './testing/any-document.ts';
import { save } from './testing/memory-place.ts';
import { children, warmingUp } from './testing/stored-documents.ts';
import { type Happening, type Plan, World } from './testing/world.ts';

const runs = { numRuns: Number(process.env.VWMP_GENERATED ?? 100) };

const harmless = ['nothing', 'crash', 'crash', 'silence', 'close', 'start', 'attend'] as const;
const decisive = ['cancel', 'cancel', 'gentle', 'remove'] as const;

function anyPlan(what: readonly Happening['what'][]): fc.Arbitrary<Plan> {
  const happening = fc.record({
    what: fc.constantFrom(...what),
    after: fc.constantFrom(0, 0, 1, 20, 500, 1500, 5000, 20_000, 60_000),
    n: fc.nat({ max: 99 }),
    recorded: fc.boolean(),
  });
  const retry = fc.record({
    from: fc.option(fc.nat({ max: 9 }), { nil: undefined }),
    corrected: fc.boolean(),
  });
  return fc.record({
    starts: fc.integer({ min: 1, max: 2 }),
    happenings: fc.array(happening, { maxLength: 8 }),
    retry: fc.option(retry, { nil: undefined }),
    front: fc.boolean(),
    sharedQueue: fc.boolean(),
    concurrency: fc.constantFrom(undefined, 1, 2, 4),
  });
}

// What is loaded by its first use takes real time, for which no clock of a world waits.
beforeAll(async () => {
  const world = new World();
  for (const child of children) await save(world.place, child);
  await world.open();
  const [{ platform }] = world.members as [(typeof world.members)[number]];
  const { execution_id: id } = await platform.start(warmingUp);
  await platform.wait(id);
  await platform.wait((await platform.retry(id)).execution_id);
  await platform.close();
});

it('executions of any document end as they do where nothing goes wrong, whatever dies or closes', async () => {
  await fc.assert(
    fc.asyncProperty(anyDocument, anyPlan(harmless), async (any, plan) => {
      const document = predictable(any);
      const quiet = new World();
      await quiet.run(document, { ...plan, happenings: [] });
      const expected = await outcomesOf(quiet);
      expect(await faultsOf(quiet)).toEqual([]);
      const world = new World(plan);
      await world.run(document, plan);
      const outcomes = await outcomesOf(world);
      expect(await faultsOf(world)).toEqual([]);
      expect(outcomes).toEqual(expected);
    }),
    runs,
  );
});

it('executions of any document leave nothing behind, whoever cancels what', async () => {
  await fc.assert(
    fc.asyncProperty(anyDocument, anyPlan([...harmless, ...decisive]), async (document, plan) => {
      const world = new World(plan);
      await world.run(document, plan);
      expect(await faultsOf(world)).toEqual([]);
    }),
    runs,
  );
});
