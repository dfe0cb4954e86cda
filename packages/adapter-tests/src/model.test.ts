import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileExecutionStore } from '@vwmp/core/file';
import { createMemoryExecutionStore } from '@vwmp/core/memory';
import type { Append, ExecutionStore, Message } from '@vwmp/core/ports';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Answer, Model, type Operation, type Wake } from './model.ts';
import { completion, creation, progress, summaryOf } from './samples.ts';

const ids = ['a', 'b', 'c', 'd'];
const workers = ['w1', 'w2'];
const id = fc.constantFrom(...ids);
const worker = fc.constantFrom(...workers);
const wake = fc.oneof(
  fc.constantFrom('missing' as const, 'never' as const),
  fc.integer({ min: -50, max: 200 }),
);

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({
    ...{ op: fc.constant('create' as const), id, wake },
    owner: fc.option(worker, { nil: undefined }),
    limit: fc.constantFrom(undefined, 1),
  }),
  fc.record({
    ...{ op: fc.constant('append' as const), id, wake },
    as: fc.constantFrom(
      'owner' as const,
      'owner' as const,
      'owner' as const,
      'stale' as const,
      'late' as const,
    ),
    give: fc.constantFrom('keep', 'keep', 'back', ...workers),
    handle: fc.integer({ min: 0, max: 3 }),
    tell: fc.array(id, { maxLength: 2 }),
    end: fc.boolean(),
  }),
  fc.record({ op: fc.constant('post' as const), id, message: fc.constantFrom('m1', 'm2', 'm3') }),
  fc.record({ op: fc.constant('claim' as const), id, worker }),
  fc.record({ op: fc.constant('heartbeat' as const), worker, ttl: fc.integer({ min: 1, max: 100 }) }),
  fc.record({ op: fc.constant('retire' as const), worker }),
  fc.record({ op: fc.constant('pass' as const), time: fc.integer({ min: 1, max: 60 }) }),
);

const operations = fc.array(operation, { minLength: 5, maxLength: 40 });

test('the memory store does what the model does', async () => {
  await fc.assert(
    fc.asyncProperty(operations, async (sequence) => {
      const model = new Model();
      const store = createMemoryExecutionStore({ clock: { now: () => model.now } });
      await store.open();
      await agree(model, [store], sequence);
      await store.close();
    }),
    { numRuns: 1000 },
  );
});

test('two file stores over one folder do what the model does', async () => {
  await fc.assert(
    fc.asyncProperty(operations, async (sequence) => {
      const model = new Model();
      const folder = await mkdtemp(join(tmpdir(), 'vwmp-model-'));
      const make = () => createFileExecutionStore({ folder, clock: { now: () => model.now } });
      const stores = [make(), make()];
      for (const store of stores) await store.open();
      try {
        await agree(model, stores, sequence);
      } finally {
        for (const store of stores) await store.close();
        await rm(folder, { recursive: true });
      }
    }),
    { numRuns: 100 },
  );
});

/** Carries out a sequence, each operation on the next store, and compares everything that can be seen. */
async function agree(model: Model, stores: ExecutionStore[], sequence: readonly Operation[]): Promise<void> {
  for (const [n, each] of sequence.entries()) {
    const store = stores[n % stores.length]!;
    const { expected, real } = prepare(model, store, each);
    expect(await answerOf(real), `operation ${n}`).toEqual(expected);
    await compare(model, stores[(n + 1) % stores.length]!);
  }
}

async function answerOf(real: () => Promise<unknown>): Promise<Answer> {
  try {
    return { value: await real() };
  } catch (error) {
    return { code: String((error as { code?: unknown }).code) };
  }
}

async function compare(model: Model, store: ExecutionStore): Promise<void> {
  const ready = model.ready();
  expect((await store.ready(model.now, 100)).sort()).toEqual([...ready].sort());
  const next = await store.nextReady();
  if (ready.length > 0) expect(next).toBeLessThanOrEqual(model.now);
  else expect(next).toBe(model.nextLater());
  for (const { id, seq, epoch, owner, wake, messages } of model.executions) {
    const record = await store.get(id);
    const wake_at = wake && new Date(wake.at).toISOString();
    expect(record).toMatchObject({ seq, epoch });
    expect({ owner: record?.owner, wake_at: record?.wake_at }).toEqual({ owner, wake_at });
    expect(await store.messages(id)).toEqual(messages);
  }
  for (const name of workers) {
    const mail = model.executions.filter(({ owner, messages }) => owner === name && messages.length > 0);
    expect((await store.mail(name)).sort()).toEqual(mail.map(({ id }) => id).sort());
  }
}

interface Step {
  expected: Answer;
  real(): Promise<unknown>;
}

/** Carries an operation out on the model, and says how to do so on a store. */
function prepare(model: Model, store: ExecutionStore, each: Operation): Step {
  const nothing = { value: undefined };
  switch (each.op) {
    case 'pass':
      model.now += each.time;
      return { expected: nothing, real: async () => undefined };
    case 'heartbeat':
      model.leases.set(each.worker, model.now + each.ttl);
      return { expected: nothing, real: () => store.heartbeat(each.worker, each.ttl) };
    case 'retire':
      model.leases.delete(each.worker);
      return { expected: nothing, real: () => store.retire(each.worker) };
    case 'claim':
      return claim(model, store, each);
    case 'post':
      return post(model, store, each);
    case 'create':
      return create(model, store, each);
    case 'append':
      return append(model, store, each);
  }
}

