import assert from 'node:assert/strict';
import type { JsonValue } from '@vwmp/core';
import type { ConsumeOptions, Consumer, NewTask, QueueBackend, QueueCounts, Task } from '@vwmp/core/ports';
import { defaultPatience } from '../suite.ts';

/** By queue under test. */
const patiences = new WeakMap<QueueBackend, number>();

/** Says how long the tests of a queue wait for what does come, in milliseconds. */
export function setPatience(queue: QueueBackend, patience: number): void {
  patiences.set(queue, patience);
}

/** Long enough for anything that does come, in milliseconds: a test fails after it and never depends on it. */
export function patienceOf(queue: QueueBackend): number {
  return patiences.get(queue) ?? defaultPatience;
}

/** A consumer that notes what it gets. */
export interface Consuming extends Consumer {
  /** In the order in which they began. */
  readonly tasks: Task[];
  /** How many run now. */
  running(): number;
  /** Resolves when so many have begun. */
  begun(count: number): Promise<void>;
}

type Process = (task: Task, signal: AbortSignal) => Promise<JsonValue | undefined>;

/** Consumes a queue; a task takes a turn of the event loop unless `process` says otherwise. */
export function consuming(
  queue: QueueBackend,
  name: string,
  options: ConsumeOptions = {},
  process: Process = async () => undefined,
): Consuming {
  const tasks: Task[] = [];
  let running = 0;
  let look = (): void => {};
  const consumer = queue.consume(name, options, async (task, signal) => {
    tasks.push(task);
    running++;
    look();
    try {
      return await process(task, signal);
    } finally {
      running--;
    }
  });
  return {
    tasks,
    running: () => running,
    begun: (count) =>
      new Promise((resolve, reject) => {
        const missing = (): void => reject(new Error(`${tasks.length} of ${count} tasks have begun`));
        const timer = setTimeout(missing, patienceOf(queue));
        look = () => {
          if (tasks.length < count) return;
          clearTimeout(timer);
          resolve();
        };
        look();
      }),
    close: () => consumer.close(),
  };
}

/** Resolves when the condition holds. */
export async function until(queue: QueueBackend, condition: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + patienceOf(queue);
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`this never came to hold: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** How many tasks a queue has; since when the dead ones are there aside. */
export async function countsOf(queue: QueueBackend, name: string): Promise<Omit<QueueCounts, 'dead_since'>> {
  const { dead_since: _, ...counts } = await queue.counts(name);
  return counts;
}

/** Resolves when nothing waits or runs in a queue any more. */
export async function drained(queue: QueueBackend, name: string): Promise<void> {
  const end = Date.now() + patienceOf(queue);
  for (;;) {
    const { waiting, delayed, active } = await queue.counts(name);
    if (waiting + delayed + active === 0) return;
    const left = `queue "${name}" was to become empty: ${waiting} tasks wait, ${delayed} are delayed, ${active} run`;
    assert.ok(Date.now() < end, left);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A task that can be told apart by its number. */
export function numbered(number: number): NewTask {
  return { name: 'count', payload: { number } };
}

/** The number of a task made by {@link numbered}. */
export function numberOf({ payload }: Task): number {
  return (payload as { number: number }).number;
}

/** Takes a task that has to be there or to come. */
export async function take(queue: QueueBackend, name: string): Promise<Task> {
  const task = await queue.getTask(name, patienceOf(queue));
  assert.ok(task, `queue "${name}" gave no task within ${patienceOf(queue)} ms`);
  return task;
}

/** The numbers of the next tasks, each completed before the next is taken. */
export async function takeNumbers(queue: QueueBackend, name: string, count: number): Promise<number[]> {
  const numbers: number[] = [];
  for (let index = 0; index < count; index++) {
    const task = await take(queue, name);
    numbers.push(numberOf(task));
    await queue.markComplete(task);
  }
  return numbers;
}

/** Expects that a queue has nothing to give now. */
export async function expectNothing(queue: QueueBackend, name: string): Promise<void> {
  assert.equal(await queue.getTask(name, 0), undefined);
}
