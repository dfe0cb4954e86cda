import {
  defineHandler,
  definePlugin,
  type Execute,
  type HandlerContext,
  type Plugin,
  suspend,
  type WorkflowDocument,
} from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import { createMemoryQueue } from '@vwmp/queue-memory';
import { describe, expect, it } from 'vitest';
import {
  ended,
  type MemoryPlace,
  openOver,
  save,
  shared,
  statusOf,
  testPlugin,
  until,
  workflow,
} from './testing/memory-place.ts';
import { settle } from './testing/settle.ts';
import { usePlaces } from './testing/use-places.ts';

const minute = 60_000;
const createPlace = usePlaces();

/** A place in which there is a workflow "child" of these steps. */
async function placeWithChild(steps: WorkflowDocument['steps']): Promise<MemoryPlace> {
  const place = createPlace();
  await save(place, { id: 'child', name: 'child', steps });
  return place;
}

const short = [{ id: 'a', handler: 'core.set', config: { value: 1 } }];
const endless = [{ id: 'a', handler: 'core.wait', config: { signal: 'never' } }];

const startChild = ({ executions }: { executions: HandlerContext['executions'] }): Promise<string> =>
  executions.start('child', {}, { attached: true });

function suspending(handler: { execute: Execute; resume?: Execute }): Plugin {
  const config = Type.Unsafe<never>({ type: 'object' });
  return definePlugin({
    name: 'test',
    handlers: { run: defineHandler({ description: 'run', config, ...(handler as object) } as never) },
  });
}

/** A worker stops showing signs of life. */
function silence({ storage: { executions } }: MemoryPlace, silent: string): void {
  const { heartbeat } = executions;
  executions.heartbeat = async (worker, ttl) => {
    if (worker === silent) throw new Error('It is silent.');
    return heartbeat(worker, ttl);
  };
}

describe('a parent that begins to wait after its child has ended goes on', () => {
  it('when its step is in another queue', async () => {
    const place = await placeWithChild(short);
    const queue = shared(createMemoryQueue({ clock: place.clock }));
    const gate = Promise.withResolvers<void>();
    const execute: Execute = async (context) => {
      const execution_id = await startChild(context);
      await gate.promise;
      return suspend({ kind: 'child', execution_id });
    };
    const options = { queue, plugins: [suspending({ execute })] };
    const near = await openOver(place, { ...options, worker: { unified: false, queues: ['executions'] } });
    await openOver(place, { ...options, worker: { unified: false, queues: ['far'] } });
    const { execution_id: id } = await near.start(workflow([{ id: 's', handler: 'test.run', queue: 'far' }]));
    const { list } = place.storage.executions;
    await until(async () => (await list({ parent_id: id, status: ['success'] })).count === 1);
    for (let turn = 0; turn < 20; turn++) await settle();
    gate.resolve();
    await ended(place, id);
    expect(await statusOf(place, id)).toBe('success');
  });

  it('when its step slept meanwhile', async () => {
    const place = await placeWithChild(short);
    let child = '';
    let resumed = 0;
    const plugin = suspending({
      execute: async (context) => {
        child = await startChild(context);
        return suspend({ kind: 'timer', duration: '1h' });
      },
      resume: () => (++resumed === 1 ? suspend({ kind: 'child', execution_id: child }) : 'done'),
    });
    const platform = await openOver(place, { plugins: [plugin] });
    const { execution_id: id } = await platform.start(workflow([{ id: 's', handler: 'test.run' }]));
    await ended(place, await until(() => child !== '').then(() => child));
    await settle();
    await place.clock.advance(61 * minute);
    await ended(place, id);
  });
});

