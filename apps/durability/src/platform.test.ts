import type { Execute, Plugin, WorkflowDocument } from '@vwmp/core';
import { createPlatform } from '@vwmp/core/platform';
import type { Storage } from '@vwmp/core/ports';
import { readSettings } from '@vwmp/core/settings';
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
import { usePlaces } from './testing/use-places.ts';

const hour = 3_600_000;
const createPlace = usePlaces();

const waiting = workflow([
  { id: 'before', handler: 'core.set', config: { value: 1 } },
  { id: 'wait', handler: 'core.wait', config: { signal: 'go' }, dependencies: ['before'] },
  { id: 'after', handler: 'core.set', config: { value: '${steps.wait.output + 1}' }, dependencies: ['wait'] },
]);

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

describe('an execution that waits', () => {
  it('belongs to nobody, and goes on when its signal comes', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    const { execution_id: id } = await platform.start(waiting);
    await until(async () => (await statusOf(place, id)) === 'waiting');
    const record = (await place.storage.executions.get(id))!;
    expect(record).not.toHaveProperty('owner');
    expect(record).not.toHaveProperty('wake_at');
    await platform.signal(id, 'go', 41);
    await ended(place, id);
    expect((await platform.execution(id))!.steps.after).toMatchObject({ status: 'success', output: 42 });
  });

  it('is woken by its timer, whenever that is, and nothing is done before', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    const { execution_id: id } = await platform.start(
      workflow([{ id: 'sleep', handler: 'core.sleep', config: { duration: '30d' } }]),
    );
    await until(async () => (await statusOf(place, id)) === 'waiting');
    await place.clock.advance(30 * 24 * hour - 1000);
    expect(await statusOf(place, id)).toBe('waiting');
    await place.clock.advance(1000);
    await ended(place, id);
    expect(await statusOf(place, id)).toBe('success');
  });

  it('is woken at its moment, not when somebody looks by chance', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    await place.clock.advance(1);
    const { execution_id: id } = await platform.start(
      workflow([{ id: 'sleep', handler: 'core.sleep', config: { duration: '2s' } }]),
    );
    await until(async () => (await statusOf(place, id)) === 'waiting');
    await place.clock.advance(1999);
    expect(await statusOf(place, id)).toBe('waiting');
    await place.clock.advance(1);
    await until(async () => (await statusOf(place, id)) === 'success');
  });

  it('keeps its secret parameters, encrypted', async () => {
    const place = createPlace();
    const seen: unknown[] = [];
    const plugins = [testPlugin({ see: ({ parameters }) => void seen.push(parameters.token) })];
    const platform = await openOver(place, { plugins });
    const document = workflow(
      [
        { id: 'wait', handler: 'core.wait', config: { signal: 'go' } },
        { id: 'see', handler: 'test.see', dependencies: ['wait'] },
      ],
      { parameters: [{ name: 'token', type: 'secret' }] },
    );
    const { execution_id: id } = await platform.start(document, { token: 'hunter22' });
    await until(async () => (await statusOf(place, id)) === 'waiting');
    await platform.close();
    const other = await openOver(place, { plugins });
    await other.signal(id, 'go');
    await ended(place, id);
    expect(seen).toEqual(['hunter22']);
    expect(JSON.stringify(await place.storage.executions.get(id))).not.toContain('hunter22');
    expect(JSON.stringify(await other.execution(id))).not.toContain('hunter22');
  });

  it('is refused when it has secrets and there is no key to keep them with', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    platform.settings.encryptionKey = undefined;
    const keyless = await createPlatform(platform.settings, {
      ...place,
      queue: createMemoryQueue(),
      storage: shared(place.storage),
      bus: shared(place.bus),
    });
    place.opened.push(keyless);
    await keyless.open();
    const document = workflow(waiting.steps, { parameters: [{ name: 'token', type: 'secret' }] });
    await expect(keyless.start(document, { token: 'x' })).rejects.toMatchObject({
      code: 'ENCRYPTION_KEY_MISSING',
    });
    expect((await place.storage.executions.list()).count).toBe(0);
  });

  it('takes a decision once, and says when there is nothing to decide', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    const { execution_id: id } = await platform.start(
      workflow([{ id: 'ok', handler: 'core.approval', config: { prompt: 'ok?' } }]),
    );
    await until(async () => (await statusOf(place, id)) === 'waiting');
    await expect(platform.decideApproval(id, 'other', { approved: true })).rejects.toMatchObject({
      code: 'STEP_NOT_WAITING',
    });
    await expect(platform.decideApproval('nobody', 'ok', { approved: true })).rejects.toMatchObject({
      code: 'EXECUTION_NOT_FOUND',
    });
    await platform.decideApproval(id, 'ok', { approved: false, by: 'Ana' });
    await ended(place, id);
    expect((await platform.execution(id))!.steps.ok).toMatchObject({
      port: 'rejected',
      output: { approved: false, by: 'Ana' },
    });
  });
});

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

