import { defineHandler, definePlugin, type Execute, suspend, type WorkflowDocument } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import { Type } from '@vwmp/core/schema';
import { describe, expect, it } from 'vitest';
import { ended, openOver, save, statusOf, testPlugin, until, workflow } from './testing/memory-place.ts';
import { usePlaces } from './testing/use-places.ts';

const createPlace = usePlaces();

/** A handler that notes how many of it run at a time, and ends when told. */
function counted(): { act: Execute; most: () => number; running: () => number; release: () => void } {
  let running = 0;
  let most = 0;
  const held: (() => void)[] = [];
  return {
    act: async () => {
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => held.push(resolve));
      running--;
    },
    most: () => most,
    running: () => running,
    release: () => {
      for (const resolve of held.splice(0)) resolve();
    },
  };
}

const turns = async (count = 50): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
};

it('a worker works on as many executions as it may, however they came to it', async () => {
  const place = createPlace();
  const { act, most, running, release } = counted();
  const platform = await openOver(place, { worker: { concurrency: 2 }, plugins: [testPlugin({ act })] });
  const sleeps = { id: 's', handler: 'core.sleep', config: { duration: '10s' } };
  const parked = workflow([sleeps, { id: 'a', handler: 'test.act', dependencies: ['s'] }]);
  const ids: string[] = [];
  const start = async (document = workflow([{ id: 'a', handler: 'test.act' }])): Promise<void> => {
    ids.push((await platform.start(document)).execution_id);
  };
  for (let n = 0; n < 3; n++) await start(parked);
  await until(async () =>
    (await Promise.all(ids.map((id) => statusOf(place, id)))).every((s) => s === 'waiting'),
  );
  await start();
  // Those that sleep are due while others begin at once, wait in the queue, and have a concurrency key.
  await place.clock.advance(10_000);
  for (let n = 0; n < 3; n++) await start();
  await start(workflow([{ id: 'a', handler: 'test.act' }], { concurrency: { key: 'k' } }));
  await place.clock.advance(1);
  await until(() => running() === 2);
  await turns();
  expect(running()).toBe(2);
  while (ids.length > 0) {
    release();
    await place.clock.advance(1);
    for (const id of [...ids]) {
      if ((await place.storage.executions.get(id))?.completed_at !== undefined)
        ids.splice(ids.indexOf(id), 1);
    }
  }
  expect(most()).toBe(2);
});

it('executions for which there is no place for long stand in the queue no oftener for it', async () => {
  const place = createPlace();
  const { act, running, release } = counted();
  const platform = await openOver(place, { worker: { concurrency: 1 }, plugins: [testPlugin({ act })] });
  const ids: string[] = [];
  for (let n = 0; n < 4; n++)
    ids.push((await platform.start(workflow([{ id: 'a', handler: 'test.act' }]))).execution_id);
  await until(() => running() === 1);
  await place.clock.advance(20_000);
  const { waiting } = await platform.queue.counts('executions');
  for (let look = 0; look < 5; look++) await place.clock.advance(20_000);
  expect((await platform.queue.counts('executions')).waiting).toBe(waiting);
  for (const id of ids) {
    await until(() => running() === 1);
    release();
    await ended(place, id);
  }
});

it('executions that wait for a worker of another queue keep nobody from working', async () => {
  const place = createPlace();
  const platform = await openOver(place, {
    worker: { concurrency: 2 },
    plugins: [testPlugin({ act: () => null })],
  });
  await platform.queue.pause('gpu');
  const elsewhere = workflow([{ id: 'a', handler: 'test.act', queue: 'gpu' }]);
  const waiting: string[] = [];
  for (let n = 0; n < 5; n++) waiting.push((await platform.start(elsewhere)).execution_id);
  const other = (await platform.start(workflow([{ id: 'a', handler: 'test.act' }]))).execution_id;
  const cancelled = (await platform.start(elsewhere)).execution_id;
  await platform.cancel(cancelled);
  await until(async () => {
    await place.clock.advance(1000);
    return (await place.storage.executions.get(other))?.completed_at !== undefined;
  });
  await until(async () => {
    await place.clock.advance(1000);
    return (await statusOf(place, cancelled)) === 'cancelled';
  });
  await platform.queue.resume('gpu');
  for (const id of waiting) {
    await ended(place, id);
    expect(await statusOf(place, id)).toBe('success');
  }
});

