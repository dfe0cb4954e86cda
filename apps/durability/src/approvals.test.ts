import type { StoredEvent, WorkflowDocument } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import { expect, it } from 'vitest';
import { ended, type MemoryPlace, openOver, statusOf, until, workflow } from './testing/memory-place.ts';
import { usePlaces } from './testing/use-places.ts';

const createMemoryPlace = usePlaces();

const minute = 60_000;
const elsewhere = { worker: { inProcess: false } };
const ok: WorkflowDocument['steps'][number] = {
  id: 'ok',
  handler: 'core.approval',
  config: { prompt: 'Go on?' },
};

/** Like every store of its own, it gives each reader a copy. */
function createPlace(): MemoryPlace {
  const place = createMemoryPlace();
  const { executions } = place.storage;
  const { events } = executions;
  executions.events = async function* (id, after): AsyncIterable<StoredEvent> {
    for await (const event of events(id, after)) yield structuredClone(event);
  };
  return place;
}

/** Until something holds: whoever looks from time to time gets the time. */
function passing(place: MemoryPlace, holds: () => Promise<boolean>): Promise<void> {
  return until(async () => {
    await place.clock.advance(1000);
    return holds();
  });
}

async function waiting(place: MemoryPlace, platform: Platform, document: WorkflowDocument): Promise<string> {
  const { execution_id: id } = await platform.start(document);
  await until(async () => (await statusOf(place, id)) === 'waiting');
  return id;
}

async function count({ storage }: MemoryPlace, id: string, name: StoredEvent['event']): Promise<number> {
  let found = 0;
  for await (const { event } of storage.executions.events(id)) if (event === name) found++;
  return found;
}

/** Holds back what is posted second until it is let go. */
function delaySecondPost({
  storage: { executions },
}: MemoryPlace): PromiseWithResolvers<void> & { asked: Promise<void> } {
  const gate = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const { post } = executions;
  let posts = 0;
  executions.post = async (message) => {
    if (++posts === 2) {
      asked.resolve();
      await gate.promise;
    }
    return post(message);
  };
  return { ...gate, asked: asked.promise };
}

it.each([
  ['iteration', { repeat: { until: 'output.approved == false', max: 5 } }],
  ['attempt', { config: { prompt: 'Go on?', timeout: '1h' }, retry: { attempts: 3, delay: '1s' } }],
])('a decision does not answer the question of the next %s', async (round, rest) => {
  const place = createPlace();
  const owner = await openOver(place);
  const id = await waiting(place, owner, workflow([{ ...ok, ...rest }]));
  const late = delaySecondPost(place);
  const other = await openOver(place, elsewhere);
  const approve = () => other.decideApproval(id, 'ok', { approved: true });
  if (round === 'attempt') await other.signal(id, 'unheard');
  const decisions = [approve(), ...(round === 'iteration' ? [approve()] : [])];
  await late.asked;
  if (round === 'attempt') await place.clock.advance(61 * minute);
  await passing(place, async () => (await count(place, id, 'step_waiting')) === 2);
  late.resolve();
  await Promise.allSettled(decisions);
  await passing(place, async () => (await place.storage.executions.messages(id)).length === 0);
  expect([await statusOf(place, id), await count(place, id, 'step_waiting')]).toEqual(['waiting', 2]);
  // The one that is asked now is there for whoever sees it.
  await owner.decideApproval(id, 'ok', { approved: false });
  await ended(place, id);
});

