import { createPlatform } from '@vwmp/core/platform';
import type { Storage } from '@vwmp/core/ports';
import { readSettings } from '@vwmp/core/settings';
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
  waiting,
  workflow,
} from './testing/memory-place.ts';
import { usePlaces } from './testing/use-places.ts';

const hour = 3_600_000;
const createPlace = usePlaces();

describe('opening', () => {
  /** Parts that are opened when they are told to be, as servers take their time. */
  function slow(place: MemoryPlace) {
    const { promise, resolve: letIn } = Promise.withResolvers<void>();
    const asked: string[] = [];
    const done: string[] = [];
    const queue = createMemoryQueue({ clock: place.clock });
    const part = <T extends { open(): Promise<void> }>(name: string, what: T, error?: Error): T => ({
      ...what,
      async open() {
        asked.push(name);
        if (error) throw error;
        await promise;
        await what.open();
        done.push(name);
      },
    });
    return { asked, done, letIn, part, queue };
  }

  it('asks the storage, the queue and the bus at once', async () => {
    const place = createPlace();
    const { asked, letIn, part, queue } = slow(place);
    const parts = {
      storage: part('storage', shared(place.storage)),
      queue: part('queue', queue),
      bus: part('bus', shared(place.bus)),
    };
    const opening = openOver(place, parts);
    await expect.poll(() => asked).toEqual(['storage', 'queue', 'bus']);
    letIn();
    await opening;
  });

  it('tells of the storage first, and leaves nothing behind that is still opening', async () => {
    const place = createPlace();
    const { asked, done, letIn, part, queue } = slow(place);
    const parts = {
      storage: part('storage', shared(place.storage), new Error('The database is away.')),
      queue: part('queue', queue),
      bus: part('bus', shared(place.bus), new Error('The bus is away.')),
    };
    const opening = openOver(place, parts);
    opening.catch(() => undefined);
    await expect.poll(() => asked).toHaveLength(3);
    letIn();
    await expect(opening).rejects.toThrow('The database is away.');
    expect(done).toEqual(['queue']);
  });
});

describe('starting', () => {
  it('with the same idempotency key gives the same execution, however often and at once', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    const start = () => platform.start(waiting, {}, { idempotencyKey: 'k' });
    const started = await Promise.all([start(), start(), start()]);
    started.push(await start());
    expect(new Set(started.map(({ execution_id }) => execution_id)).size).toBe(1);
    expect(started.filter(({ created }) => created)).toHaveLength(1);
    expect((await place.storage.executions.list()).count).toBe(1);
  });

  it.each([
    ['idempotencyKey', 17, 'The idempotency key is of type number. Make text of it.'],
    ['idempotencyKey', '', 'The idempotency key is empty. Give one, or leave it out.'],
    [
      'idempotencyKey',
      'é'.repeat(501),
      'The idempotency key has 1002 bytes, more than 1000. Take a hash of it.',
    ],
    ['id', null, 'The id is of type object. Make text of it.'],
    ['id', '', 'The id is empty. Give one, or leave it out.'],
  ])('with the %s %j is refused', async (name, value, message) => {
    const platform = await openOver(createPlace());
    const refused = { code: 'VALUE_INVALID', message, retryable: false };
    await expect(platform.start(waiting, {}, { [name]: value })).rejects.toMatchObject(refused);
  });

  it('by text that is a document and no id says how a document is given', async () => {
    const platform = await openOver(createPlace());
    await expect(platform.start('name: X\nsteps: []\n')).rejects.toMatchObject({
      code: 'WORKFLOW_NOT_FOUND',
      message: expect.stringContaining('validateWorkflow(parseDocument(text))'),
    });
  });

  it('before it is open and after it was closed says what to do', async () => {
    const { settings } = readSettings({ VWMP_DATABASE_BACKEND: 'memory' }, { cwd: '/nowhere' });
    const platform = await createPlatform(settings, { queue: createMemoryQueue() });
    const refused = { code: 'ENGINE_CLOSED', message: expect.stringContaining('Call open()') };
    await expect(platform.start(waiting)).rejects.toMatchObject(refused);
    await platform.open();
    await platform.close();
    await expect(platform.start(waiting)).rejects.toMatchObject(refused);
  });

  it('more than fit at a time lets the others wait their turn', async () => {
    const place = createPlace();
    let running = 0;
    let most = 0;
    const run = async (): Promise<void> => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
    };
    const platform = await openOver(place, {
      plugins: [testPlugin({ run })],
      worker: { concurrency: 4 },
    });
    const document = workflow([{ id: 'a', handler: 'test.run' }]);
    const all = await Promise.all(Array.from({ length: 40 }, () => platform.start(document)));
    for (const { execution_id } of all) await ended(place, execution_id);
    // Those that were started here directly, and those that the queue gave out.
    expect(most).toBeLessThanOrEqual(8);
  });

  it('refuses bad parameters, unknown workflows and a platform that is not open', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    await expect(platform.start('nobody')).rejects.toMatchObject({ code: 'WORKFLOW_NOT_FOUND' });
    await expect(platform.start(waiting, { surplus: 1 })).rejects.toMatchObject({
      code: 'PARAMETERS_INVALID',
    });
    await expect(platform.start({ name: 'x', steps: [] })).rejects.toMatchObject({
      code: 'DOCUMENT_INVALID',
    });
    await platform.close();
    await expect(platform.start(waiting)).rejects.toMatchObject({ code: 'ENGINE_CLOSED' });
    expect((await place.storage.executions.list()).count).toBe(0);
  });
});