describe('an execution keeps nobody from working when a child ends of which it is not told now', () => {
  const attached = { attached: true };
  const sleeps = { id: 's', handler: 'core.sleep', config: { duration: '3s' } };

  it('as an earlier attempt of the step has started it', async () => {
    const place = createPlace();
    await save(place, { id: 'child', name: 'child', steps: [sleeps] });
    const fails: Execute = async ({ executions }) => {
      await executions.start('child', {}, attached);
      throw new Error('Once more.');
    };
    const plugins = [testPlugin({ fails, act: () => null })];
    const platform = await openOver(place, { worker: { concurrency: 1 }, plugins });
    const retry = { attempts: 2, delay: '2s' };
    const again = workflow([{ id: 'a', handler: 'test.fails', queue: 'gpu', retry }]);
    const { execution_id: id } = await platform.start(again);
    const { list } = place.storage.executions;
    await until(
      async () => (await statusOf(place, id)) === 'running' && (await list({ parent_id: id })).count === 1,
    );
    await platform.queue.pause('gpu');
    await place.clock.advance(10_000);
    await until(async () => {
      await place.clock.advance(1000);
      return (await list({ parent_id: id, status: ['cancelled'] })).count === 1;
    });
    const other = (await platform.start(workflow([{ id: 'a', handler: 'test.act' }]))).execution_id;
    await until(async () => {
      await place.clock.advance(1000);
      return (await place.storage.executions.get(other))?.completed_at !== undefined;
    });
    await platform.queue.resume('gpu');
    await until(async () => {
      await place.clock.advance(1000);
      return (await statusOf(place, id)) === 'failed';
    });
  });

  it('as it waits for another one first', async () => {
    const place = createPlace();
    await save(place, { id: 'short', name: 'short', steps: [{ id: 's', handler: 'test.act' }] });
    await save(place, { id: 'long', name: 'long', steps: [sleeps] });
    const ids: string[] = [];
    const config = Type.Unsafe<never>({ type: 'object' });
    const both = defineHandler({
      description: 'Waits for two, the longer one first.',
      config,
      async execute({ executions }) {
        for (const id of ['short', 'long']) ids.push(await executions.start(id, {}, attached));
        return suspend({ kind: 'child', execution_id: ids.pop()! });
      },
      resume(_, payload) {
        const execution_id = ids.pop();
        return execution_id === undefined ? payload : suspend({ kind: 'child', execution_id });
      },
    });
    const plugins = [testPlugin({ act: () => 'done' }), definePlugin({ name: 'two', handlers: { both } })];
    const platform = await openOver(place, { worker: { concurrency: 1 }, plugins });
    const { execution_id: id } = await platform.start(workflow([{ id: 'a', handler: 'two.both' }]));
    await until(async () => {
      await place.clock.advance(1000);
      return (await place.storage.executions.get(id))?.completed_at !== undefined;
    });
    expect((await platform.execution(id))!.steps.a!.output).toMatchObject({ status: 'success' });
  });
});

it('an execution hears of a child that ended before it was waited for, although there is no place for another', async () => {
  const place = createPlace();
  await save(place, { id: 'child', name: 'child', steps: [{ id: 's', handler: 'test.act' }] });
  const gate = Promise.withResolvers<void>();
  const { act, running, release } = counted();
  const waits: Execute = async ({ executions }) => {
    const execution_id = await executions.start('child', {}, { attached: true });
    await gate.promise;
    return suspend({ kind: 'child', execution_id });
  };
  const plugins = [testPlugin({ waits, act: () => null, busy: act })];
  const platform = await openOver(place, { worker: { concurrency: 2 }, plugins });
  const id = (await platform.start(workflow([{ id: 'a', handler: 'test.waits' }]))).execution_id;
  const { list } = place.storage.executions;
  await until(async () => (await list({ parent_id: id, status: ['success'] })).count === 1);
  await platform.start(workflow([{ id: 'a', handler: 'test.busy' }]));
  await until(() => running() === 1);
  gate.resolve();
  await ended(place, id);
  expect(await statusOf(place, id)).toBe('success');
  release();
});

it('an execution is held while a worker of its own process soon has done its step', async () => {
  const place = createPlace();
  const { act, running, release } = counted();
  const platform = await openOver(place, { plugins: [testPlugin({ act })] });
  const id = (await platform.start(workflow([{ id: 'a', handler: 'test.act', queue: 'gpu' }]))).execution_id;
  await until(() => running() === 1);
  const ownerOf = async (): Promise<string | undefined> => (await place.storage.executions.get(id))?.owner;
  await turns();
  expect(await ownerOf()).toBeDefined();
  await place.clock.advance(1001);
  await until(async () => (await ownerOf()) === undefined);
  release();
  await ended(place, id);
  expect(await statusOf(place, id)).toBe('success');
});

