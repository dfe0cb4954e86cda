import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Fire, ScheduleRecord } from '../../ports/schedule-store.ts';
import { readSchedule } from './instants.ts';
import { type Answer, Nodes } from './testing/nodes.ts';
import { parse, workflowText } from './testing/site.ts';
import { schedulesOf } from './trigger-schedules.ts';

type Step = { do: Answer | 'pass' | 'end'; which: number };
type EditingStep = Step | { do: 'edit'; which: number };

const anyStep: fc.Arbitrary<Step> = fc.record({
  do: fc.oneof(
    { weight: 40, arbitrary: fc.constant('works' as const) },
    { weight: 10, arbitrary: fc.constantFrom('pass' as const, 'end' as const) },
    {
      weight: 6,
      arbitrary: fc.constantFrom<Answer[]>('fails', 'lost', 'diesBefore', 'diesAfter'),
    },
  ),
  which: fc.nat({ max: 120_000 }),
});
const anyEdit: fc.Arbitrary<EditingStep> = fc.record({
  do: fc.constant('edit' as const),
  which: fc.nat({ max: 1000 }),
});
const anyTrigger = fc.record({
  schedule: fc.constantFrom('* * * * *', '*/2 * * * *', '1,2,5-9 * * * *'),
  overlap: fc.constantFrom('skip', 'allow'),
  catchup: fc.constantFrom('none', 'last', 'all'),
});
const anySkews = fc.array(fc.integer({ min: -20_000, max: 20_000 }), { minLength: 1, maxLength: 3 });

async function firesOf(nodes: Nodes, id: string): Promise<Fire[]> {
  const fires: Fire[] = [];
  let cursor: string | undefined;
  do {
    const page = await nodes.storage.schedules.fires(id, { limit: 500, ...(cursor && { cursor }) });
    fires.push(...page.results);
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  return fires.toReversed();
}

/** All that has to hold once everything has come to rest. */
async function expectDecidedOnce(nodes: Nodes, schedule: ScheduleRecord, begun: number): Promise<void> {
  const fires = await firesOf(nodes, schedule.id);
  const decided = Date.parse(schedule.decided_until);
  const { instants } = readSchedule(schedule.schedule, schedule.timezone).due(begun, decided, 10_000);
  expect(fires.map(({ at }) => Date.parse(at))).toEqual(instants);
  for (const { at, outcome, execution_id } of fires) {
    const created = nodes.created.get(`schedule:${schedule.id}:${at}`);
    if (outcome === 'started') expect(created).toBe(execution_id);
    else expect(created).toBeUndefined();
    if (schedule.catchup === 'all') expect(outcome).not.toBe('missed');
    if (schedule.overlap === 'allow') expect(outcome).not.toBe('skipped');
  }
}

test('however nodes interleave, fail and die: each instant is decided once, and started if and only if it says so', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyTrigger, { minLength: 1, maxLength: 2 }),
      anySkews,
      fc.array(anyStep, { minLength: 30, maxLength: 250 }),
      async (triggers, skews, steps) => {
        const nodes = new Nodes('2030-01-01T00:00:30.000Z');
        await nodes.storage.open();
        const draft = { id: 'w', name: 'w', type: 'generic', version: '1.0.0' };
        await nodes.storage.workflows.save({ ...draft, text: workflowText('w', triggers) }, undefined);
        await nodes.add(0);
        await nodes.drain();
        const { results: begun } = await nodes.storage.schedules.list();
        expect(begun).toHaveLength(triggers.length);
        for (const skew of skews) await nodes.add(skew);

        for (const { do: what, which } of steps) {
          if (what === 'pass') await nodes.pass(which);
          else if (what === 'end') await nodes.end(which);
          else if (nodes.waiting > 0) await nodes.answer(which, what);
        }
        // From here on all goes well: whatever was left undone is done.
        for (let minute = 0; minute < 10; minute++) {
          await nodes.drain();
          await nodes.pass(60_000);
        }
        await nodes.drain();

        const { results: ended } = await nodes.storage.schedules.list();
        for (const [index, schedule] of ended.entries()) {
          await expectDecidedOnce(nodes, schedule, Date.parse(begun[index]!.decided_until));
          const late = readSchedule(schedule.schedule, 'UTC').due(
            Date.parse(schedule.decided_until),
            nodes.now - 20_000,
            9,
          );
          expect(late.instants).toEqual([]);
        }
        const skipping = ended.filter(({ overlap }) => overlap === 'skip');
        for (const { id } of skipping)
          expect(nodes.overlapped.filter((key) => key.startsWith(`schedule:${id}:`))).toEqual([]);
      },
    ),
    { numRuns: 150 },
  );
}, 120_000);