function claim(model: Model, store: ExecutionStore, { id, worker }: Operation & { op: 'claim' }): Step {
  const real = async () => {
    const record = await store.claim(id, worker, model.now);
    return record && { owner: record.owner, epoch: record.epoch };
  };
  const found = model.find(id);
  if (!found || !model.isReady(found) || !model.isRunning(worker))
    return { expected: { value: undefined }, real };
  found.epoch++;
  found.owner = worker;
  found.wake = undefined;
  return { expected: { value: { owner: worker, epoch: found.epoch } }, real };
}

function post(model: Model, store: ExecutionStore, { id, message }: Operation & { op: 'post' }): Step {
  const sent: Message = { id: `${id}-${message}`, execution_id: id, body: message };
  const real = async () => names([await store.post(sent)]);
  const found = model.find(id);
  if (!found) return { expected: { code: 'EXECUTION_NOT_FOUND' }, real };
  if (found.ended) return { expected: { code: 'EXECUTION_NOT_ACTIVE' }, real };
  model.deliver(found, sent);
  return { expected: { value: [model.wokenOf(found)] }, real };
}

function create(model: Model, store: ExecutionStore, given: Operation & { op: 'create' }): Step {
  const { id, owner, limit } = given;
  const base = creation(id, limit === undefined ? {} : { status: 'pending' });
  const origin =
    limit === undefined ? undefined : { concurrency: { key: 'k', limit, policy: 'queue' as const } };
  const real = async () =>
    names(await store.append({ ...base, owner, wake_at: wakeAt(model.now, given.wake), origin }));
  if (model.find(id)) return { expected: { code: 'ALREADY_EXISTS' }, real };
  const made = {
    ...{ id, order: model.executions.length, seq: 1, epoch: 1, begun: limit === undefined, ended: false },
    ...{ owner, limit, messages: [], wake: owner === undefined ? wakeOf(model.now, given.wake) : undefined },
  };
  model.executions.push(made);
  const woken = owner === undefined && model.isReady(made) ? [id] : [];
  return { expected: { value: woken }, real };
}

function append(model: Model, store: ExecutionStore, given: Operation & { op: 'append' }): Step {
  const { id, as, give, end, tell } = given;
  const found = model.find(id);
  if (!found) {
    const real = async () => names(await store.append(progress(id, 3)));
    return { expected: { code: 'VERSION_CONFLICT' }, real };
  }
  // One that has ended stays so here.
  if (found.ended) return { expected: { value: undefined }, real: async () => undefined };
  const epoch = as === 'stale' ? found.epoch - 1 : found.epoch;
  const seq = as === 'late' ? found.seq + 1 : found.seq;
  const handled = found.messages.slice(0, given.handle).map((message) => message.id);
  const messages = tell.map((to) => ({ id: model.messageId(), execution_id: to, body: null }));
  const begins = found.begun || (found.owner !== undefined && model.isCalled(found));
  const summary = summaryOf(id, begins ? {} : { status: 'pending' });
  const change: Append = {
    ...{ ...progress(id, seq), summary, epoch, handled, messages },
    ...(end && { ...completion(id, seq), epoch }),
    owner: give === 'keep' ? undefined : give === 'back' ? null : give,
    wake_at: wakeAt(model.now, given.wake),
  };
  const real = async () => names(await store.append(change));
  if (as === 'stale') return { expected: { code: 'FENCED' }, real };
  if (as === 'late') return { expected: { code: 'VERSION_CONFLICT' }, real };

  const others = model.executions.filter((other) => other !== found);
  const before = new Set(others.filter((other) => model.isReady(other)));
  const wasFree = found.owner === undefined && model.isReady(found);
  found.seq++;
  found.begun = begins;
  found.messages = found.messages.filter((message) => !handled.includes(message.id));
  const handsBack = give === 'back';
  found.owner = give === 'keep' ? found.owner : handsBack ? undefined : give;
  if (end) Object.assign(found, { ended: true, owner: undefined, wake: undefined, messages: [] });
  else if (found.owner !== undefined) found.wake = undefined;
  else if (found.messages.length > 0) model.wakeOnce(found);
  else if (given.wake !== 'missing') found.wake = wakeOf(model.now, given.wake);
  else if (handsBack) model.wakeOnce(found);

  const woken = new Set<string>();
  if (found.owner === undefined && model.isReady(found) && !wasFree) woken.add(id);
  for (const other of others) {
    if (other.owner === undefined && model.isReady(other) && !before.has(other)) woken.add(other.id);
  }
  for (const message of messages) {
    const to = model.find(message.execution_id);
    if (!to || to.ended) continue;
    model.deliver(to, message);
    woken.add(to.id);
  }
  const expected = [...woken].map((name) => model.wokenOf(model.find(name)!)).sort();
  return { expected: { value: expected }, real };
}

function names(woken: readonly { execution_id: string; owner?: string }[]): string[] {
  return woken
    .map(({ execution_id, owner }) => (owner === undefined ? execution_id : `${execution_id} ${owner}`))
    .sort();
}

function wakeAt(now: number, wake: Wake): string | null | undefined {
  if (wake === 'missing') return undefined;
  return wake === 'never' ? null : new Date(now + wake).toISOString();
}

function wakeOf(now: number, wake: Wake): { at: number; once: boolean } | undefined {
  if (wake === 'never') return undefined;
  return wake === 'missing' ? { at: now, once: true } : { at: now + wake, once: false };
}
