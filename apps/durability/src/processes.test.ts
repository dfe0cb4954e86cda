import { describe, expect, it } from 'vitest';
import { ended, openOver, statusOf, testPlugin, until, workflow } from './testing/memory-place.ts';
import { usePlaces } from './testing/use-places.ts';

const createPlace = usePlaces();

describe('several processes', () => {
  it('take over what one of them left when its lease ends, and shut it out', async () => {
    const place = createPlace();
    const gate = Promise.withResolvers<string>();
    const late = await openOver(place, {
      workerId: 'late',
      plugins: [testPlugin({ run: () => gate.promise })],
    });
    const { execution_id: id } = await late.start(
      workflow([
        { id: 'before', handler: 'core.set', config: { value: 1 } },
        { id: 'run', handler: 'test.run', dependencies: ['before'] },
      ]),
    );
    await until(async () => (await place.storage.executions.get(id))!.seq === 2);
    // It stops showing signs of life: its heartbeats fail, as if its event loop stood still.
    place.storage.executions.heartbeat = ((beat) => async (worker: string, ttl: number) => {
      if (worker === 'late') throw new Error('silent');
      return beat(worker, ttl);
    })(place.storage.executions.heartbeat);
    const other = await openOver(place, {
      workerId: 'other',
      plugins: [testPlugin({ run: () => 'other' })],
    });
    expect((await place.storage.executions.get(id))!.owner).toBe('late');
    await place.clock.advance(31_000);
    await ended(place, id);
    gate.resolve('late');
    await until(() => late.execution(id).then((execution) => execution?.status === 'success'));
    expect((await other.execution(id))!.steps.run).toMatchObject({ output: 'other' });
    let settled = 0;
    for await (const { event } of place.storage.executions.events(id))
      if (event === 'step_completed') settled++;
    expect(settled).toBe(2);
    expect((await place.storage.executions.get(id))!.epoch).toBe(2);
  });

  it('get what was sent to an execution that another one works on', async () => {
    const place = createPlace();
    const gate = Promise.withResolvers<void>();
    const owner = await openOver(place, {
      workerId: 'owner',
      plugins: [testPlugin({ run: () => gate.promise })],
    });
    const other = await openOver(place, { workerId: 'other', worker: { inProcess: false } });
    const { execution_id: id } = await owner.start(
      workflow([
        { id: 'run', handler: 'test.run' },
        { id: 'wait', handler: 'core.wait', config: { signal: 'go' } },
      ]),
    );
    await other.signal(id, 'go', 'from the other');
    await until(async () => (await other.execution(id))!.steps.wait!.status === 'success');
    await other.cancel(id, 'Enough.');
    gate.resolve();
    await ended(place, id);
    expect(await other.execution(id)).toMatchObject({ status: 'cancelled', error: { message: 'Enough.' } });
    await expect(other.cancel(id)).rejects.toMatchObject({ code: 'EXECUTION_NOT_ACTIVE' });
    await expect(other.signal('nobody', 'go')).rejects.toMatchObject({ code: 'EXECUTION_NOT_FOUND' });
  });

  it('share what one of them hands back when it closes, without running anything twice', async () => {
    const place = createPlace();
    const ran: string[] = [];
    const gate = Promise.withResolvers<void>();
    const plugins = [
      testPlugin({
        run: async ({ step }) => {
          ran.push(step.id);
          await gate.promise;
        },
      }),
    ];
    const first = await openOver(place, { plugins });
    const { execution_id: id } = await first.start(
      workflow([
        { id: 'a', handler: 'test.run' },
        { id: 'b', handler: 'test.run', dependencies: ['a'] },
      ]),
    );
    await until(() => ran.length === 1);
    const closing = first.close();
    // It has been told to leave by the time that the step ends.
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    gate.resolve();
    await closing;
    expect(ran).toEqual(['a']);
    expect(await place.storage.executions.get(id)).toMatchObject({ seq: 2, status: 'running' });
    await openOver(place, { plugins });
    await ended(place, id);
    expect(ran).toEqual(['a', 'b']);
  });

  it('hand back what does not end within the grace period', async () => {
    const place = createPlace();
    let attempts = 0;
    const stuck = testPlugin({ run: () => (++attempts === 1 ? new Promise(() => {}) : 'done') });
    const first = await openOver(place, { plugins: [stuck] });
    const { execution_id: id } = await first.start(workflow([{ id: 'a', handler: 'test.run' }]));
    await until(() => attempts === 1);
    const closing = first.close();
    await place.clock.advance(first.settings.worker.gracePeriod);
    await closing;
    await openOver(place, { plugins: [stuck] });
    await ended(place, id);
    expect(await statusOf(place, id)).toBe('success');
  });

  it('leave an execution alone that they cannot carry on, and try again later', async () => {
    const place = createPlace();
    const plugins = [testPlugin({ run: () => 'ran' })];
    const knowing = await openOver(place, { plugins, worker: { inProcess: false } });
    const { execution_id: id } = await knowing.start(workflow([{ id: 'a', handler: 'test.run' }]));
    await openOver(place);
    await until(async () => (await place.storage.executions.get(id))!.epoch > 0);
    await until(async () => (await place.storage.executions.get(id))!.owner === undefined);
    expect(await statusOf(place, id)).toBe('pending');
    await openOver(place, { plugins });
    await place.clock.advance(31_000);
    await until(async () => {
      await place.clock.advance(31_000);
      return (await place.storage.executions.get(id))!.completed_at !== undefined;
    });
    expect(await statusOf(place, id)).toBe('success');
  });
});
