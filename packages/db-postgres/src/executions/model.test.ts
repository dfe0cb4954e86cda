import { randomUUID } from 'node:crypto';
import { completion, creation, progress } from '@vwmp/adapter-tests/samples';
import type { Append, ExecutionStore, Storage, Woken } from '@vwmp/core';
import { createMemoryExecutionStore } from '@vwmp/core/memory';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPostgresStorage } from '../storage.ts';
import { sql, temporaryDatabase } from '../testing/place.ts';

// What is done at random has the same outcome here as in memory, where it is written in another way.

let database: Awaited<ReturnType<typeof temporaryDatabase>>;
let storage: Storage;
beforeAll(async () => {
  database = await temporaryDatabase();
  storage = createPostgresStorage({ url: database.url });
  await storage.open();
});
afterAll(async () => {
  await storage.close();
  await database.drop();
});

const past = '2020-01-01T00:00:00.000Z';
const future = '2100-01-01T00:00:00.000Z';

const nameArb = fc.constantFrom('e1', 'e2', 'e3', 'e4', 'e5');
const workerArb = fc.constantFrom('w1', 'w2', 'w3');
const wakeArb = fc.constantFrom(undefined, undefined, null, past, future);
const ownerArb = fc.oneof(fc.constantFrom(undefined, undefined, null), workerArb);
const mailArb = fc.array(fc.record({ to: nameArb, id: fc.constantFrom('m1', 'm2', 'm3', 'm4') }), {
  maxLength: 2,
});

const createArb = fc.record({
  kind: fc.constant('create' as const),
  id: nameArb,
  status: fc.constantFrom('pending', 'running', 'waiting'),
  owner: ownerArb,
  wake: wakeArb,
  epoch: fc.nat(1),
  key: fc.constantFrom(undefined, undefined, 'k1', 'k2'),
  concurrency: fc.option(
    fc.record({
      key: fc.constantFrom('c1', 'c2'),
      limit: fc.integer({ min: 1, max: 2 }),
      policy: fc.constantFrom('queue', 'skip'),
    }),
    { nil: undefined },
  ),
  mail: mailArb,
});
const changeArb = fc.record({
  kind: fc.constant('change' as const),
  id: nameArb,
  /** How far off what it expects is; mostly it is right. */
  off: fc.constantFrom(0, 0, 0, 0, 0, -1, 1),
  epoch: fc.constantFrom(0, 0, 0, 1, -1),
  events: fc.integer({ min: 0, max: 3 }),
  end: fc.boolean(),
  status: fc.constantFrom('pending', 'running', 'running', 'waiting'),
  owner: ownerArb,
  wake: wakeArb,
  handled: fc.array(fc.constantFrom('m1', 'm2', 'm3', 'm4'), { maxLength: 2 }),
  mail: mailArb,
});
const otherArb = fc.oneof(
  fc.record({ kind: fc.constant('claim' as const), id: nameArb, worker: workerArb }),
  fc.record({
    kind: fc.constant('post' as const),
    id: nameArb,
    message: fc.constantFrom('m1', 'm2', 'm3', 'm5'),
  }),
  fc.record({ kind: fc.constant('heartbeat' as const), worker: workerArb }),
  fc.record({ kind: fc.constant('retire' as const), worker: workerArb }),
  fc.record({ kind: fc.constant('prune' as const), id: nameArb }),
);

type Command =
  | (typeof createArb extends fc.Arbitrary<infer C> ? C : never)
  | (typeof changeArb extends fc.Arbitrary<infer C> ? C : never)
  | (typeof otherArb extends fc.Arbitrary<infer C> ? C : never);

/** A plain life of an execution is what most of them have: it takes other ways through the store. */
const plainArb = nameArb.map((id): Command[] => [
  { kind: 'heartbeat', worker: 'w1' },
  {
    ...{ kind: 'create', id, status: 'running', owner: 'w1', wake: undefined, epoch: 1, mail: [] },
    ...{ key: undefined, concurrency: undefined },
  },
  ...[false, false, true].map(
    (end): Command => ({
      ...{ kind: 'change', id, off: 0, epoch: 0, events: 1, end, status: 'running', owner: undefined },
      ...{ wake: undefined, handled: [], mail: [] },
    }),
  ),
]);
const commandsArb: fc.Arbitrary<Command[]> = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: createArb.map((c): Command[] => [c]) },
      { weight: 6, arbitrary: changeArb.map((c): Command[] => [c]) },
      { weight: 5, arbitrary: otherArb.map((c): Command[] => [c]) },
      { weight: 1, arbitrary: plainArb },
    ),
    { minLength: 5, maxLength: 60 },
  )
  .map((lists) => lists.flat());