it.each([
  ['by the process that works on it', true],
  ['by another one', false],
])(
  'sent again %s, a decision answers the question that it was meant for, and no later one',
  async (_, here) => {
    const place = createPlace();
    const owner = await openOver(place);
    const again = { ...ok, repeat: { until: 'output.approved == false', max: 5 } };
    const id = await waiting(place, owner, workflow([again]));
    const other = here ? owner : await openOver(place, elsewhere);
    const asked = async (): Promise<number> => {
      let last = 0;
      for await (const { event, seq } of place.storage.executions.events(id))
        if (event === 'step_waiting') last = seq;
      return last;
    };
    const first = await asked();
    const decide = (approved: boolean, which: number) =>
      other.decideApproval(id, 'ok', { approved }, { asked: which });
    const refused = { code: 'STEP_NOT_WAITING' };
    await decide(true, first);
    await decide(true, first);
    await expect(decide(false, first)).rejects.toMatchObject(refused);
    await passing(place, async () => (await count(place, id, 'step_waiting')) === 2);
    await decide(true, first);
    await expect(decide(false, first)).rejects.toMatchObject(refused);
    await expect(decide(true, 1)).rejects.toMatchObject(refused);
    await expect(decide(true, 99)).rejects.toMatchObject(refused);
    await passing(place, async () => (await statusOf(place, id)) === 'waiting');
    expect(await count(place, id, 'step_waiting')).toBe(2);
    expect(await place.storage.executions.messages(id)).toEqual([]);
    const second = await asked();
    await decide(false, second);
    await passing(place, async () => (await place.storage.executions.get(id))?.completed_at !== undefined);
    await decide(false, second);
    await decide(true, first);
    await expect(decide(true, second)).rejects.toMatchObject(refused);
  },
);

it('sent again while nobody works on it, a decision is accepted once more, and another one is not', async () => {
  const place = createPlace();
  const owner = await openOver(place);
  const id = await waiting(place, owner, workflow([ok]));
  await owner.close();
  const other = await openOver(place, elsewhere);
  let asked = 0;
  for await (const { event, seq } of place.storage.executions.events(id))
    if (event === 'step_waiting') asked = seq;
  const decide = (approved: boolean) => other.decideApproval(id, 'ok', { approved }, { asked });
  await decide(true);
  await decide(true);
  await expect(decide(false)).rejects.toMatchObject({ code: 'STEP_NOT_WAITING' });
  expect(await place.storage.executions.messages(id)).toHaveLength(1);
});

it('of two opposite decisions at once one is refused', async () => {
  const place = createPlace();
  const id = await waiting(place, await openOver(place), workflow([ok]));
  const other = await openOver(place, elsewhere);
  const decided = await Promise.allSettled(
    [true, false].map((approved) => other.decideApproval(id, 'ok', { approved })),
  );
  expect(decided).toMatchObject([
    { status: 'fulfilled' },
    { status: 'rejected', reason: { code: 'STEP_NOT_WAITING' } },
  ]);
  await passing(place, async () => (await statusOf(place, id)) === 'success');
  expect((await other.execution(id))!.steps.ok).toMatchObject({ output: { approved: true } });
});

it.each([
  ['the opposite', { approved: false }, 'rejected'],
  ['something else', { approved: true, comment: 'Later.' }, 'rejected'],
  ['the same', { approved: true }, 'fulfilled'],
])('who decides %s when another decision has settled it meanwhile is told so', async (_, decision, told) => {
  const place = createPlace();
  const then = { ...ok, id: 'then', dependencies: ['ok'] };
  const id = await waiting(place, await openOver(place), workflow([ok, then]));
  const late = delaySecondPost(place);
  const other = await openOver(place, elsewhere);
  const first = other.decideApproval(id, 'ok', { approved: true });
  const second = Promise.allSettled([other.decideApproval(id, 'ok', decision)]);
  await late.asked;
  await first;
  await passing(place, async () => (await count(place, id, 'step_completed')) === 1);
  late.resolve();
  const [outcome] = await second;
  expect(outcome.status).toBe(told);
  if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'STEP_NOT_WAITING' });
  expect((await other.execution(id))!.steps.ok).toMatchObject({ output: { approved: true } });
  await other.decideApproval(id, 'then', { approved: true });
  await passing(place, async () => (await statusOf(place, id)) === 'success');
});
