import type { StoredEvent } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import type { Storage } from '@vwmp/core/ports';
import { expect } from 'vitest';
import { isSettlement } from './cases.ts';
import { type Load, outputOf } from './load.ts';
import { eventsOf, forEach, idsOf } from './read.ts';

/** Checks what must be true of everything in a storage once all executions have ended. @returns how many there are */
export async function expectAllEndedOnce(storage: Storage): Promise<number> {
  const { executions } = storage;
  const ids = await idsOf(storage);
  expect(new Set(ids).size).toBe(ids.length);
  await forEach(ids, async (id) => {
    const record = (await executions.get(id))!;
    expect(record, id).toMatchObject({ completed_at: expect.any(String) });
    expect([record.owner, record.wake_at], id).toEqual([undefined, undefined]);
    const events = await eventsOf(storage, id);
    expectOnce(id, events);
    expect(record.seq, id).toBe(events.length);
  });
  expect(await executions.ready(Number.MAX_SAFE_INTEGER, 1)).toEqual([]);
  expect(await executions.nextReady()).toBeUndefined();
  return ids.length;
}

/** Checks that all that a load was told is accepted has been carried out, once. */
export async function expectCarriedOut(platform: Platform, { accepted }: Load): Promise<void> {
  for (const id of accepted) {
    expect(await platform.wait(id), id).toMatchObject({ status: 'success', output: outputOf(id) });
  }
  // One whose start was refused may be there all the same, when nobody knew: then it was carried out, too.
  for (const id of await idsOf(platform.storage)) await platform.wait(id);
  expect(await expectAllEndedOnce(platform.storage)).toBeGreaterThanOrEqual(accepted.length);
}

function expectOnce(id: string, events: readonly StoredEvent[]): void {
  const settled = new Map<string, number>();
  for (const [index, event] of events.entries()) {
    if (event.seq !== index + 1) expect.fail(`${id}: event ${index + 1} has the number ${event.seq}`);
    const key = settledBy(event);
    if (key !== undefined) settled.set(key, (settled.get(key) ?? 0) + 1);
  }
  const several = [...settled].filter(([, count]) => count > 1);
  expect(several, `${id}: settled more than once`).toEqual([]);
  const ends = events.filter(({ event }) => event === 'workflow_completed');
  expect(ends, `${id}: ends`).toHaveLength(1);
  expect(events.at(-1), `${id}: its last event`).toBe(ends[0]);
}

/** What an event ends for good: a step, an item of a foreach, an iteration of a repeat. */
function settledBy(event: StoredEvent): string | undefined {
  if (isSettlement(event)) return event.step_id;
  if (event.event === 'item_completed' || event.event === 'item_failed')
    return `${event.step_id}:${event.index}`;
  return event.event === 'iteration_completed' ? `${event.step_id}:${event.iteration}` : undefined;
}
