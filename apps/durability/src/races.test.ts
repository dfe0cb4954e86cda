import { type Execute, VwmpError } from '@vwmp/core';
import { createMemoryEventBus } from '@vwmp/core/memory';
import type { ExecutionStore } from '@vwmp/core/ports';
import { createMemoryQueue } from '@vwmp/queue-memory';
import { describe, expect, it } from 'vitest';
import {
  ended,
  type MemoryPlace,
  openOver,
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

/** Changes one method of a store that platforms share. */
function change<K extends keyof ExecutionStore>(
  { storage: { executions } }: MemoryPlace,
  method: K,
  by: (original: ExecutionStore[K]) => ExecutionStore[K],
): void {
  executions[method] = by(executions[method]);
}

describe('a start', () => {
  it('with the id of an execution that is worked on is refused, and harms nothing', async () => {
    const place = createPlace();
    const gate = Promise.withResolvers<void>();
    const platform = await openOver(place, { plugins: [testPlugin({ run: () => gate.promise })] });
    const document = workflow([
      { id: 'a', handler: 'test.run' },
      { id: 'b', handler: 'core.wait', config: { signal: 'go' } },
    ]);
    await platform.start(document, {}, { id: 'same' });
    await expect(platform.start(document, {}, { id: 'same' })).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
    });
    const other = await openOver(place, { worker: { inProcess: false } });
    await other.signal('same', 'go');
    await until(async () => (await other.execution('same'))!.steps.b!.status === 'success');
    gate.resolve();
  });

  it('that is refused is not logged as one that is taken up again', async () => {
    const place = createPlace();
    const lines: unknown[] = [];
    const logger = { log: (...line: unknown[]) => lines.push(line) };
    const platform = await openOver(place, { logger });
    change(place, 'append', () => () => {
      const details = { retryable: false };
      return Promise.reject(new VwmpError('STORE_FULL', 'The store has no room left.', details));
    });
    await expect(
      platform.start(workflow([{ id: 'a', handler: 'core.wait', config: { signal: 'go' } }])),
    ).rejects.toMatchObject({ code: 'STORE_FULL' });
    for (let turn = 0; turn < 20; turn++) await settle();
    expect(lines).toEqual([]);
  });

  it('with a key longer than any store takes is refused', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    const document = workflow([{ id: 'a', handler: 'core.set', config: { value: 1 } }]);
    await platform.start(document, {}, { idempotencyKey: 'x'.repeat(1000) });
    for (const idempotencyKey of ['x'.repeat(1001), 'ü'.repeat(501)])
      await expect(platform.start(document, {}, { idempotencyKey })).rejects.toMatchObject({
        code: 'VALUE_INVALID',
      });
  });

  it('is taken up by an idle worker whose clock was set back', async () => {
    const place = createPlace();
    let offset = 0;
    const clock = {
      now: () => place.clock.now() + offset,
      setTimer: (at: number, callback: () => void) => place.clock.setTimer(at - offset, callback),
    };
    const platform = await openOver(place, { clock, queue: createMemoryQueue({ clock }) });
    const steps = [{ id: 'a', handler: 'core.set', config: { value: 1 } }];
    const queued = workflow(steps, { concurrency: { key: 'k' } });
    await ended(place, (await platform.start(queued)).execution_id);
    // The clock of the store goes on meanwhile: it is another machine's.
    offset = -60 * minute;
    await place.clock.advance(minute);
    const { execution_id: id } = await platform.start(queued);
    await place.clock.advance(minute);
    await ended(place, id);
  });
});

it('whoever waits for an execution is told at once that the platform closes', async () => {
  const place = createPlace();
  const platforms = [await openOver(place), await openOver(place, { worker: { inProcess: false } })];
  const wait = workflow([{ id: 'a', handler: 'core.wait', config: { signal: 'go' } }]);
  const { execution_id: id } = await platforms[0]!.start(wait);
  const waiting = platforms.flatMap((platform) => [
    platform.wait(id),
    platform.wait(id, { timeout: minute }),
  ]);
  const outcome = Promise.allSettled(waiting);
  await until(async () => (await statusOf(place, id)) === 'waiting');
  await Promise.all(platforms.map((platform) => platform.close()));
  const closed = { status: 'rejected', reason: { code: 'ENGINE_CLOSED' } };
  expect(await outcome).toMatchObject(waiting.map(() => closed));
});

