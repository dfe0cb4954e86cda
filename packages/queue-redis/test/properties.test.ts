import { type JsonValue, VwmpError } from '@vwmp/core';
import type { QueueBackend, Task } from '@vwmp/core/ports';
import { createMemoryQueue } from '@vwmp/queue-memory';
import { type RedisServer, startRedis } from '@vwmp/test-servers';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRedisQueue } from '../src/index.ts';
import { until } from './wait.ts';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as JsonValue);
const priority = fc.constantFrom(-3, 0, 0, 0, 1, 7);
const name = fc.string({ unit: 'grapheme', maxLength: 12 });
let runs = 0;

/** What a task is to do. */
interface Plan {
  input: JsonValue;
  priority: number;
  attempts: number;
  /** So many attempts fail. */
  failures: number;
  /** The first failure says that no other attempt can help. */
  final: boolean;
  /** The first worker hands it back. */
  returned: boolean;
  key: string | undefined;
}

const plans = fc.array(
  fc.record<Plan>({
    ...{
      input: json,
      priority,
      attempts: fc.integer({ min: 1, max: 4 }),
      failures: fc.integer({ min: 0, max: 4 }),
    },
    ...{ final: fc.boolean(), returned: fc.boolean(), key: fc.constantFrom(undefined, undefined, 'a', 'b') },
  }),
  { minLength: 1, maxLength: 12 },
);

test('Property 4: with sync processing the task has run before enqueue returns; without it, it runs later', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      name,
      fc.array(
        fc.record({
          payload: json,
          priority,
          fails: fc.boolean(),
          consumers: fc.integer({ min: 1, max: 3 }),
        }),
        {
          ...{ minLength: 1, maxLength: 8 },
        },
      ),
      async (sync, queueName, tasks) => {
        const queue = createMemoryQueue({ sync });
        await queue.open();
        const ran: JsonValue[] = [];
        for (let count = 0; count < tasks[0]!.consumers; count++) {
          queue.consume(queueName, {}, async ({ payload }) => {
            const { number, fails } = payload as { number: number; fails: boolean };
            ran.push(number);
            if (fails) throw new Error('on purpose');
            return number;
          });
        }
        for (const [number, { payload, fails, ...options }] of tasks.entries()) {
          const enqueued = queue.enqueue(
            queueName,
            { name: 'n', payload: { number, fails, payload } },
            options,
          );
          // At the earliest after the call, at the latest before its promise is kept.
          if (!sync) expect(ran).not.toContain(number);
          await enqueued;
          expect(ran.includes(number)).toBe(sync);
          await until(() => ran.includes(number));
        }
        expect(ran).toEqual([...tasks.keys()]);
        await queue.close();
      },
    ),
    { numRuns: 150 },
  );
});

test('Property 5: a task gives the same result from the Redis and the memory queue', async () => {
  const redis = createRedisQueue({ url: server.url, prefix: 'property-5' });
  const memory = createMemoryQueue();
  await Promise.all([redis.open(), memory.open()]);
  await fc.assert(
    fc.asyncProperty(name, plans, async (queueName, batch) => {
      const unique = `${queueName} ${++runs}`;
      const [fromRedis, fromMemory] = [
        await carryOut(redis, unique, batch),
        await carryOut(memory, unique, batch),
      ];
      expect(fromRedis).toEqual(fromMemory);
    }),
    { numRuns: 150 },
  );
  await Promise.all([redis.close(), memory.close()]);
});

test('Property 6, the queues: tasks survive a restart with Redis and do not with memory', async () => {
  let shared = createRedisQueue({ url: server.url, prefix: 'property-6' });
  await shared.open();
  const tasks = fc.array(
    fc.record({ payload: json, priority, delay: fc.constantFrom(0, 0, 0, 20), taken: fc.boolean() }),
    { minLength: 1, maxLength: 10 },
  );
  await fc.assert(
    fc.asyncProperty(tasks, fc.integer({ min: 0, max: 9 }), async (batch, restart) => {
      const queueName = `q ${++runs}`;
      const memory = createMemoryQueue();
      await memory.open();
      const ids = new Map<string, JsonValue>();
      for (const { payload, priority: rank, delay } of batch) {
        const options = { priority: rank, delay };
        ids.set(await shared.enqueue(queueName, { name: 'n', payload }, options), payload);
        await memory.enqueue(queueName, { name: 'n', payload }, options);
      }
      // Some are being worked on when the process ends.
      for (const { taken } of batch) if (taken) await shared.getTask(queueName, 0);

      await Promise.all([shared.close(), memory.close()]);
      if (restart === 0) await server.restart();
      const next = createMemoryQueue();
      shared = createRedisQueue({ url: server.url, prefix: 'property-6' });
      await Promise.all([shared.open(), next.open()]);

      expect(await next.queues()).toEqual([]);
      expect(await next.getTask(queueName, 0)).toBeUndefined();
      const found = new Map<string, JsonValue>();
      for (let count = 0; count < batch.length; count++) {
        const task = await shared.getTask(queueName, 10_000);
        expect(task).toMatchObject({ name: 'n', queue: queueName, attempt: 1 });
        found.set(task!.id, task!.payload);
        await shared.markComplete(task!);
      }
      expect(found).toEqual(ids);
      expect(await shared.getTask(queueName, 0)).toBeUndefined();
      await next.close();
    }),
    { numRuns: 100 },
  );
  await shared.close();
});

/** Runs tasks one at a time. @returns all that can be seen of it */
async function carryOut(queue: QueueBackend, queueName: string, batch: readonly Plan[]): Promise<unknown> {
  const ids = new Map<string, number>();
  const added: number[] = [];
  for (const [number, { input, priority: rank, attempts, key }] of batch.entries()) {
    const payload = { number, input };
    const options = { priority: rank, attempts, backoff: 0, ...(key !== undefined && { dedupe: key }) };
    const id = await queue.enqueue(queueName, { name: `task ${number}`, payload }, options);
    if (!ids.has(id)) ids.set(id, number);
    // Of those with one key the first counts.
    added.push(ids.get(id)!);
  }
  const seen: unknown[] = [];
  const returned = new Set<number>();
  const consumer = queue.consume(queueName, {}, async (task: Task) => {
    const { number, input } = task.payload as { number: number; input: JsonValue };
    const plan = batch[number]!;
    const note = (result: unknown): void => {
      seen.push({ number, name: task.name, attempt: task.attempt, known: ids.get(task.id), result });
    };
    if (plan.returned && !returned.has(number)) {
      returned.add(number);
      note('returned');
      throw new VwmpError('TASK_RETURNED', 'This worker ends.');
    }
    if (task.attempt <= plan.failures) {
      note('failed');
      throw new VwmpError('PLANNED', `attempt ${task.attempt}`, {
        details: { input },
        retryable: !plan.final,
      });
    }
    note({ output: input });
    return { output: input };
  });
  await until(async () => {
    const { waiting, delayed, active } = await queue.counts(queueName);
    return waiting + delayed + active === 0;
  });
  await consumer.close();
  const { results: letters } = await queue.dead(queueName, { limit: 100 });
  const dead = letters.map(({ task, error }) => ({
    number: ids.get(task.id)!,
    attempt: task.attempt,
    error,
  }));
  const { dead_since: _, ...counts } = await queue.counts(queueName);
  // Two that fail within a millisecond have no order.
  return {
    added,
    seen,
    dead: dead.sort((a, b) => a.number - b.number),
    counts,
  };
}
