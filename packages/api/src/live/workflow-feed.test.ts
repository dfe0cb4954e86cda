import type { ExecutionEvent } from '@vwmp/core';
import { createMemoryEventBus } from '@vwmp/core/memory';
import type { Platform } from '@vwmp/core/platform';
import { afterEach, expect, it } from 'vitest';
import { Feeds } from './feed.ts';
import { chain, openPlatform, recordedOf, save, stored, waiting } from './testing/platform.ts';
import { followWorkflow, type WorkflowFeedOptions } from './workflow-feed.ts';

/** The machine may have other things to do. */
const patient = { timeout: 30_000 };

let platform: Platform;
const leave = new AbortController();
afterEach(() => platform.close());

/** Follows until so many executions have ended. */
async function collect(
  workflow: string,
  count: number,
  options: WorkflowFeedOptions = {},
): Promise<Map<string, ExecutionEvent[]>> {
  const feeds = new Feeds(platform, { tick: 1 });
  const all = new Map<string, ExecutionEvent[]>();
  let ended = 0;
  for await (const { event } of followWorkflow(platform, feeds, workflow, options)) {
    all.set(event.execution_id, [...(all.get(event.execution_id) ?? []), event]);
    if (event.event === 'workflow_completed' && ++ended === count) break;
  }
  expect(feeds.size).toBe(0);
  return all;
}

it('all executions of a workflow are told, whatever the bus loses', async () => {
  const bus = createMemoryEventBus();
  const { publish } = bus;
  let n = 0;
  bus.publish = (event) => {
    if (n++ % 3 !== 0) publish(event);
  };
  platform = await openPlatform({ bus });
  await save(platform, chain('c', 3));
  await save(platform, chain('other', 1));
  const collected = collect('c', 60, { lookEvery: 5 });
  const ids: string[] = [];
  for (let round = 0; round < 60; round++) {
    ids.push((await platform.start('c')).execution_id);
    await platform.start('other');
    if (round % 7 === 0) await platform.wait(ids.at(-1)!);
  }
  const all = await collected;
  expect([...all.keys()].sort()).toEqual(ids.sort());
  for (const [id, events] of all) expect(recordedOf(events)).toEqual(await stored(platform, id));
});

it('more than can be followed at a time get their turn', async () => {
  platform = await openPlatform();
  await save(platform, waiting);
  const ids: string[] = [];
  for (let n = 0; n < 520; n++) ids.push((await platform.start('waiting')).execution_id);
  const collected = collect('waiting', 520);
  for (const id of ids) await platform.signal(id, 'go');
  const all = await collected;
  expect(all.size).toBe(520);
  for (const id of ids.slice(-30)) expect(recordedOf(all.get(id)!)).toEqual(await stored(platform, id));
});

it('of what a client knows only executions of this workflow are told', async () => {
  platform = await openPlatform();
  await save(platform, chain('c', 1));
  await save(platform, chain('other', 1));
  const [mine, other] = [await platform.start('c'), await platform.start('other')];
  for (const { execution_id: id } of [mine, other]) await platform.wait(id);
  const after = new Map([
    [mine.execution_id, 1],
    [other.execution_id, 1],
    ['nobody', 1],
  ]);
  const all = await collect('c', 1, { after });
  expect([...all.keys()]).toEqual([mine.execution_id]);
  expect(all.get(mine.execution_id)).toEqual(await stored(platform, mine.execution_id, 1));
});

it('one that nobody reads any more ends at once', async () => {
  platform = await openPlatform();
  await save(platform, waiting);
  await platform.start('waiting');
  const feeds = new Feeds(platform);
  const events: ExecutionEvent[] = [];
  for await (const { event } of followWorkflow(platform, feeds, 'waiting', { signal: leave.signal })) {
    events.push(event);
    if (event.event === 'step_waiting') leave.abort();
  }
  expect(events.at(-1)?.event).toBe('step_waiting');
  await expect.poll(() => feeds.size, patient).toBe(0);
});
