import { createMemoryQueue } from '@vwmp/queue-memory';
import { describe, expect, it } from 'vitest';
import {
  change,
  ended,
  openOver,
  shared,
  statusOf,
  testPlugin,
  until,
  workflow,
} from './testing/memory-place.ts';
import { settle } from './testing/settle.ts';
import { usePlaces } from './testing/use-places.ts';

const createPlace = usePlaces();

const minute = 60_000;

describe('a decision', () => {
  it('that cannot be kept does not use the approval up', async () => {
    const place = createPlace();
    const gate = Promise.withResolvers<void>();
    const platform = await openOver(place, {
      plugins: [testPlugin({ run: () => gate.promise })],
      maxPayload: 1000,
    });
    const { execution_id: id } = await platform.start(
      workflow([
        { id: 'busy', handler: 'test.run' },
        { id: 'ok', handler: 'core.approval', config: { prompt: 'ok?' } },
      ]),
    );
    await until(async () => (await platform.execution(id))!.steps.ok!.status === 'waiting');
    const tooLong = { approved: true, comment: 'x'.repeat(2000) };
    await expect(platform.decideApproval(id, 'ok', tooLong)).rejects.toMatchObject({
      code: 'VALUE_INVALID',
    });
    await platform.decideApproval(id, 'ok', { approved: true });
    gate.resolve();
    await ended(place, id);
  });
});

describe('messages', () => {
  it('that the first step of an execution sends to it, before its start is recorded, are answered', async () => {
    const place = createPlace();
    const front = await openOver(place, { worker: { inProcess: false } });
    const emit = { id: 'a', handler: 'core.emit', config: { signal: 'go', payload: 1 } };
    const wait = { id: 'b', handler: 'core.wait', config: { signal: 'go' }, dependencies: ['a'] };
    const { execution_id: id } = await front.start(workflow([emit, wait]));
    await openOver(place);
    await ended(place, id);
    expect((await front.execution(id))!.steps.b).toMatchObject({ status: 'success', output: 1 });
  });

  describe('are taken in, no timer being due, that are sent while', () => {
    const wait = { id: 'a', handler: 'core.wait', config: { signal: 'go' } };

    it('it is known to the store alone that the execution was let go of', async () => {
      const place = createPlace();
      const gate = Promise.withResolvers<void>();
      change(place, 'append', (append) => async (given) => {
        const woken = await append(given);
        if (given.owner === null) await gate.promise;
        return woken;
      });
      const queue = createMemoryQueue({ clock: place.clock });
      const platform = await openOver(place, { queue });
      const common = { queue: shared(queue), queueBackend: 'redis' } as const;
      const front = await openOver(place, { ...common, worker: { inProcess: false } });
      const { execution_id: id } = await platform.start(workflow([wait]));
      await until(async () => (await place.storage.executions.get(id))!.owner === undefined);
      await front.signal(id, 'go');
      for (let turn = 0; turn < 20; turn++) await settle();
      gate.resolve();
      await ended(place, id);
    });

    it('the store has answered that there is nothing to do, and nobody knows yet', async () => {
      const place = createPlace();
      const queue = createMemoryQueue({ clock: place.clock });
      const platform = await openOver(place, { queue });
      const { execution_id: id } = await platform.start(workflow([wait]));
      await until(async () => (await place.storage.executions.get(id))!.owner === undefined);
      const asked = Promise.withResolvers<void>();
      const gate = Promise.withResolvers<void>();
      change(place, 'claim', (claim) => async (...given) => {
        const record = await claim(...given);
        asked.resolve();
        await gate.promise;
        return record;
      });
      await queue.enqueue('executions', { name: 'execution', payload: { execution_id: id } });
      await asked.promise;
      await platform.signal(id, 'go');
      for (let turn = 0; turn < 20; turn++) await settle();
      gate.resolve();
      await ended(place, id);
    });
  });

  it('are taken in that come while it is taken up only to be let go of, whenever the queue gives out its task', async () => {
    for (let ticks = 0; ticks < 30; ticks++) {
      const place = createPlace();
      const queue = createMemoryQueue({ clock: place.clock, sync: true });
      const enqueue: typeof queue.enqueue = async (...given) => {
        for (let tick = 0; tick < ticks; tick++) await undefined;
        return queue.enqueue(...given);
      };
      const platform = await openOver(place, { queue: { ...queue, enqueue } });
      platform.settings.queue.sync = true;
      const id = `after ${ticks}`;
      let posted = false;
      change(place, 'append', (append) => async (given) => {
        const { post } = place.storage.executions;
        const body = { type: 'signal', signal: 'go', payload: null };
        if (given.owner === null && !posted) await post({ id: 'm', execution_id: id, body });
        posted ||= given.owner === null;
        return append(given);
      });
      void platform.start(
        workflow([{ id: 'a', handler: 'core.wait', config: { signal: 'go' } }]),
        {},
        { id },
      );
      await ended(place, id, 3000);
    }
  });

  it('that come in crowds are not read again for each of them', async () => {
    const place = createPlace();
    const gate = Promise.withResolvers<void>();
    const owner = await openOver(place, { plugins: [testPlugin({ run: () => gate.promise })] });
    const other = await openOver(place, { worker: { inProcess: false } });
    const { execution_id: id } = await owner.start(workflow([{ id: 'a', handler: 'test.run' }]));
    let read = 0;
    change(place, 'messages', (messages) => async (of) => {
      const found = await messages(of);
      read += found.length;
      return found;
    });
    // A commit takes a moment, and what is being recorded is there until then.
    change(place, 'append', (append) => async (given) => {
      await settle();
      return append(given);
    });
    const crowd = 500;
    await Promise.all(Array.from({ length: crowd }, (_, n) => other.signal(id, 'x', n)));
    await until(async () => (await place.storage.executions.messages(id)).length === 0);
    expect(read).toBeLessThan(20 * crowd);
    gate.resolve();
  });

  it('that cannot be taken in do not stop their execution', async () => {
    const place = createPlace();
    const document = workflow([{ id: 'a', handler: 'core.wait', config: { signal: 'go', timeout: '1h' } }]);
    const platform = await openOver(place, { maxPayload: 1000 });
    const { execution_id: id } = await platform.start(document);
    await until(async () => (await statusOf(place, id)) === 'waiting');
    const generous = await openOver(place, { worker: { inProcess: false } });
    await generous.signal(id, 'other', 'x'.repeat(5000));
    await place.clock.advance(61 * minute);
    await ended(place, id);
    expect((await platform.execution(id))!.steps.a!.error).toMatchObject({ code: 'WAIT_TIMEOUT' });
  });

  it('to an execution that nobody here can take up do not keep the worker busy', async () => {
    const place = createPlace();
    const plugins = [testPlugin({ run: () => 'ran' })];
    const knowing = await openOver(place, { plugins, worker: { inProcess: false } });
    const { execution_id: id } = await knowing.start(workflow([{ id: 'a', handler: 'test.run' }]));
    let claims = 0;
    change(place, 'claim', (claim) => async (...given) => {
      claims++;
      return claim(...given);
    });
    const unknowing = await openOver(place);
    await until(async () => {
      const { owner, wake_at = '' } = (await place.storage.executions.get(id))!;
      return owner === undefined && Date.parse(wake_at) > place.clock.now();
    });
    await unknowing.signal(id, 'go');
    for (let turn = 0; turn < 100; turn++) await settle();
    expect(claims).toBe(1);
    await openOver(place, { plugins });
    await ended(place, id);
  });
});