describe('a child of its own is started', () => {
  it('after every wait', async () => {
    const place = await placeWithChild(short);
    const plugin = suspending({
      execute: async (context) => suspend({ kind: 'child', execution_id: await startChild(context) }),
      resume: startChild as never,
    });
    const platform = await openOver(place, { plugins: [plugin] });
    const { execution_id: id } = await platform.start(workflow([{ id: 's', handler: 'test.run' }]));
    await ended(place, id);
    expect((await place.storage.executions.list({ parent_id: id })).count).toBe(2);
  });

  it('by a compensation', async () => {
    const place = await placeWithChild(short);
    const platform = await openOver(place);
    const start = { handler: 'core.workflow', config: { workflow: 'child', wait: false } };
    const { execution_id: id } = await platform.start(
      workflow([
        { id: 's', ...start, compensate: start },
        { id: 'fail', handler: 'core.fail', dependencies: ['s'] },
      ]),
    );
    await ended(place, id);
    expect((await place.storage.executions.list({ parent_id: id })).count).toBe(2);
  });

  it('or the step fails, when somebody took its idempotency key', async () => {
    const place = await placeWithChild(endless);
    const platform = await openOver(place);
    const foreign = { idempotencyKey: 'child:mine:s::1:0' };
    await platform.start('child', {}, foreign);
    const step = { id: 's', handler: 'core.workflow', config: { workflow: 'child' } };
    await platform.start(workflow([step]), {}, { id: 'mine' });
    await ended(place, 'mine');
    expect(await statusOf(place, 'mine')).toBe('failed');
  });
});

describe('an attached child ends with its parent', () => {
  it('that was given up while the child was being started', async () => {
    const place = await placeWithChild(endless);
    const gate = Promise.withResolvers<void>();
    const { append } = place.storage.executions;
    place.storage.executions.append = async (given) => {
      if (given.summary.workflow_id === 'child' && given.expected_seq === 0) await gate.promise;
      return append(given);
    };
    const platform = await openOver(place, { plugins: [testPlugin({ run: startChild })] });
    const { execution_id: id } = await platform.start(workflow([{ id: 'a', handler: 'test.run' }]));
    await settle();
    await platform.cancel(id);
    await place.clock.advance(minute);
    await ended(place, id);
    gate.resolve();
    await until(async () => (await place.storage.executions.list({ status: ['cancelled'] })).count === 2);
  });

  it('whose worker died after it had started it', async () => {
    const place = await placeWithChild(endless);
    const execute: Execute = async (context) => {
      await startChild(context);
      await new Promise(() => {});
    };
    const plugins = [testPlugin({ run: execute })];
    const silent = await openOver(place, { workerId: 'silent', plugins });
    const { execution_id: id } = await silent.start(workflow([{ id: 'a', handler: 'test.run' }]));
    await until(async () => (await place.storage.executions.list({ parent_id: id })).count === 1);
    silence(place, 'silent');
    const message = { id: 'm', execution_id: id, body: { type: 'cancel', reason: 'Enough.' } };
    await place.storage.executions.post(message);
    await openOver(place, { plugins });
    await place.clock.advance(minute);
    await until(async () => (await place.storage.executions.list({ status: ['cancelled'] })).count === 2);
  });
});