it('an execution is let go of although what it was held for is over while something else of it is recorded', async () => {
  const place = createPlace();
  const { act, running, release } = counted();
  const { executions } = place.storage;
  const { append } = executions;
  const begun = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  executions.append = async (given) => {
    if (given.events.some(({ event }) => event === 'step_completed')) {
      begun.resolve();
      await gate.promise;
    }
    return append(given);
  };
  const platform = await openOver(place, { plugins: [testPlugin({ act })] });
  const steps = [
    { id: 'a', handler: 'test.act', queue: 'gpu' },
    { id: 'b', handler: 'core.wait', config: { signal: 'go' } },
  ];
  const { execution_id: id } = await platform.start(workflow(steps));
  await until(() => running() === 1);
  await platform.signal(id, 'go');
  await begun.promise;
  await place.clock.advance(1001);
  gate.resolve();
  await until(async () => (await executions.get(id))?.owner === undefined);
  release();
  await ended(place, id);
  expect(await statusOf(place, id)).toBe('success');
});

it('an execution keeps nobody from working whose items fail at once in another queue', async () => {
  const place = createPlace();
  const { act, running, release } = counted();
  const fails: Execute = async (context) => {
    await act(context);
    throw new Error('No.');
  };
  const plugins = [testPlugin({ fails, works: () => null })];
  const platform = await openOver(place, { worker: { concurrency: 1 }, plugins });
  const steps = [
    { id: 'a', handler: 'test.fails', queue: 'gpu', foreach: [1, 2], concurrency: 2, required: false },
    { id: 'b', handler: 'core.wait', config: { signal: 'go' } },
  ];
  const { execution_id: id } = await platform.start(workflow(steps));
  await until(() => running() === 1);
  await place.clock.advance(1001);
  const { executions } = place.storage;
  await until(async () => (await executions.get(id))?.owner === undefined);
  // Both of their reports are there when it is taken up.
  await platform.queue.pause('executions');
  await until(async () => {
    release();
    return (await executions.messages(id)).length === 2;
  });
  await platform.queue.resume('executions');
  await until(async () => {
    await place.clock.advance(1000);
    return (await platform.execution(id))!.steps.a!.status === 'failed';
  });
  const other = await platform.start(workflow([{ id: 'a', handler: 'test.works' }]));
  await ended(place, other.execution_id);
  await platform.signal(id, 'go');
  await ended(place, id);
  expect(await statusOf(place, id)).toBe('partial');
});

it('several tasks for one execution keep nobody from working', async () => {
  const place = createPlace();
  const gates: (() => void)[] = [];
  const act: Execute = () => new Promise<void>((resolve) => gates.push(resolve));
  const plugins = [testPlugin({ act, works: () => null })];
  const platform = await openOver(place, { worker: { concurrency: 2 }, plugins });
  const { executions } = place.storage;
  const start = async (steps: WorkflowDocument['steps']): Promise<string> =>
    (await platform.start(workflow(steps))).execution_id;
  const [a, b] = ['a', 'b'].map((id) => ({ id, handler: 'core.wait', config: { signal: id } }));
  const long = await start([a!, b!, { id: 'c', handler: 'test.act', dependencies: ['a', 'b'] }]);
  const other = await start([a!, { id: 'c', handler: 'test.works', dependencies: ['a'] }]);
  for (const id of [long, other]) {
    await until(async () => (await statusOf(place, id)) === 'waiting');
    await until(async () => (await executions.get(id))?.owner === undefined);
  }
  const busy = [
    await start([{ id: 'a', handler: 'test.act' }]),
    await start([{ id: 'a', handler: 'test.act' }]),
  ];
  await until(() => gates.length === 2);
  for (const signal of ['a', 'b']) await platform.signal(long, signal);
  await until(async () => (await platform.queue.counts('executions')).active === 2);
  gates[0]!();
  await until(() => gates.length === 3);
  gates[1]!();
  for (const id of busy) await ended(place, id);
  await platform.signal(other, 'a');
  await ended(place, other);
  expect(await statusOf(place, long)).toBe('running');
  gates[2]!();
  await ended(place, long);
});

it('a process that serves other queues only begins nothing that it would not go on with', async () => {
  const place = createPlace();
  const runs: string[] = [];
  const act: Execute = ({ step }) => void runs.push(step.id);
  const plugins = [testPlugin({ act })];
  const steps = workflow([{ id: 'a', handler: 'test.act' }]);
  const special: Platform = await openOver(place, { worker: { unified: false, queues: ['gpu'] }, plugins });
  const id = (await special.start(steps)).execution_id;
  await turns();
  expect(await statusOf(place, id)).toBe('pending');
  await openOver(place, { plugins });
  await ended(place, id);
  expect(runs).toEqual(['a']);
});