describe('cancelling', () => {
  it('one that has not begun starts none of its steps', async () => {
    const place = createPlace();
    const ran: string[] = [];
    const plugins = [testPlugin({ run: ({ step }) => void ran.push(step.id) })];
    const front = await openOver(place, { plugins, worker: { inProcess: false } });
    const { execution_id: id } = await front.start(workflow([{ id: 'a', handler: 'test.run' }]));
    await front.cancel(id, 'Never mind.');
    await openOver(place, { plugins });
    await ended(place, id);
    expect(await statusOf(place, id)).toBe('cancelled');
    expect(ran).toEqual([]);
  });
});

describe('schedules', () => {
  it('start their workflows at their times, once however many processes there are', async () => {
    const place = createPlace();
    const first = await openOver(place);
    await openOver(place);
    await first.workflows.save(
      {
        ...{ id: 'hourly', name: 'Hourly', type: 'generic', version: '0.1.0' },
        text: JSON.stringify({
          ...{ id: 'hourly', name: 'Hourly' },
          triggers: [{ schedule: '0 * * * *', parameters: { at: '${trigger.at}' } }],
          parameters: [{ name: 'at', type: 'string' }],
          steps: [{ id: 'a', handler: 'core.set', config: { value: '${parameters.at}' } }],
        }),
      },
      undefined,
    );
    const [schedule] = (await first.schedules.list()).results;
    const { next } = await first.schedules.explain(schedule!.id, { count: 3 });
    for (const _ of next) await place.clock.advance(hour);
    await until(
      async () => (await place.storage.executions.list({ status: ['success'] })).count === next.length,
    );
    const { results } = await place.storage.executions.list();
    const outputs = await Promise.all(
      results.map(async ({ id }) => (await first.execution(id))!.steps.a!.output),
    );
    expect(outputs.sort()).toEqual(next.map(({ at }) => at));
    await first.schedules.pause(schedule!.id);
    await place.clock.advance(3 * hour);
    expect((await place.storage.executions.list()).count).toBe(next.length);
    const { last } = await first.schedules.explain(schedule!.id);
    expect(last.map(({ outcome }) => outcome)).toEqual(['started', 'started', 'started']);
  });
});

describe('waiting for the end', () => {
  it('gives the execution, or how it stands when the time is over', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    const { execution_id: id } = await platform.start(waiting);
    const early = platform.wait(id, { timeout: 1000 });
    await place.clock.advance(1000);
    expect((await early).status).toBe('waiting');
    const late = platform.wait(id);
    await platform.signal(id, 'go', 1);
    expect((await late).status).toBe('success');
    await expect(platform.wait('nobody')).rejects.toMatchObject({ code: 'EXECUTION_NOT_FOUND' });
  });
});

describe('reading an execution', () => {
  it('finds none that is removed meanwhile', async () => {
    const place = createPlace();
    const { executions } = place.storage;
    const storage: Storage = { ...place.storage, executions: { ...executions, async *events() {} } };
    const platform = await openOver({ ...place, storage });
    const other = await openOver(place);
    const { execution_id: id } = await other.start(workflow([{ id: 'a', handler: 'core.fail' }]));
    await other.wait(id);
    expect(await platform.execution(id)).toBeUndefined();
    await expect(platform.wait(id)).rejects.toMatchObject({ code: 'EXECUTION_NOT_FOUND' });
  });

  it('tells nothing that a crash could undo', async () => {
    const place = createPlace();
    const held = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const { executions } = place.storage;
    const storage: Storage = {
      ...place.storage,
      executions: {
        ...executions,
        async append(facts) {
          if (facts.summary.status === 'success') {
            asked.resolve();
            await held.promise;
          }
          return executions.append(facts);
        },
      },
    };
    const plugins = [testPlugin({ act: async () => 1 })];
    const platform = await openOver({ ...place, storage }, { plugins });
    const { execution_id: id } = await platform.start(
      workflow([{ id: 'a', handler: 'test.act', config: {} }]),
    );
    await asked.promise;
    const between = await platform.execution(id);
    held.resolve();
    const after = await platform.wait(id);
    expect([between?.status, after?.status]).toEqual(['running', 'success']);
  });
});