describe('a run does not wait in vain for a child', () => {
  const succeeds = async (place: MemoryPlace, id: string): Promise<void> => {
    await ended(place, id);
    expect(await statusOf(place, id)).toBe('success');
  };
  const waiting = (child: (context: HandlerContext) => Promise<string> | string, queue?: string) => {
    const plugin = suspending({
      execute: async (context) => suspend({ kind: 'child', execution_id: await child(context as never) }),
      resume: ((_: unknown, payload: never) => payload) as never,
    });
    const step = { id: 's', handler: 'test.run', ...(queue === undefined ? {} : { queue }) };
    return { plugins: [plugin], document: workflow([step]) };
  };
  const lost = { status: 'failed', error: { code: 'EXECUTION_NOT_FOUND' } };

  it.each([undefined, 'far'])('that is not there (queue %s)', async (queue) => {
    const place = await placeWithChild(short);
    const { plugins, document } = waiting(() => 'nobody', queue);
    const platform = await openOver(place, { plugins });
    const { execution_id: id } = await platform.start(document);
    await succeeds(place, id);
    expect((await platform.execution(id))!.steps.s!.output).toMatchObject(lost);
  });

  it.each([undefined, 'far'])('that it did not attach, which goes on (queue %s)', async (queue) => {
    const place = await placeWithChild(endless);
    let child = '';
    const start = async ({ executions }: HandlerContext): Promise<string> => {
      child = await executions.start('child', {});
      return child;
    };
    const { plugins, document } = waiting(start, queue);
    const platform = await openOver(place, { plugins });
    const { execution_id: id } = await platform.start(document);
    await succeeds(place, id);
    expect((await platform.execution(id))!.steps.s!.output).toMatchObject(lost);
    expect((await platform.execution(child))!.status).toBe('waiting');
  });

  it('of whose end it has heard before', async () => {
    const place = await placeWithChild(short);
    const payloads: unknown[] = [];
    let child = '';
    const plugin = suspending({
      execute: async (context) => {
        child = await startChild(context);
        return suspend({ kind: 'child', execution_id: child });
      },
      resume: ((_: unknown, payload: unknown) => {
        payloads.push(payload);
        return payloads.length === 1 ? suspend({ kind: 'child', execution_id: child }) : 'done';
      }) as never,
    });
    const platform = await openOver(place, { plugins: [plugin] });
    const { execution_id: id } = await platform.start(workflow([{ id: 's', handler: 'test.run' }]));
    await succeeds(place, id);
    expect(payloads[1]).toEqual(payloads[0]);
  });

  it('whose worker died when the wait was recorded', async () => {
    const place = await placeWithChild(short);
    const { plugins, document } = waiting(() => 'nobody');
    const { append } = place.storage.executions;
    const dead = Promise.withResolvers<never>();
    dead.promise.catch(() => {});
    const recorded = Promise.withResolvers<void>();
    place.storage.executions.append = async (given) => {
      const woken = await append(given);
      if (!given.events.some(({ event }) => event === 'step_waiting')) return woken;
      recorded.resolve();
      return dead.promise;
    };
    const platform = await openOver(place, { plugins });
    const { execution_id: id } = await platform.start(document);
    await recorded.promise;
    place.storage.executions.append = append;
    dead.reject(new Error('It died.'));
    await place.clock.advance(minute);
    await ended(place, id);
  });
});

it.each([100_000, 50])('a family that grows without end can be cancelled (queue of %i)', async (limit) => {
  const place = createPlace();
  const again = { handler: 'core.workflow', config: { workflow: 'twice' } };
  const twice = {
    id: 'twice',
    name: 'twice',
    steps: [
      { id: 'a', ...again },
      { id: 'b', ...again },
    ],
  };
  await save(place, twice);
  const platform = await openOver(place, { queue: createMemoryQueue({ clock: place.clock, limit }) });
  const { list } = place.storage.executions;
  const living = async (): Promise<number> =>
    (await list({ status: ['pending', 'running', 'waiting'], limit: 1 })).count ?? 0;
  const { execution_id: id } = await platform.start('twice');
  await until(async () => {
    await place.clock.advance(1_000);
    return (await living()) > 500;
  });
  await platform.cancel(id);
  await until(async () => {
    await place.clock.advance(1_000);
    return (await living()) === 0;
  });
});