/** Carries a command out, with names that are of this run alone. */
async function carryOut(command: Command, store: ExecutionStore, run: string): Promise<unknown> {
  const name = (text: string): string => `${run}.${text}`;
  const plain = (woken: readonly Woken[]) =>
    woken.map(({ execution_id, owner }) => `${execution_id} ${owner ?? '-'}`).sort();
  const messagesOf = (mail: { to: string; id: string }[], from: string) =>
    mail
      .filter(({ to }) => to !== from)
      .map(({ to, id }) => ({ id: name(id), execution_id: name(to), body: `${from} to ${to}` }));
  switch (command.kind) {
    case 'create': {
      const { id, status, owner, wake, epoch, key, concurrency, mail } = command;
      const append: Append = {
        ...creation(name(id), { status: status as 'pending', workflow_id: name('workflow') }, epoch),
        ...{ wake_at: wake, owner: typeof owner === 'string' ? name(owner) : owner },
        origin: {
          ...(key && { idempotency_key: key }),
          ...(concurrency && {
            concurrency: {
              ...concurrency,
              key: name(concurrency.key),
              policy: concurrency.policy as 'queue',
            },
          }),
        },
        messages: messagesOf(mail, id),
      };
      return plain(await store.append(append));
    }
    case 'change': {
      const { id, off, end, owner, wake, handled, mail } = command;
      const before = await store.get(name(id));
      // In memory one that goes on after its end as pending does not get in line again.
      const status = before?.completed_at === undefined ? command.status : 'running';
      const seq = Math.max((before?.seq ?? 1) + off, 1);
      const base = end ? completion(name(id), seq) : progress(name(id), seq, command.events);
      const append: Append = {
        ...base,
        epoch: Math.max((before?.epoch ?? 0) + command.epoch, 0),
        summary: {
          ...base.summary,
          workflow_id: name('workflow'),
          ...(!end && { status: status as 'pending' }),
          ...(end && { error: { code: 'STEP_FAILED', message: 'It \0 failed.' } }),
        },
        ...{ owner: typeof owner === 'string' ? name(owner) : owner, wake_at: wake },
        ...{ handled: handled.map(name), messages: messagesOf(mail, id) },
      };
      return plain(await store.append(append));
    }
    case 'claim': {
      const claimed = await store.claim(name(command.id), name(command.worker), Date.now());
      if (!claimed) return undefined;
      const { history, inbox, ...record } = claimed;
      // Only some stores bring them along: what they bring is what is there.
      if (history) expect(history).toEqual(await collect(store.events(record.id)));
      if (inbox) expect(inbox).toEqual(await store.messages(record.id));
      return { ...record, document: record.document.id };
    }
    case 'post': {
      const message = { id: name(command.message), execution_id: name(command.id), body: 'posted' };
      return plain([await store.post(message)]);
    }
    case 'heartbeat':
      return await store.heartbeat(name(command.worker), 3_600_000);
    case 'retire':
      return await store.retire(name(command.worker));
    case 'prune':
      return await store.prune({ workflow_id: name('workflow'), max_count: 1 }, Date.now(), 1);
  }
}

async function outcomeOf(command: Command, store: ExecutionStore, run: string): Promise<unknown> {
  try {
    return await carryOut(command, store, run);
  } catch (error) {
    const { code, details } = error as { code?: string; details?: unknown };
    return { code: code ?? String(error), details: code === 'ALREADY_EXISTS' ? details : undefined };
  }
}

/** All that can be seen of a run, without times that depend on the clock. */
async function stateOf(store: ExecutionStore, run: string): Promise<unknown> {
  const ids = ['e1', 'e2', 'e3', 'e4', 'e5'].map((id) => `${run}.${id}`);
  const state: Record<string, unknown> = {};
  for (const id of ids) {
    const record = await store.get(id);
    if (!record) continue;
    const { wake_at, document, ...rest } = record;
    const told = wake_at === past || wake_at === future;
    state[id] = { ...rest, document: document.id, wakes: told ? wake_at : wake_at !== undefined };
    state[`${id} messages`] = await store.messages(id);
    const events = [];
    for await (const event of store.events(id)) events.push(event);
    state[`${id} events`] = events;
  }
  state.ready = (await store.ready(Date.now(), 100_000)).filter((id) => id.startsWith(run)).sort();
  for (const worker of ['w1', 'w2', 'w3']) state[worker] = (await store.mail(`${run}.${worker}`)).sort();
  const { results, count } = await store.list({ workflow_id: `${run}.workflow` });
  state.list = { count, ids: results.map(({ id, status }) => `${id} ${status}`).sort() };
  return state;
}

test('one after the other', async () => {
  await fc.assert(
    fc.asyncProperty(commandsArb, async (commands) => {
      const memory = createMemoryExecutionStore({ maxCompleted: 1000 });
      await memory.open();
      const run = randomUUID();
      for (const [n, command] of commands.entries()) {
        const expected = await outcomeOf(command, memory, run);
        expect(await outcomeOf(command, storage.executions, run), `${n} ${command.kind}`).toEqual(expected);
      }
      expect(await stateOf(storage.executions, run)).toEqual(await stateOf(memory, run));
      await memory.close();
    }),
    { numRuns: 150 },
  );
  expect(await storage.maintenance!.check()).toEqual([]);
}, 300_000);

test('many at the same time, each in a world of its own', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(commandsArb, { minLength: 2, maxLength: 12 }), async (worlds) => {
      const runs = worlds.map(() => randomUUID());
      const memory = createMemoryExecutionStore({ maxCompleted: 1000 });
      await memory.open();
      const longest = Math.max(...worlds.map(({ length }) => length));
      for (let n = 0; n < longest; n++) {
        const here = worlds.map(async (commands, world) => {
          const command = commands[n];
          return command && (await outcomeOf(command, storage.executions, runs[world]!));
        });
        const found = await Promise.all(here);
        for (const [world, commands] of worlds.entries()) {
          const command = commands[n];
          if (command)
            expect(found[world], command.kind).toEqual(await outcomeOf(command, memory, runs[world]!));
        }
      }
      for (const run of runs)
        expect(await stateOf(storage.executions, run)).toEqual(await stateOf(memory, run));
      await memory.close();
    }),
    { numRuns: 40 },
  );
  expect(await storage.maintenance!.check()).toEqual([]);
  expect(
    await sql(
      database.url,
      'select count(*) from executions where owner is not null and ready_since is not null',
    ),
  ).toEqual([['0']]);
}, 300_000);

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