const texts = [
  [{ schedule: '* * * * *', overlap: 'allow' }],
  [{ schedule: '* * * * *', overlap: 'allow', parameters: { n: 1 } }],
  [{ schedule: '*/2 * * * *', overlap: 'allow' }],
  [
    { schedule: '*/2 * * * *', overlap: 'allow' },
    { schedule: '* * * * *', overlap: 'allow' },
  ],
  [
    { schedule: '*/2 * * * *', overlap: 'allow', parameters: { n: 1 } },
    { schedule: '*/2 * * * *', overlap: 'allow', parameters: { n: 2 } },
  ],
  [{ schedule: '*/2 * * * *', overlap: 'allow', parameters: { n: 2 } }],
  [],
].map((triggers) => workflowText('w', triggers));

test('however a document is edited meanwhile: its schedules are those that fire, without a gap and not before the edit', async () => {
  await fc.assert(
    fc.asyncProperty(
      anySkews,
      fc.array(
        fc.oneof<fc.MaybeWeightedArbitrary<EditingStep>[]>(
          { weight: 12, arbitrary: anyStep },
          { weight: 1, arbitrary: anyEdit },
        ),
        {
          minLength: 30,
          maxLength: 300,
        },
      ),
      async (skews, steps) => {
        const nodes = new Nodes('2030-01-01T00:00:30.000Z');
        await nodes.storage.open();
        for (const skew of skews) await nodes.add(skew);
        let text = 0;
        /** When the document had a schedule for the first time, by id. */
        const since = new Map<string, number>();
        const save = async (which: number): Promise<void> => {
          for (const { id } of schedulesOf('w', parse(texts[text]!)))
            since.set(id, since.get(id) ?? nodes.now);
          await nodes.save('w', texts[text]!, which);
        };
        await save(0);
        for (const { do: what, which } of steps) {
          if (what === 'pass') await nodes.pass(which);
          else if (what === 'end') await nodes.end(which);
          else if (what === 'edit') {
            // Another one each time: what was there is gone.
            text = (text + 1 + (which % (texts.length - 1))) % texts.length;
            await save(which);
          } else if (nodes.waiting > 0) await nodes.answer(which, what);
        }
        for (let minute = 0; minute < 25; minute++) {
          await nodes.drain();
          await nodes.pass(60_000);
        }
        await nodes.drain();

        const { results: ended } = await nodes.storage.schedules.list();
        const wanted = schedulesOf('w', parse(texts[text]!), ended);
        expect(ended.map(({ paused, decided_until, ...rest }) => rest)).toEqual(
          wanted.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
        );
        for (const schedule of ended) {
          const fires = await firesOf(nodes, schedule.id);
          // All went well for long: it fires.
          const late = fires.filter(({ at }) => Date.parse(at) > nodes.now - 5 * 60_000);
          expect(late.length).toBeGreaterThanOrEqual(2);
          const first = Date.parse(fires[0]!.at);
          await expectDecidedOnce(nodes, schedule, first - 1);
          expect(first).toBeGreaterThan((since.get(schedule.id) ?? 0) - 20_000);
        }
      },
    ),
    { numRuns: 120 },
  );
}, 120_000);