describe('a child that nobody waits for any more is cancelled at once', () => {
  const calls = { handler: 'core.workflow', config: { workflow: 'child' } };
  const childrenOf = async ({ storage }: MemoryPlace, id: string): Promise<string[]> =>
    (await storage.executions.list({ parent_id: id })).results.map(({ status }) => status).sort();

  it('when the attempt that started it took too long, and the next one starts another', async () => {
    const place = await placeWithChild(endless);
    const platform = await openOver(place);
    const retry = { attempts: 2, delay: '1s' };
    const { execution_id: id } = await platform.start(
      workflow([{ id: 's', ...calls, timeout: '1h', retry }]),
    );
    await until(async () => (await childrenOf(place, id)).join() === 'waiting');
    await place.clock.advance(60 * minute);
    await until(async () => (await childrenOf(place, id)).join() === 'cancelled');
    await place.clock.advance(1000);
    await until(async () => (await childrenOf(place, id)).join() === 'cancelled,waiting');
    expect(await statusOf(place, id)).toBe('waiting');
  });

  it.each([undefined, 'far'])('when its start outlasted the attempt (queue %s)', async (queue) => {
    const place = await placeWithChild(endless);
    const gate = Promise.withResolvers<void>();
    const { append } = place.storage.executions;
    let started = 0;
    place.storage.executions.append = async (given) => {
      const child = given.summary.workflow_id === 'child' && given.expected_seq === 0;
      if (child && started++ === 0) await gate.promise;
      return append(given);
    };
    const platform = await openOver(place);
    const retry = { attempts: 2, delay: '1s' };
    const step = { id: 's', ...calls, timeout: '1m', retry, ...(queue && { queue }) };
    const { execution_id: id } = await platform.start(workflow([step]));
    await until(() => started === 1);
    await place.clock.advance(minute);
    await until(async () => {
      await place.clock.advance(1000);
      return started === 2;
    });
    gate.resolve();
    await until(async () => (await childrenOf(place, id)).join() === 'cancelled,waiting');
    expect(await statusOf(place, id)).toBe('waiting');
  });

  it.each([undefined, 'far'])('when the attempt that started it failed (queue %s)', async (queue) => {
    const place = await placeWithChild(endless);
    const plugin = suspending({
      execute: async (context) => {
        const execution_id = await startChild(context);
        if (context.attempt === 1) throw new Error('No.');
        return suspend({ kind: 'child', execution_id });
      },
    });
    const platform = await openOver(place, { plugins: [plugin] });
    const retry = { attempts: 2, delay: 1 };
    const step = { id: 's', handler: 'test.run', retry, ...(queue && { queue }) };
    const { execution_id: id } = await platform.start(workflow([step]));
    await until(async () => {
      await place.clock.advance(1);
      return (await childrenOf(place, id)).join() === 'cancelled,waiting';
    });
    expect(await statusOf(place, id)).toBe('waiting');
  });

  it('when another item of the list has failed', async () => {
    const place = await placeWithChild(endless);
    const gate = Promise.withResolvers<void>();
    const plugin = suspending({
      execute: async (context) => {
        if (context.step.index === 0)
          return suspend({ kind: 'child', execution_id: await startChild(context) });
        await gate.promise;
        throw new Error('No.');
      },
    });
    const platform = await openOver(place, { plugins: [plugin] });
    const steps = [
      { id: 'each', handler: 'test.run', foreach: '${[0, 1]}', concurrency: 2 },
      { id: 'after', handler: 'core.wait', config: { signal: 'go' }, dependencies: ['each:error'] },
    ];
    const { execution_id: id } = await platform.start(workflow(steps));
    await until(async () => (await childrenOf(place, id)).join() === 'waiting');
    gate.resolve();
    await until(async () => (await childrenOf(place, id)).join() === 'cancelled');
    expect(await statusOf(place, id)).toBe('waiting');
  });

  it('and undone as well, although its parent ends meanwhile', async () => {
    const undo = Promise.withResolvers<void>();
    const undone: string[] = [];
    const place = await placeWithChild([
      { id: 'a', handler: 'test.act', compensate: { handler: 'test.undo' } },
      { ...endless[0]!, id: 'b', dependencies: ['a'] },
    ]);
    const undoing = async ({ step }: HandlerContext): Promise<void> => {
      await undo.promise;
      undone.push(step.id);
    };
    const platform = await openOver(place, {
      plugins: [testPlugin({ act: () => null, undo: undoing as Execute })],
    });
    const steps = [
      { id: 's', ...calls, timeout: '1h' },
      { id: 'after', handler: 'core.wait', config: { signal: 'go' }, dependencies: ['s:error'] },
    ];
    const { execution_id: id } = await platform.start(workflow(steps));
    await until(async () => (await childrenOf(place, id)).join() === 'waiting');
    await place.clock.advance(60 * minute);
    await until(async () => (await statusOf(place, id)) === 'waiting');
    await until(async () => (await childrenOf(place, id)).join() === 'running');
    await platform.signal(id, 'go');
    await ended(place, id);
    for (let turn = 0; turn < 20; turn++) await settle();
    undo.resolve();
    await until(async () => (await childrenOf(place, id)).join() === 'cancelled');
    expect(undone).toEqual(['a']);
  });
});
