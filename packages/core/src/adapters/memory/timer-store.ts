import type { TimerRecord, TimerStore } from '../../ports/timer-store.ts';
import { createGate } from './gate.ts';
import { createHeap } from './heap.ts';
import { snapshot } from './snapshot.ts';

interface Entry {
  timer: TimerRecord;
  due: number;
  order: number;
  /** False once it was cleared or replaced: it stays in the heap until it comes out or there are too many. */
  live: boolean;
}

/** Below so many dead entries, sorting them out costs more than it frees. */
const deadAllowed = 64;

/** Keeps timers in the memory of the process. */
export function createMemoryTimerStore(): TimerStore {
  const executions = new Map<string, Map<string, Entry>>();
  const heap = createHeap<Entry>();
  const gate = createGate('timer store');
  let count = 0;
  let orders = 0;

  const drop = (executionId: string, key: string): void => {
    const timers = executions.get(executionId);
    const entry = timers?.get(key);
    if (!timers || !entry) return;
    entry.live = false;
    count--;
    timers.delete(key);
    if (timers.size === 0) executions.delete(executionId);
    // Timeouts are mostly cleared long before they are due: without this they would pile up.
    if (heap.size - count > count + deadAllowed) heap.filter(({ live }) => live);
  };

  const peek = (): Entry | undefined => {
    let entry = heap.peek();
    for (; entry && !entry.live; entry = heap.peek()) heap.pop();
    return entry;
  };

  return {
    open: gate.open,
    async close() {
      await gate.close();
      executions.clear();
      heap.filter(() => false);
      count = 0;
    },
    async set(timer) {
      gate.check();
      const due = Date.parse(timer.at);
      if (Number.isNaN(due)) throw new TypeError(`The timer "${timer.key}" is due at no readable time.`);
      drop(timer.execution_id, timer.key);
      const entry: Entry = { timer: snapshot(timer), due, order: ++orders, live: true };
      const timers = executions.get(timer.execution_id) ?? new Map<string, Entry>();
      executions.set(timer.execution_id, timers.set(timer.key, entry));
      heap.push(entry);
      count++;
    },
    async clear(executionId, key) {
      gate.check();
      const keys = key === undefined ? [...(executions.get(executionId)?.keys() ?? [])] : [key];
      for (const each of keys) drop(executionId, each);
    },
    async claim(now, limit, visibility) {
      gate.check();
      const claimed: Entry[] = [];
      for (let entry = peek(); entry && entry.due <= now && claimed.length < limit; entry = peek()) {
        heap.pop();
        claimed.push(entry);
      }
      for (const entry of claimed) {
        entry.due = now + visibility;
        heap.push(entry);
      }
      return claimed.map(({ timer }) => timer);
    },
    async next() {
      gate.check();
      return peek()?.due;
    },
  };
}
