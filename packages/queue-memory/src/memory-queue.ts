import { VwmpError } from '@vwmp/core';
import type { Clock, QueueBackend, Task } from '@vwmp/core/ports';
import { Agenda } from './agenda.ts';
import { Entry } from './entry.ts';
import { Lane, type LaneContext, type Waiter } from './lane.ts';
import { LocalConsumer } from './local-consumer.ts';
import { steadyClock } from './steady-clock.ts';

export interface MemoryQueueOptions {
  /**
   * How many tasks may wait in a queue, delayed ones included; one more is refused as QUEUE_FULL.
   *
   * @defaultValue 100_000
   */
  limit?: number;
  /**
   * How many dead letters of a queue are kept; the oldest go first.
   *
   * @defaultValue 1000
   */
  deadLimit?: number;
  /**
   * How long a task that was taken with `getTask` may be held, in milliseconds, before it is given out again. Tasks of
   * a consumer have all the time that they need.
   *
   * @defaultValue 300_000
   */
  visibility?: number;
  /**
   * Whether `enqueue` returns only when a consumer has run the task once; its concurrency does not hold it
   * back then. With a delay, in a paused queue or without a consumer it returns at once.
   *
   * @defaultValue false
   */
  sync?: boolean;
  /** Time. @defaultValue that which passes in this process, whatever the clock of the machine says */
  clock?: Clock;
}

/**
 * Makes a queue that lives in this process and is gone with it: nothing to install, nothing to configure.
 *
 * @example
 * ```ts
 * const queue = createMemoryQueue();
 * await queue.open();
 * queue.consume('mails', { concurrency: 4 }, async ({ payload }) => send(payload));
 * await queue.enqueue('mails', { name: 'welcome', payload: { to: 'ana@example.test' } }, { attempts: 3 });
 * ```
 */
