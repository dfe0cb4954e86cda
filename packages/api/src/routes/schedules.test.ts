// Deleting a schedule takes its trigger out of the document, and no other one.
import type { ScheduleRecord } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openPlatform } from '../live/testing/platform.ts';
import { createHarness, type Harness } from '../testing/harness.ts';

let platform: Platform;
let harness: Harness;

beforeEach(async () => {
  platform = await openPlatform({}, { VWMP_API_RATE: 'off' });
  harness = createHarness(platform);
});
afterEach(() => platform.close());

const yearly = { schedule: '0 6 1 1 *' };

/** Saves the workflow with these triggers, over the one that is there. */
async function save(...triggers: object[]): Promise<void> {
  const text = JSON.stringify({
    name: 'W',
    triggers,
    steps: [{ id: 'a', handler: 'core.set', config: { value: 1 } }],
  });
  const { rev } = (await platform.workflows.get('w')) ?? {};
  await platform.workflows.save({ id: 'w', name: 'W', type: 'generic', version: '0.1.0', text }, rev);
}

async function triggers(): Promise<unknown> {
  return JSON.parse((await platform.workflows.get('w'))!.text).triggers;
}

async function schedules(): Promise<ScheduleRecord[]> {
  return (await platform.schedules.list({ workflow_id: 'w' })).results;
}

async function remove(id: string): Promise<void> {
  expect(await harness.send({ method: 'DELETE', path: `/api/vwmp/schedules/${id}/` })).toMatchObject({
    status: 204,
  });
}

it('a schedule whose parameters were written in another order meanwhile is deleted for good', async () => {
  await save({ ...yearly, parameters: { aa: 1, b: 2 } });
  await save({ ...yearly, parameters: { b: 2, aa: 1 } });
  const [schedule] = await schedules();
  await remove(schedule!.id);
  expect(await triggers()).toBeUndefined();
  await save();
  expect(await schedules()).toEqual([]);
});

it('a schedule whose document cannot be read any more is not deleted for a while only', async () => {
  await save(yearly);
  const [schedule] = await schedules();
  const { rev, text, ...rest } = (await platform.workflows.get('w'))!;
  const draft = { id: 'w', name: rest.name, type: rest.type, version: rest.version };
  const broken = await platform.workflows.save({ ...draft, text: `${text}\n: [` }, rev);
  const answer = await harness.send({ method: 'DELETE', path: `/api/vwmp/schedules/${schedule!.id}/` });
  expect(answer).toMatchObject({ status: 422, body: { error: { code: 'DOCUMENT_INVALID' } } });
  expect(answer.body.error.message).toContain('cannot be read');
  expect(await schedules()).toEqual([schedule]);
  await platform.workflows.save({ ...draft, text }, broken.rev);
  await remove(schedule!.id);
  expect(await triggers()).toBeUndefined();
});

it('of schedules that are alike the one that was asked for is deleted, and another one stays paused', async () => {
  await save(
    { ...yearly, parameters: { n: 1 } },
    { webhook: 'x', signature: 'none' },
    { ...yearly, parameters: { n: 2 } },
  );
  const idOf = async (n: number) => (await schedules()).find(({ parameters }) => parameters.n === n)!.id;
  const paused = await platform.schedules.pause(await idOf(2));
  await remove(await idOf(1));
  expect(await triggers()).toEqual([
    { webhook: 'x', signature: 'none' },
    { ...yearly, parameters: { n: 2 } },
  ]);
  expect(await schedules()).toEqual([paused]);
  await remove(paused.id);
  expect(await triggers()).toEqual([{ webhook: 'x', signature: 'none' }]);
  expect(await schedules()).toEqual([]);
});

it('a schedule that its document does not have any more is deleted, and nothing else', async () => {
  await save(yearly, { ...yearly, parameters: { n: 1 } });
  const [one] = await schedules();
  const stray = { ...one!, id: 'w~stray', schedule: '0 7 1 1 *' };
  await platform.storage.schedules.put(stray);
  await remove(stray.id);
  expect(await triggers()).toHaveLength(2);
  expect(await schedules()).toHaveLength(2);
});