describe('executions with one concurrency key', () => {
  const waiting = (policy: 'queue' | 'cancel') =>
    workflow([{ id: 'a', handler: 'core.wait', config: { signal: 'go' } }], {
      concurrency: { key: 'k', policy },
    });

  it('that are started at once do not cancel each other', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    const all = await Promise.all([1, 2, 3].map(() => platform.start(waiting('cancel'))));
    const statuses = (): Promise<(string | undefined)[]> =>
      Promise.all(all.map(({ execution_id: id }) => statusOf(place, id)));
    await until(async () => (await statuses()).includes('waiting'));
    for (let turn = 0; turn < 20; turn++) await settle();
    expect(await statuses()).toContain('waiting');
  });

  it('are cancelled for newer ones also where they are on more than one page', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    const { list } = place.storage.executions;
    change(
      place,
      'list',
      () => (query) =>
        list.call(place.storage.executions, { ...query, limit: Math.min(query?.limit ?? 2, 2) }),
    );
    const concurrency = { key: 'k', limit: 5, policy: 'cancel' } as const;
    const document = workflow(waiting('cancel').steps, { concurrency });
    const ids: string[] = [];
    for (let n = 0; n < 7; n++) {
      ids.push((await platform.start(document)).execution_id);
      await place.clock.advance(1);
    }
    const statuses = (): Promise<(string | undefined)[]> => Promise.all(ids.map((id) => statusOf(place, id)));
    await until(async () => (await statuses()).filter((status) => status === 'waiting').length === 5);
    expect((await statuses()).slice(0, 2)).toEqual(['cancelled', 'cancelled']);
  });

  it('are cancelled in the order in which they were accepted, whichever of them began last', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    const { list } = place.storage.executions;
    change(place, 'list', () => async (query) => {
      const page = await list.call(place.storage.executions, query);
      return { ...page, results: page.results.toReversed() };
    });
    const concurrency = { key: 'k', limit: 2, policy: 'cancel' } as const;
    const document = workflow(waiting('cancel').steps, { concurrency });
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) {
      ids.push((await platform.start(document)).execution_id);
      await place.clock.advance(1);
    }
    const statuses = (): Promise<(string | undefined)[]> => Promise.all(ids.map((id) => statusOf(place, id)));
    await until(async () => (await statuses()).filter((status) => status === 'waiting').length === 2);
    expect(await statuses()).toEqual(['cancelled', 'cancelled', 'cancelled', 'waiting', 'waiting']);
  });

  it('do not time out while they are tried again and wait for their turn', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    const first = { id: 'first', handler: 'core.set', config: { value: 1 } };
    const { concurrency } = waiting('queue');
    const failing = workflow([first, { id: 'a', handler: 'core.fail', dependencies: ['first'] }], {
      ...{ concurrency, timeout: '10m' },
    });
    const failed = await platform.start(failing);
    await ended(place, failed.execution_id);
    const front = await platform.start(waiting('queue'));
    await until(async () => (await statusOf(place, front.execution_id)) === 'waiting');
    const mended = workflow([first, { ...waiting('queue').steps[0]!, dependencies: ['first'] }], {
      ...{ concurrency, timeout: '10m' },
    });
    const { execution_id: id } = await platform.retry(failed.execution_id, { workflow: mended });
    await place.clock.advance(60 * minute);
    expect(await platform.execution(id)).toMatchObject({
      status: 'pending',
      steps: { first: { status: 'success' }, a: { status: 'pending' } },
    });
    await platform.signal(front.execution_id, 'go');
    await until(async () => (await statusOf(place, id)) === 'waiting');
  });
});

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

it('what a queue has lost is looked for as soon as others are heard again', async () => {
  const place = createPlace();
  let resumed = (): void => {};
  const bus = { ...createMemoryEventBus() };
  bus.onResume = (listener) => {
    resumed = listener;
    return () => {};
  };
  const queue = createMemoryQueue({ clock: place.clock });
  let isLosing = true;
  const forgetful = {
    ...queue,
    enqueue: async (...given: Parameters<typeof queue.enqueue>) =>
      isLosing ? { id: 'lost', created: true } : queue.enqueue(...given),
  } as typeof queue;
  const platform = await openOver(place, { bus, queue: forgetful, queueBackend: 'redis' });
  const { execution_id: id } = await platform.start(
    workflow([{ id: 'a', handler: 'core.set', config: { value: 1 } }]),
  );
  await place.clock.advance(5000);
  expect(await statusOf(place, id)).toBe('pending');
  isLosing = false;
  resumed();
  await place.clock.advance(100);
  await ended(place, id, 1000);
});