export function createMemoryQueue(options: MemoryQueueOptions = {}): QueueBackend {
  const {
    limit = 100_000,
    deadLimit = 1000,
    visibility = 300_000,
    sync = false,
    clock = steadyClock,
  } = options;
  const agenda = new Agenda(clock);
  const holders = new WeakMap<Task, number>();
  let counter = 0;
  const next = (): number => ++counter;
  const context: LaneContext = { agenda, now: () => clock.now(), next, holders, deadLimit, sync };
  const lanes = new Map<string, Lane>();
  // Ids of one queue are not those of another, should someone mix them up.
  const prefix = Math.random().toString(36).slice(2, 10);
  let state: 'new' | 'open' | 'closed' = 'new';

  const check = (): void => {
    if (state === 'open') return;
    const reason = state === 'new' ? 'is not open. Call open() first.' : 'has been closed. Make a new one.';
    throw new VwmpError('CLOSED', `The memory queue ${reason}`, { retryable: false });
  };

  const laneOf = (name: string): Lane => {
    let lane = lanes.get(name);
    if (!lane) {
      lane = new Lane(name, context);
      lanes.set(name, lane);
    }
    return lane;
  };

  const usedLane = (name: string): Lane => {
    const lane = laneOf(name);
    lane.used = true;
    return lane;
  };

  const heldOf = (task: Task): Entry => {
    const entry = lanes.get(task.queue)?.held(task);
    if (entry) return entry;
    const message = `Task "${task.id}" of queue "${task.queue}" is not held here: it was never taken, it has ended, or it took too long and was given to someone else.`;
    throw new VwmpError('NOT_FOUND', message, { retryable: false });
  };

  return {
    async open() {
      if (state === 'closed') check();
      state = 'open';
    },

    async close() {
      state = 'closed';
      agenda.clear();
      for (const lane of lanes.values()) lane.close();
      const consumers = [...lanes.values()].flatMap((lane) => [...lane.consumers]);
      await Promise.all(consumers.map((consumer) => consumer.close()));
      agenda.clear();
      lanes.clear();
    },

    async enqueue(queue, task, enqueueOptions = {}) {
      check();
      const lane = usedLane(queue);
      const { dedupe, delay = 0 } = enqueueOptions;
      const same = dedupe === undefined ? undefined : lane.keys.get(dedupe);
      if (same) return same.id;
      const { waiting, delayed } = lane.counts();
      if (waiting + delayed >= limit) {
        const message = `Queue "${queue}" is full: ${limit} tasks wait. Consume them faster, or raise the limit.`;
        throw new VwmpError('QUEUE_FULL', message, { details: { queue, limit } });
      }
      const entry = new Entry(`${prefix}-${next().toString(36)}`, lane, task, enqueueOptions);
      await lane.add(entry, delay);
      return entry.id;
    },

    async withdraw(queue, dedupe) {
      check();
      return lanes.get(queue)?.withdraw(dedupe) ?? false;
    },

    async getTask(queue, timeout) {
      check();
      const lane = laneOf(queue);
      const hold = (entry: Entry): Task => {
        agenda.add(entry, clock.now() + visibility);
        return lane.give(entry);
      };
      const entry = lane.take();
      if (entry) return hold(entry);
      if (timeout <= 0) return undefined;
      return new Promise((resolve) => {
        const waiter: Waiter = {
          ...{ slot: -1, due: 0, order: next() },
          take(taken) {
            agenda.remove(waiter);
            lane.waiters.delete(waiter);
            resolve(hold(taken));
          },
          onDue() {
            lane.waiters.delete(waiter);
            resolve(undefined);
          },
        };
        lane.waiters.add(waiter);
        agenda.add(waiter, clock.now() + timeout);
      });
    },

    async markComplete(task) {
      check();
      if (lanes.get(task.queue)?.wasCompleted(task)) return;
      const entry = heldOf(task);
      entry.lane.complete(entry);
    },

    async markFailed(task, error) {
      check();
      const entry = heldOf(task);
      entry.lane.fail(entry, structuredClone(error));
    },

    consume(queue, consumeOptions, process) {
      check();
      const lane = usedLane(queue);
      const consumer = new LocalConsumer(lane, consumeOptions, process);
      lane.consumers.add(consumer);
      lane.changed();
      return consumer;
    },

    async counts(queue) {
      check();
      return lanes.get(queue)?.counts() ?? { waiting: 0, delayed: 0, active: 0, dead: 0 };
    },

    async pause(queue) {
      check();
      usedLane(queue).paused = true;
    },

    async resume(queue) {
      check();
      usedLane(queue).paused = false;
    },

    async queues() {
      check();
      return [...lanes.values()].flatMap(({ name, used }) => (used ? [name] : [])).sort();
    },

    async ping() {
      check();
    },

    async dead(queue, { limit: most = 50, cursor } = {}) {
      check();
      const after = readCursor(cursor);
      const letters = [...(lanes.get(queue)?.dead.values() ?? [])];
      const left = letters.filter(({ order }) => order > after);
      const shown = left.slice(0, Math.min(Math.max(Math.trunc(most) || 1, 1), 500));
      return {
        results: shown.map(({ entry, error, at }) => ({
          ...{ task: entry.toTask(), error: structuredClone(error) },
          failed_at: new Date(at).toISOString(),
        })),
        ...(left.length > shown.length && { next_cursor: `${shown.at(-1)!.order}` }),
        count: letters.length,
      };
    },

    async retryDead(queue, taskId) {
      check();
      if (!lanes.get(queue)?.revive(taskId)) throw noDeadLetter(queue, taskId);
    },

    async discardDead(queue, taskId) {
      check();
      if (!lanes.get(queue)?.discard(taskId)) throw noDeadLetter(queue, taskId);
    },
  };
}

function noDeadLetter(queue: string, taskId: string): VwmpError {
  const message = `Queue "${queue}" has no dead letter "${taskId}". It may have been retried or discarded already.`;
  return new VwmpError('NOT_FOUND', message, { retryable: false });
}

/** The order of the letter to go on behind. @throws TypeError */
function readCursor(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new TypeError(`"${cursor}" is no cursor of this list. Take the "next_cursor" of a page.`);
}
