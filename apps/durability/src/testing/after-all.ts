import type { Execution, JsonValue } from '@vwmp/core';
import { isSettlement } from './cases.ts';
import { eventsOf, idsOf } from './read.ts';
import type { World } from './world.ts';

/** What is wrong after everything has ended, and what was wrong on the way. Closes the world. */
export async function faultsOf(world: World): Promise<string[]> {
  const { clock, storage } = world.place;
  const { executions } = storage;
  const faults = [...world.faults];
  const counted: Record<string, number> = {};
  for (const id of await idsOf(storage)) {
    const events = await eventsOf(storage, id);
    const { document, origin, ...record } = (await executions.get(id))!;
    counted[record.status] = (counted[record.status] ?? 0) + 1;
    const expect = (holds: boolean, what: string): void => {
      if (!holds) faults.push(`${id} of ${record.workflow_id}: ${what}: ${JSON.stringify(events)}`);
    };
    const told = (await world.well[0]!.platform.execution(id))!;
    const settled = events.flatMap((event) => (isSettlement(event) ? [event.step_id] : []));
    const undone = events.flatMap((event) =>
      /^compensation_/.test(event.event) ? [JSON.stringify(event)] : [],
    );
    expect(
      told.status === record.status,
      `it is kept as ${record.status}, and its events say ${told.status}`,
    );
    expect(told.completed_at === record.completed_at, 'it is kept as ended at another time');
    expect(told.error?.code === record.error?.code, 'it is kept with another error');
    expect(
      record.seq === events.length && events.every(({ seq }, at) => seq === at + 1),
      'events are missing',
    );
    expect(events.at(-1)?.event === 'workflow_completed', 'its last event is not its end');
    expect(
      same(settled.toSorted(), document.steps.map((step) => step.id).sort()),
      'not every step was settled once',
    );
    expect(new Set(undone).size === undone.length, 'something was undone twice');
    expect(record.owner === undefined && record.wake_at === undefined, 'somebody is still to work on it');
    expect((await executions.messages(id)).length === 0, 'messages wait for it');
    expect(!JSON.stringify([events, document.output]).includes('hunter2'), 'a secret is in its history');
    const { parent } = origin ?? {};
    if (!parent?.attached) continue;
    const above = await world.well[0]!.platform.execution(parent.execution_id);
    const late =
      above!.steps[parent.step_id]!.status === 'success' && record.completed_at! > above!.completed_at!;
    expect(!late, 'it ended after what waited for it');
  }
  for (const status of [
    'pending',
    'running',
    'waiting',
    'success',
    'partial',
    'failed',
    'cancelled',
  ] as const) {
    const { count } = await executions.list({ status: [status], limit: 1 });
    if (count !== (counted[status] ?? 0))
      faults.push(`${count} are listed as ${status}: ${JSON.stringify(counted)}`);
  }
  if ((await executions.ready(Number.MAX_SAFE_INTEGER, 1)).length > 0) faults.push('Something is ready.');
  for (const { platform } of world.well) {
    for (const name of await platform.queue.queues()) {
      const { waiting, delayed, active, dead } = await platform.queue.counts(name);
      if (waiting + delayed + active + dead > 0) faults.push(`The queue "${name}" has tasks.`);
    }
  }
  const someDied = world.members.some(({ life }) => life.dead);
  const living = world.members.filter(({ life }) => !life.dead);
  await clock.skipUntil(Promise.all(living.map(({ platform }) => platform.close())));
  if (!someDied && clock.pending > world.naps) faults.push(`${clock.pending} timers are left.`);
  return faults;
}

/** What became of each start, as far as it depends on nothing but the document. */
export async function outcomesOf({ accepted, well, place }: World): Promise<Record<number, unknown>> {
  const { platform } = well[0]!;
  const outcomes: Record<number, unknown> = {};
  for (const [n, id] of accepted) {
    const execution = id === undefined ? undefined : await platform.execution(id);
    const { document } = (id === undefined ? undefined : await place.storage.executions.get(id)) ?? {};
    const loops = new Set(document?.steps.flatMap((step) => (step.foreach ? [step.id] : [])));
    outcomes[n] = execution && outcomeOf(execution, loops);
  }
  return outcomes;
}

function outcomeOf(
  { status, steps, output, error, compensated }: Execution,
  loops: ReadonlySet<string>,
): unknown {
  const each = Object.entries(steps).map(([id, step]) => {
    // Of the items that were under way when one has failed, as many attempts were made as there was time for.
    const attempts = loops.has(id) && step.status === 'failed' ? undefined : step.attempts;
    const { status, reason, port } = step;
    return [id, { status, reason, port, output: nameless(step.output), code: step.error?.code, attempts }];
  });
  // Undone is what succeeded last first, and of two that run at once any may be the last.
  return {
    ...{ status, output: nameless(output), code: error?.code, compensated: compensated.toSorted() },
    steps: Object.fromEntries(each),
  };
}

/** Without the ids of other executions. */
function nameless(value: JsonValue | undefined): unknown {
  if (value === undefined) return undefined;
  return JSON.parse(JSON.stringify(value).replaceAll(/"execution_id":"[^"]*"/g, '"execution_id":"…"'));
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