it('what was started is in the queue when its platform has closed', async () => {
  const place = createPlace();
  const queue = createMemoryQueue({ clock: place.clock });
  let open = true;
  const slow: typeof queue = {
    ...queue,
    async enqueue(...given) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (!open) throw new Error('It is closed.');
      return queue.enqueue(...given);
    },
    close: async () => {
      open = false;
    },
  };
  const parts = { queue: slow, queueBackend: 'redis' as const };
  const platform = await openOver(place, { ...parts, worker: { inProcess: false } });
  await platform.start(workflow([{ id: 'a', handler: 'core.set', config: { value: 1 } }]));
  await platform.close();
  expect((await queue.counts('executions')).waiting).toBe(1);
});

describe('a step with a queue', () => {
  const document = workflow([{ id: 'a', handler: 'test.run', queue: 'far' }]);

  it('is carried out although the store was away as its task began', async () => {
    const place = createPlace();
    const platform = await openOver(place, { plugins: [testPlugin({ run: () => 1 })] });
    let away = 0;
    change(place, 'get', (get) => async (id) => {
      if (++away < 3) throw new VwmpError('STORE_UNAVAILABLE', 'It is away.');
      return get(id);
    });
    const { execution_id: id } = await platform.start(document);
    await place.clock.advance(minute);
    await ended(place, id);
  });

  it('is carried out although its queue had no room for it', async () => {
    const place = createPlace();
    const run = () => new Promise((resolve) => setImmediate(() => resolve(1)));
    const platform = await openOver(place, {
      plugins: [testPlugin({ run })],
      queue: createMemoryQueue({ clock: place.clock, limit: 3 }),
      worker: { concurrency: 1 },
    });
    const foreach = Array.from({ length: 20 }, (_, n) => n);
    const { execution_id: id } = await platform.start(
      workflow([{ id: 'a', handler: 'test.run', queue: 'far', foreach, concurrency: 20 }]),
    );
    await until(async () => {
      await place.clock.advance(1000);
      return (await statusOf(place, id)) === 'success';
    });
  });

  it('does not hold up the end of its process longer than the grace period', async () => {
    const place = createPlace();
    const running = Promise.withResolvers<void>();
    const run = (): Promise<never> => {
      running.resolve();
      return new Promise(() => {});
    };
    const platform = await openOver(place, { plugins: [testPlugin({ run })] });
    await platform.start(document);
    await running.promise;
    const closing = platform.close();
    await place.clock.advance(platform.settings.worker.gracePeriod);
    await closing;
  });
});