describe('concurrency keys', () => {
  const limited = (policy: 'queue' | 'skip' | 'cancel'): WorkflowDocument =>
    workflow([{ id: 'wait', handler: 'core.wait', config: { signal: 'go' } }], {
      parameters: [{ name: 'env', type: 'string' }],
      concurrency: { key: '${parameters.env}', limit: 1, policy },
    });

  it('let executions with the same one take turns, in their order, and others run', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    const ids: string[] = [];
    for (const env of ['a', 'a', 'a', 'b'])
      ids.push((await platform.start(limited('queue'), { env })).execution_id);
    const statuses = () => Promise.all(ids.map((id) => statusOf(place, id)));
    await until(async () => (await statuses()).join() === 'waiting,pending,pending,waiting');
    await platform.signal(ids[0]!, 'go');
    await until(async () => (await statuses()).join() === 'success,waiting,pending,waiting');
    await platform.cancel(ids[1]!);
    await until(async () => (await statuses()).join() === 'success,cancelled,waiting,waiting');
  });

  it('refuse another one where the policy says so', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    await platform.start(limited('skip'), { env: 'a' });
    await expect(platform.start(limited('skip'), { env: 'a' })).rejects.toMatchObject({
      code: 'CONCURRENCY_LIMIT',
    });
    await platform.start(limited('skip'), { env: 'b' });
  });

  it('cancel the one in the way where the policy says so', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    const first = await platform.start(limited('cancel'), { env: 'a' });
    await until(async () => (await statusOf(place, first.execution_id)) === 'waiting');
    const second = await platform.start(limited('cancel'), { env: 'a' });
    await until(async () => (await statusOf(place, second.execution_id)) === 'waiting');
    expect(await statusOf(place, first.execution_id)).toBe('cancelled');
  });

  it('hold for a retry as its document says now', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    const start = async (document: WorkflowDocument): Promise<string> =>
      (await platform.start(document, { env: 'a' })).execution_id;
    const begun = (id: string): Promise<void> => until(async () => (await statusOf(place, id)) === 'waiting');
    const endedBefore = async (document: WorkflowDocument): Promise<string> => {
      const id = await start(document);
      await begun(id);
      await platform.cancel(id);
      await ended(place, id);
      return id;
    };

    const replaced = await endedBefore(limited('cancel'));
    const inTheWay = await start(limited('cancel'));
    await begun(inTheWay);
    const retried = await platform.retry(replaced);
    await begun(retried.execution_id);
    expect(await statusOf(place, inTheWay)).toBe('cancelled');

    const { concurrency: _, ...unlimited } = limited('queue');
    const plain = await endedBefore(unlimited);
    const corrected = await platform.retry(plain, { workflow: limited('queue') });
    expect(await statusOf(place, corrected.execution_id)).toBe('pending');
    await platform.cancel(retried.execution_id);
    await begun(corrected.execution_id);
    const freed = await platform.retry(replaced, { workflow: unlimited });
    await begun(freed.execution_id);
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

describe('sub-workflows', () => {
  const parent = (config: Record<string, unknown> = {}): WorkflowDocument =>
    workflow([{ id: 'child', handler: 'core.workflow', config: { workflow: 'child', ...config } }], {
      output: '${steps.child.output}',
    });
  const child = (steps: WorkflowDocument['steps']): WorkflowDocument => ({
    id: 'child',
    name: 'child',
    output: 'done',
    steps,
  });

  it('give their output to the step that started them, which holds nothing meanwhile', async () => {
    const place = createPlace();
    await save(place, child([{ id: 'wait', handler: 'core.wait', config: { signal: 'go' } }]));
    const platform = await openOver(place);
    const { execution_id: id } = await platform.start(parent());
    await until(async () => (await place.storage.executions.list({ status: ['waiting'] })).count === 2);
    const [started] = (await place.storage.executions.list({ parent_id: id })).results;
    await platform.signal(started!.id, 'go');
    await ended(place, id);
    expect(await platform.execution(id)).toMatchObject({ status: 'success', output: 'done' });
  });

  it('tell of their failure', async () => {
    const place = createPlace();
    await save(place, child([{ id: 'fail', handler: 'core.fail', config: { code: 'NO_STOCK' } }]));
    const platform = await openOver(place);
    const { execution_id: id } = await platform.start(parent());
    await ended(place, id);
    expect(await platform.execution(id)).toMatchObject({
      status: 'failed',
      steps: { child: { error: { code: 'CHILD_FAILED' } } },
    });
  });

  it('end with the execution that started them', async () => {
    const place = createPlace();
    await save(place, child([{ id: 'wait', handler: 'core.wait', config: { signal: 'go' } }]));
    const platform = await openOver(place);
    const { execution_id: id } = await platform.start(parent());
    await until(async () => (await place.storage.executions.list({ status: ['waiting'] })).count === 2);
    await platform.cancel(id);
    await until(async () => (await place.storage.executions.list({ status: ['cancelled'] })).count === 2);
  });

  it('are not started twice when the step that started them is run again', async () => {
    const place = createPlace();
    await save(place, child([{ id: 'a', handler: 'core.set', config: { value: 1 } }]));
    const gate = Promise.withResolvers<void>();
    let runs = 0;
    const plugins = [
      testPlugin({
        start: async ({ executions }) => {
          const id = await executions.start('child', {});
          if (++runs === 1) await gate.promise;
          return id;
        },
      }),
    ];
    const first = await openOver(place, { plugins });
    const { execution_id: id } = await first.start(workflow([{ id: 's', handler: 'test.start' }]));
    await until(async () => (await place.storage.executions.list({ parent_id: id })).count === 1);
    const closing = first.close();
    await place.clock.advance(first.settings.worker.gracePeriod);
    await closing;
    await openOver(place, { plugins });
    await ended(place, id);
    expect(runs).toBe(2);
    expect((await place.storage.executions.list({ parent_id: id })).count).toBe(1);
  });
});

describe('a step with a queue', () => {
  const document = workflow([
    { id: 'a', handler: 'core.set', config: { value: 2 } },
    {
      id: 'far',
      handler: 'test.double',
      queue: 'far',
      dependencies: ['a'],
      config: { n: '${steps.a.output}' },
      retry: { attempts: 3, delay: 0 },
    },
    { id: 'b', handler: 'core.set', dependencies: ['far'], config: { value: '${steps.far.output + 1}' } },
  ]);

  it('runs on a worker of that queue, retries included, while nobody holds the execution', async () => {
    const place = createPlace();
    const queue = createMemoryQueue({ clock: place.clock });
    const ran: [string, number][] = [];
    const double = (worker: string): Plugin =>
      testPlugin({
        double: ({ config, attempt }) => {
          ran.push([worker, attempt]);
          if (attempt < 3) throw new Error('not yet');
          return (config as unknown as { n: number }).n * 2;
        },
      });
    const near = await openOver(place, {
      queue: shared(queue),
      plugins: [double('near')],
      worker: { unified: false, queues: ['executions'] },
    });
    const { execution_id: id } = await near.start(document);
    await until(async () => (await place.storage.executions.get(id))!.owner === undefined);
    expect(ran).toEqual([]);
    await openOver(place, {
      queue: shared(queue),
      plugins: [double('far')],
      worker: { unified: false, queues: ['far'] },
    });
    await until(async () => {
      await place.clock.advance(1000);
      return (await place.storage.executions.get(id))!.completed_at !== undefined;
    });
    expect(ran).toEqual([
      ['far', 1],
      ['far', 2],
      ['far', 3],
    ]);
    expect((await near.execution(id))!.steps.b).toMatchObject({ output: 5 });
  });

  it('is aborted over there when the execution is cancelled', async () => {
    const place = createPlace();
    const aborted = Promise.withResolvers<void>();
    const running = Promise.withResolvers<void>();
    const double: Execute = ({ signal }) =>
      new Promise((_, reject) => {
        running.resolve();
        signal.addEventListener('abort', () => {
          aborted.resolve();
          reject(new Error('aborted'));
        });
      });
    const platform = await openOver(place, { plugins: [testPlugin({ double })] });
    const { execution_id: id } = await platform.start(document);
    await running.promise;
    await platform.cancel(id);
    await aborted.promise;
    await ended(place, id);
    expect((await platform.execution(id))!.steps.far!.status).toBe('cancelled');
  });
});

describe('retrying', () => {
  const steps = (value: unknown): WorkflowDocument['steps'] => [
    { id: 'a', handler: 'test.count' },
    { id: 'b', handler: 'test.count', dependencies: ['a'] },
    value === undefined
      ? { id: 'c', handler: 'core.fail', dependencies: ['b'] }
      : { id: 'c', handler: 'core.set', dependencies: ['b'], config: { value } },
    { id: 'd', handler: 'test.count', dependencies: ['c'] },
  ];

  it('keeps what had succeeded, and runs the rest with the corrected document', async () => {
    const place = createPlace();
    const ran: string[] = [];
    const platform = await openOver(place, {
      plugins: [testPlugin({ count: ({ step }) => void ran.push(step.id) })],
    });
    const first = await platform.start(workflow(steps(undefined)));
    await expect(platform.retry('nobody')).rejects.toMatchObject({ code: 'EXECUTION_NOT_FOUND' });
    await ended(place, first.execution_id);
    const second = await platform.retry(first.execution_id, { workflow: workflow(steps('mended')) });
    await ended(place, second.execution_id);
    expect(ran).toEqual(['a', 'b', 'd']);
    expect(await platform.execution(second.execution_id)).toMatchObject({
      status: 'success',
      steps: { c: { output: 'mended' } },
    });
    expect((await place.storage.executions.get(second.execution_id))!.origin).toMatchObject({
      retry_of: first.execution_id,
    });
    await expect(platform.retry(second.execution_id)).rejects.toMatchObject({ code: 'RETRY_INVALID' });
    await expect(platform.retry(second.execution_id, { from: 'x' })).rejects.toMatchObject({
      code: 'RETRY_INVALID',
    });
    const third = await platform.retry(second.execution_id, { from: 'b' });
    await ended(place, third.execution_id);
    expect(ran).toEqual(['a', 'b', 'd', 'b', 'd']);
    expect(await statusOf(place, first.execution_id)).toBe('failed');
  });

  it('happens once under a key, however often it is asked for', async () => {
    const place = createPlace();
    const ran: string[] = [];
    const platform = await openOver(place, {
      plugins: [testPlugin({ count: ({ step }) => void ran.push(step.id) })],
    });
    const first = await platform.start(workflow(steps(undefined)));
    await ended(place, first.execution_id);
    const again = () =>
      platform.retry(first.execution_id, { idempotencyKey: 'once', workflow: workflow(steps('mended')) });
    const all = await Promise.all([again(), again(), again()]);
    expect(all.filter(({ created }) => created)).toHaveLength(1);
    const { execution_id } = all[0]!;
    await ended(place, execution_id);
    expect(await again()).toEqual({ execution_id, created: false });
    expect(new Set(all.map((each) => each.execution_id)).size).toBe(1);
    expect(ran).toEqual(['a', 'b', 'd']);
    const refused = platform.retry(first.execution_id, { idempotencyKey: '' });
    await expect(refused).rejects.toMatchObject({ code: 'VALUE_INVALID' });
  });

  it('makes the output alone again where only that could not be made', async () => {
    const place = createPlace();
    const ran: string[] = [];
    const platform = await openOver(place, {
      plugins: [testPlugin({ count: ({ step }) => void ran.push(step.id) })],
    });
    const counting = (output: string) => workflow([{ id: 'a', handler: 'test.count' }], { output });
    const first = await platform.start(counting('${steps.a.output.missing}'));
    expect(await platform.wait(first.execution_id)).toMatchObject({ status: 'failed' });
    const second = await platform.retry(first.execution_id, {
      workflow: counting('${steps.a.status}'),
    });
    expect(await platform.wait(second.execution_id)).toMatchObject({ status: 'success', output: 'success' });
    expect(ran).toEqual(['a']);
  });

  it.each([
    ['condition', { when: '${1 > 2}' }, { when: '${2 > 1}' }, 'success'],
    ['switch', { enabled: false }, { enabled: true }, 'success'],
    ['name alone', { when: '${1 > 2}', name: 'Old' }, { when: '${1 > 2}', name: 'New' }, 'skipped'],
  ])('decides anew on a step that was skipped when its %s is corrected', async (_, before, after, then) => {
    const place = createPlace();
    const platform = await openOver(place);
    const set = { handler: 'core.set', config: { value: 1 } };
    const document = (change: object, last: { handler: string }): WorkflowDocument =>
      workflow([
        { id: 'a', ...set, ...change },
        { id: 'b', ...last },
      ]);
    const first = await platform.start(document(before, { handler: 'core.fail' }));
    expect((await platform.wait(first.execution_id))?.steps.a?.status).toBe('skipped');
    const second = await platform.retry(first.execution_id, { workflow: document(after, set) });
    expect((await platform.wait(second.execution_id))?.steps.a?.status).toBe(then);
  });

  it('needs an execution that has ended', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    const { execution_id } = await platform.start(waiting);
    await expect(platform.retry(execution_id)).rejects.toMatchObject({ code: 'RETRY_INVALID' });
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
