import { queueBackendCases } from '@vwmp/adapter-tests';
import type { JsonValue } from '@vwmp/core';
import type { EnqueueOptions, NewTask, QueueBackend, Task } from '@vwmp/core/ports';
import { expect, test } from 'vitest';
import { memoryPlace } from '../test/place.ts';

/** Queues that are broken on purpose: a suite that passes them proves nothing. */
const broken: Record<string, (queue: QueueBackend) => Partial<QueueBackend>> = {
  'loses a task': (queue) => {
    let count = 0;
    return {
      enqueue: async (name, task, options) =>
        ++count % 7 === 0 ? `lost-${count}` : queue.enqueue(name, task, options),
    };
  },
  'delivers a task again after it was completed': () => ({ markComplete: async () => {} }),
  'reorders equal priorities': (queue) => {
    let count = 0;
    return {
      enqueue: (name, task, options = {}) =>
        queue.enqueue(name, task, { ...options, priority: (options.priority ?? 0) + ++count / 1e6 }),
    };
  },
  'ignores priorities': (queue) => ({ enqueue: without(queue, 'priority') }),
  'ignores delays': (queue) => ({ enqueue: without(queue, 'delay') }),
  'ignores keys': (queue) => ({ enqueue: without(queue, 'dedupe') }),
  'ignores attempts': (queue) => ({ enqueue: without(queue, 'attempts') }),
  'ignores backoffs': (queue) => ({
    enqueue: (name, task, options) => queue.enqueue(name, task, { ...options, backoff: 0 }),
  }),
  'keeps a key after its task has ended': (queue) => {
    const ids = new Map<string, string>();
    return {
      async enqueue(name, task, options) {
        const key = options?.dedupe && `${name} ${options.dedupe}`;
        const known = key && ids.get(key);
        if (known) return known;
        const id = await queue.enqueue(name, task, options);
        if (key) ids.set(key, id);
        return id;
      },
    };
  },
  'swallows the error of a task that failed': (queue) => ({
    markFailed: (task) => queue.markComplete(task),
    consume: (name, options, process) =>
      queue.consume(name, options, (task, signal) => process(task, signal).catch(() => undefined)),
  }),
  'never gives a task out again whose worker died': (queue) => {
    const taken = new Map<string, number>();
    return {
      async getTask(name, timeout) {
        const task = await queue.getTask(name, timeout);
        if (!task || taken.get(task.id) === task.attempt) return undefined;
        taken.set(task.id, task.attempt);
        return task;
      },
    };
  },
  'lets a worker complete what another one has': (queue) => ({
    markComplete: (task) => queue.markComplete({ ...task }),
  }),
  'forgets a pause': () => ({ pause: async () => {} }),
  'forgets to resume': () => ({ resume: async () => {} }),
  'does not say that it is paused': (queue) => ({
    async counts(name) {
      const { paused: _, ...counts } = await queue.counts(name);
      return counts;
    },
  }),
  'counts a task that was handed back as failed': (queue) => ({
    consume: (name, options, process) =>
      queue.consume(name, options, (task, signal) =>
        process(task, signal).catch((error: unknown) => {
          throw new Error('failed', { cause: error });
        }),
      ),
  }),
  'ignores the rate': (queue) => ({
    consume: (name, { concurrency }, process) => queue.consume(name, { concurrency }, process),
  }),
  'ignores the concurrency': (queue) => ({
    consume: (name, options, process) => queue.consume(name, { ...options, concurrency: 50 }, process),
  }),
  'closes a consumer before its task has ended': (queue) => ({
    consume(name, options, process) {
      const consumer = queue.consume(name, options, process);
      return {
        async close() {
          void consumer.close();
        },
      };
    },
  }),
  'gives everyone the same payload': (queue) => {
    const payloads = new Map<string, JsonValue>();
    return {
      async getTask(name, timeout) {
        const task = await queue.getTask(name, timeout);
        if (!task) return undefined;
        if (!payloads.has(task.id)) payloads.set(task.id, task.payload);
        return { ...task, payload: payloads.get(task.id)! };
      },
    };
  },
  'mixes queues up': (queue) => ({
    enqueue: (name, task, options) => queue.enqueue(name.toLowerCase(), task, options),
  }),
  'gives the newest dead letter first': (queue) => ({
    async dead(name, { limit } = {}) {
      const { results, count } = await queue.dead(name, { limit: 500 });
      return { results: results.reverse().slice(0, limit), count };
    },
  }),
  'keeps a dead letter that was retried': (queue) => ({
    async retryDead(name, id) {
      const letter = (await queue.dead(name)).results.find(({ task }) => task.id === id);
      if (letter) await queue.enqueue(name, letter.task);
      else await queue.retryDead(name, id);
    },
  }),
  'begins with the first dead letter on each page': (queue) => ({
    dead: (name, { limit = 50 } = {}) => queue.dead(name, { limit }),
  }),
  'finds the next dead letters by their position': (queue) => ({
    async dead(name, { limit = 50, cursor = '0' } = {}) {
      const { results, count } = await queue.dead(name, { limit: 500 });
      const end = Number(cursor) + limit;
      return {
        results: results.slice(Number(cursor), end),
        ...(end < count && { next_cursor: `${end}` }),
        count,
      };
    },
  }),
  'counts the dead letters of a page': (queue) => ({
    async dead(name, query) {
      const page = await queue.dead(name, query);
      return { ...page, count: page.results.length };
    },
  }),
  'says when a dead letter was looked at': (queue) => ({
    async dead(name, query) {
      const page = await queue.dead(name, query);
      const failed_at = new Date().toISOString();
      return { ...page, results: page.results.map((letter) => ({ ...letter, failed_at })) };
    },
  }),
  'does not say since when there are dead letters': (queue) => ({
    async counts(name) {
      const { dead_since: _, ...counts } = await queue.counts(name);
      return counts;
    },
  }),
  'keeps a dead letter that was discarded': () => ({ discardDead: async () => {} }),
  'retries a dead letter that is to be discarded': (queue) => ({ discardDead: queue.retryDead }),
  'says that it discarded what was no dead letter': (queue) => ({
    discardDead: (name, id) => queue.discardDead(name, id).catch(() => undefined),
  }),
  'withdraws nothing': () => ({ withdraw: async () => false }),
  'withdraws a task that somebody has': (queue) => {
    const ids = new Map<string, string>();
    const given = new Map<string, Task>();
    return {
      async enqueue(name, task, options) {
        const id = await queue.enqueue(name, task, options);
        if (options?.dedupe) ids.set(`${name} ${options.dedupe}`, id);
        return id;
      },
      async getTask(name, timeout) {
        const task = await queue.getTask(name, timeout);
        if (task) given.set(task.id, task);
        return task;
      },
      async withdraw(name, key) {
        const task = given.get(ids.get(`${name} ${key}`) ?? '');
        if (!task) return queue.withdraw(name, key);
        given.delete(task.id);
        return queue.markComplete(task).then(
          () => true,
          () => queue.withdraw(name, key),
        );
      },
    };
  },
  'withdraws a dead letter': (queue) => ({
    async withdraw(name, key) {
      for (const { task } of (await queue.dead(name)).results) await queue.retryDead(name, task.id);
      return queue.withdraw(name, key);
    },
  }),
  'withdraws a task twice': (queue) => {
    const withdrawn = new Set<string>();
    return {
      async withdraw(name, key) {
        if (await queue.withdraw(name, key)) withdrawn.add(`${name} ${key}`);
        return withdrawn.has(`${name} ${key}`);
      },
    };
  },
  'withdraws what waits and not what is delayed': (queue) => {
    const delayed = new Set<string>();
    return {
      async enqueue(name, task, options = {}) {
        if (options.delay) delayed.add(`${name} ${options.dedupe}`);
        return queue.enqueue(name, task, options);
      },
      withdraw: async (name, key) => !delayed.has(`${name} ${key}`) && queue.withdraw(name, key),
    };
  },
  'says that it withdrew and gives it out all the same': (queue) => {
    const tasks = new Map<string, NewTask>();
    return {
      async enqueue(name, task, options) {
        if (options?.dedupe) tasks.set(`${name} ${options.dedupe}`, task);
        return queue.enqueue(name, task, options);
      },
      async withdraw(name, key) {
        if (!(await queue.withdraw(name, key))) return false;
        await queue.enqueue(name, tasks.get(`${name} ${key}`)!);
        return true;
      },
    };
  },
  'does not free the key of a task that was withdrawn': (queue) => {
    const withdrawn = new Set<string>();
    return {
      async enqueue(name, task, options) {
        return withdrawn.has(`${name} ${options?.dedupe}`) ? 'withdrawn' : queue.enqueue(name, task, options);
      },
      async withdraw(name, key) {
        const done = await queue.withdraw(name, key);
        if (done) withdrawn.add(`${name} ${key}`);
        return done;
      },
    };
  },
  'counts a task that was withdrawn': (queue) => {
    let count = 0;
    return {
      async withdraw(name, key) {
        const done = await queue.withdraw(name, key);
        if (done) count++;
        return done;
      },
      async counts(name) {
        const counts = await queue.counts(name);
        return { ...counts, waiting: counts.waiting + count };
      },
    };
  },
  'tells few priorities apart': (queue) => ({
    enqueue: (name, task, options) =>
      queue.enqueue(name, task, { ...options, priority: Math.min(options?.priority ?? 0, 1000) }),
  }),
  'answers after close': () => ({ ping: async () => {} }),
};