describe('closing', () => {
  it('lets what runs signal others', async () => {
    const place = createPlace();
    const gate = Promise.withResolvers<void>();
    const run: Execute = async ({ executions }) => {
      await gate.promise;
      await executions.signal('target', 'go', 1);
    };
    const platform = await openOver(place, { plugins: [testPlugin({ run })] });
    const wait = { id: 'a', handler: 'core.wait', config: { signal: 'go' } };
    await platform.start(workflow([wait]), {}, { id: 'target' });
    const { execution_id: id } = await platform.start(workflow([{ id: 'a', handler: 'test.run' }]));
    await settle();
    const closing = platform.close();
    await settle();
    gate.resolve();
    await closing;
    await openOver(place, { plugins: [testPlugin({ run: () => 'again' })] });
    await ended(place, id);
    await ended(place, 'target');
    expect([await statusOf(place, id), await statusOf(place, 'target')]).toEqual(['success', 'success']);
  });

  it('while an execution is being claimed leaves it to others', async () => {
    const place = createPlace();
    const ran: string[] = [];
    const plugins = (name: string) => [testPlugin({ run: () => void ran.push(name) })];
    const front = await openOver(place, { plugins: plugins('front'), worker: { inProcess: false } });
    const { execution_id: id } = await front.start(workflow([{ id: 'a', handler: 'test.run' }]));
    const claimed = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    change(place, 'claim', (claim) => async (...given) => {
      const record = await claim(...given);
      claimed.resolve();
      await answer.promise;
      return record;
    });
    const platform = await openOver(place, { plugins: plugins('closed') });
    await claimed.promise;
    const closing = platform.close();
    await settle();
    answer.resolve();
    await closing;
    await openOver(place, { plugins: plugins('other') });
    await ended(place, id);
    expect(ran).toEqual(['other']);
  });

  describe('tells the others, no timer being due, of an execution', () => {
    const openTwo = async (place: MemoryPlace, run: Execute) => {
      const queue = shared(createMemoryQueue({ clock: place.clock }));
      const given = { queue, queueBackend: 'redis', plugins: [testPlugin({ run })] } as const;
      return [await openOver(place, given), await openOver(place, given)];
    };

    it('whose task it has taken, and that it claims too late', async () => {
      const place = createPlace();
      const platforms = await openTwo(place, () => null);
      const retired = Promise.withResolvers<void>();
      change(place, 'retire', (retire) => (worker) => retire(worker).finally(retired.resolve));
      let closing: Promise<void> | undefined;
      change(place, 'claim', (claim) => async (id, worker, now) => {
        closing ??= platforms.find(({ workerId }) => workerId === worker)!.close();
        await retired.promise;
        return claim(id, worker, now);
      });
      const { execution_id: id } = await platforms[0]!.start(workflow([{ id: 'a', handler: 'test.run' }]));
      await ended(place, id);
      await closing;
    });

    it('that does not end within the grace period', async () => {
      const place = createPlace();
      const running = Promise.withResolvers<void>();
      let runs = 0;
      const platforms = await openTwo(place, () => {
        running.resolve();
        return ++runs === 1 ? new Promise(() => {}) : null;
      });
      const { execution_id: id } = await platforms[0]!.start(workflow([{ id: 'a', handler: 'test.run' }]));
      await running.promise;
      const { owner } = (await place.storage.executions.get(id))!;
      const first = platforms.find(({ workerId }) => workerId === owner)!;
      first.settings.worker.gracePeriod = 1000;
      const closing = first.close();
      await place.clock.advance(1000);
      await closing;
      await ended(place, id);
    });
  });
});

it('a cancellation that comes while the turn of its execution does is left to whoever claims that', async () => {
  const place = createPlace();
  const front = await openOver(place, { worker: { inProcess: false }, queueBackend: 'redis' });
  const steps = [{ id: 'a', handler: 'core.wait', config: { signal: 'go' } }];
  const { execution_id: id } = await front.start(workflow(steps, { concurrency: { key: 'k' } }));
  const asked = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const tried = Promise.withResolvers<void>();
  let appends = 0;
  change(place, 'append', (append) => async (given) => {
    const first = ++appends === 1;
    (first ? asked : begun).resolve();
    await (first ? begun : tried).promise;
    return append(given);
  });
  const cancelling = front.cancel(id).finally(tried.resolve);
  await asked.promise;
  const errors: unknown[] = [];
  const log = (level: string, ...line: unknown[]) => void (level === 'error' && errors.push(line));
  await openOver(place, { logger: { log } });
  await cancelling;
  await ended(place, id);
  for (let turn = 0; turn < 20; turn++) await settle();
  expect([await statusOf(place, id), errors]).toEqual(['cancelled', []]);
});

describe('a cancellation ends', () => {
  it('what waits for its turn, and lets the next one have it', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    const document = workflow([{ id: 'a', handler: 'core.wait', config: { signal: 'go' } }], {
      concurrency: { key: 'k' },
    });
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) ids.push((await platform.start(document)).execution_id);
    const [first, second, third] = ids as [string, string, string];
    await until(async () => (await statusOf(place, first)) === 'waiting');
    await platform.cancel(second, 'Never mind.');
    await ended(place, second);
    expect(await platform.execution(second)).toMatchObject({
      ...{ status: 'cancelled', error: { message: 'Never mind.' } },
      steps: { a: { status: 'cancelled' } },
    });
    expect(await statusOf(place, third)).toBe('pending');
    await platform.signal(first, 'go');
    await until(async () => (await statusOf(place, third)) === 'waiting');
  });

  it('what nobody can take up, and tells what could not be undone', async () => {
    const place = createPlace();
    const plugins = [testPlugin({ run: () => 'ran' })];
    const knowing = await openOver(place, { plugins });
    const { execution_id: id } = await knowing.start(
      workflow([
        { id: 'a', handler: 'test.run', compensate: { handler: 'test.run' } },
        { id: 'b', handler: 'core.wait', config: { signal: 'go' }, dependencies: ['a'] },
        { id: 'c', handler: 'test.run', dependencies: ['b'] },
      ]),
    );
    await until(async () => (await statusOf(place, id)) === 'waiting');
    await knowing.close();
    const unknowing = await openOver(place);
    await unknowing.signal(id, 'go');
    await until(async () => (await place.storage.executions.get(id))!.epoch > 1);
    await unknowing.cancel(id, 'Never mind.');
    await place.clock.advance(2 * minute);
    await ended(place, id);
    expect(await unknowing.execution(id)).toMatchObject({
      status: 'cancelled',
      error: { message: 'Never mind.', details: { compensation_errors: [{ step_id: 'a' }] } },
      steps: { a: { status: 'success' }, b: { status: 'cancelled' }, c: { status: 'skipped' } },
    });
  });

  it('what its own process cannot take up, once another one that can has undone it', async () => {
    const place = createPlace();
    const undone: string[] = [];
    const undo: Execute = ({ step }) => void undone.push(step.id);
    const plugins = [testPlugin({ run: () => 'ran', undo })];
    const knowing = await openOver(place, { plugins });
    const { execution_id: id } = await knowing.start(
      workflow([
        { id: 'a', handler: 'test.run', compensate: { handler: 'test.undo' } },
        { id: 'b', handler: 'core.wait', config: { signal: 'go' }, dependencies: ['a'] },
      ]),
    );
    await until(async () => (await statusOf(place, id)) === 'waiting');
    const unknowing = await openOver(place);
    await unknowing.cancel(id, 'Never mind.');
    await until(async () => {
      await place.clock.advance(1000);
      return (await place.storage.executions.get(id))?.completed_at !== undefined;
    });
    expect(undone).toEqual(['a']);
    expect(await knowing.execution(id)).toMatchObject({ status: 'cancelled', compensated: ['a'] });
  });

  describe.each(['the process that works on it', 'another process'])('given to %s', (by) => {
    it.each([
      ['failed', { handler: 'core.fail' }],
      ['cancelled', { handler: 'core.wait', config: { signal: 'never' } }],
    ])('undoing what has %s, also when its worker dies', async (status, last) => {
      const place = createPlace();
      const gate = Promise.withResolvers<void>();
      let tries = 0;
      const undo = (): Promise<void> => {
        tries++;
        return gate.promise;
      };
      const plugins = [testPlugin({ run: () => 1, undo })];
      const owner = await openOver(place, { workerId: 'owner', plugins });
      const { execution_id: id } = await owner.start(
        workflow([
          { id: 'a', handler: 'test.run', compensate: { handler: 'test.undo' } },
          { id: 'b', dependencies: ['a'], ...last },
        ]),
      );
      if (status === 'cancelled') {
        await until(async () => (await statusOf(place, id)) === 'waiting');
        await owner.cancel(id);
      }
      await until(() => tries === 1);
      const other = await openOver(place, { worker: { inProcess: false } });
      await (by === 'another process' ? other : owner).cancel(id, 'Leave it.');
      for (let turn = 0; turn < 10; turn++) await settle();
      const { epoch } = (await place.storage.executions.get(id))!;
      const dead = new Error('It is dead.');
      change(place, 'heartbeat', (heartbeat) => async (worker, ttl) => {
        if (worker === 'owner') throw dead;
        await heartbeat(worker, ttl);
      });
      change(place, 'append', (append) => async (given) => {
        if (given.epoch === epoch) throw dead;
        return append(given);
      });
      await openOver(place, { workerId: 'successor', plugins });
      await place.clock.advance(2 * minute);
      await ended(place, id, 2000);
      expect(await other.execution(id)).toMatchObject({
        status,
        error: { details: { compensation_errors: [{ step_id: 'a', code: 'STEP_CANCELLED' }] } },
      });
      expect([tries, await place.storage.executions.messages(id)]).toEqual([1, []]);
      gate.resolve();
    });
  });
});