test('the suite passes a queue that is not broken, also when all runs at once', async () => {
  const cases = queueBackendCases({ place: async () => memoryPlace() });
  await Promise.all(cases.map(({ run }) => run()));
});

for (const [name, breakIt] of Object.entries(broken)) {
  test(`the suite notices a queue that ${name}`, async () => {
    const cases = queueBackendCases({ place: async () => memoryPlace({}, breakIt) });
    // Some cases wait for ever then, for what does not come: the first that fails is enough.
    const failure = await Promise.race(
      cases.map(async ({ run }) => {
        try {
          await run();
        } catch (error) {
          return error;
        }
        return new Promise<never>(() => {});
      }),
    );
    expect(failure).toBeInstanceOf(Error);
  });
}

test.each<[string, string, Partial<QueueBackend>]>([
  ['a payload may be null', 'queue "q" gave no task within 20 ms', { getTask: (_name, ms) => later(ms) }],
  ['gets what is added while it waits', '20 tasks wait', { consume: () => ({ close: async () => {} }) }],
  [
    'as many tasks run at once as the concurrency says',
    '0 of 3 tasks',
    { consume: () => ({ close: async () => {} }) },
  ],
])('the suite says within its patience what it waited for in vain: %s', async (name, said, broken) => {
  const cases = queueBackendCases({ patience: 20, place: async () => memoryPlace({}, () => broken) });
  await expect(cases.find((each) => each.name.includes(name))!.run()).rejects.toThrow(said);
});

test('a case says why it failed although a consumer waits for the rest of it', async () => {
  const withdraw = async () => true;
  const cases = queueBackendCases({ place: async () => memoryPlace({}, () => ({ withdraw })) });
  const held = cases.find(({ name }) => name.includes('a task that a consumer runs is not withdrawn'))!;
  await expect(held.run()).rejects.toThrow('strictly equal');
});

test('the suite notices a queue that is full too late', async () => {
  const cases = queueBackendCases({ bound: 30, place: async () => memoryPlace({ limit: 31 }) });
  const full = cases.find(({ name }) => name.includes('QUEUE_FULL'))!;
  await expect(full.run()).rejects.toThrow();
});

test('the suite notices a queue in sync mode that does not run the task', async () => {
  const cases = queueBackendCases({ sync: true, place: async () => memoryPlace() });
  const sync = cases.find(({ name }) => name.includes('before enqueue returns'))!;
  await expect(sync.run()).rejects.toThrow();
});

function later(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), milliseconds));
}

function without(queue: QueueBackend, option: keyof EnqueueOptions): QueueBackend['enqueue'] {
  return (name, task, options) => queue.enqueue(name, task, { ...options, [option]: undefined });
}
