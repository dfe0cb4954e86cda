import type { ErrorInfo } from '@vwmp/core';
import type { QueueCounts, Task } from '@vwmp/core/ports';
import type { Agenda, Due } from './agenda.ts';
import type { Entry } from './entry.ts';
import { Heap } from './heap.ts';
import type { LocalConsumer } from './local-consumer.ts';
import { RateLog } from './rate-log.ts';

/** What the lanes of one queue share. */
export interface LaneContext {
  readonly agenda: Agenda;
  readonly now: () => number;
  /** Counts up: the order of arrival, and the numbers of holders. */
  readonly next: () => number;
  /** Who holds which task, so that one who lost it is told apart from one who has it now. */
  readonly holders: WeakMap<Task, number>;
  readonly deadLimit: number;
  readonly sync: boolean;
}

/** An entry that failed for good. */
export interface Buried {
  readonly entry: Entry;
  readonly error: ErrorInfo;
  /** In milliseconds since 1970. */
  readonly at: number;
  /** Counts up. */
  readonly order: number;
}

/** Someone who waits for a task. */
export interface Waiter extends Due {
  /** @param entry - already marked as given out */
  take(entry: Entry): void;
}

/** How many completed tasks are remembered, so that completing one of them again is not an error. */
const remembered = 1000;

/** One named queue. */
export class Lane {
  readonly name: string;
  /** Whether something was ever added or consumed here, or it was paused: not by looking at it. */
  used = false;
  readonly consumers: Set<LocalConsumer> = new Set();
  readonly waiters: Set<Waiter> = new Set();
  /** By the id of the task. */
  readonly active: Map<string, Entry> = new Map();
  /** By the id of the task, oldest first. */
  readonly dead: Map<string, Buried> = new Map();
  /** By the key: tasks that have not ended. */
  readonly keys: Map<string, Entry> = new Map();
  /** By the id of the task: the number of who completed it. */
  readonly #completed = new Map<string, number>();
  readonly #context: LaneContext;
  readonly #ready = new Heap<Entry>(
    (a, b) => a.priority > b.priority || (a.priority === b.priority && a.order < b.order),
  );
  /** In sync mode: tasks that someone waits for, which no limit but the rate holds back. */
  readonly #urgent: Entry[] = [];
  readonly #rates = new RateLog();
  readonly #rateOver: Due = { slot: -1, due: 0, order: 0, onDue: () => this.changed() };
  #delayed = 0;
  #paused = false;
  #scheduled: NodeJS.Immediate | undefined;

  constructor(name: string, context: LaneContext) {
    this.name = name;
    this.#context = context;
  }

  get waiting(): number {
    return this.#ready.size + this.#urgent.length;
  }

  counts(): QueueCounts {
    const { waiting, active, dead } = this;
    const [oldest] = dead.values();
    return {
      ...{ waiting, delayed: this.#delayed, active: active.size, dead: dead.size },
      ...(oldest && { dead_since: new Date(oldest.at).toISOString() }),
      ...(this.#paused && { paused: true }),
    };
  }

  set paused(paused: boolean) {
    this.#paused = paused;
    if (paused) this.#relax();
    else this.#serve();
  }

  removeConsumer(consumer: LocalConsumer): void {
    this.consumers.delete(consumer);
    if (this.consumers.size === 0) this.#relax();
  }

  /** Adds a new task. @returns what resolves when it has run, if that is to be waited for */
  add(entry: Entry, delay: number): Promise<void> | undefined {
    if (entry.dedupe !== undefined) this.keys.set(entry.dedupe, entry);
    if (delay > 0) {
      this.#delay(entry, delay);
    } else if (this.#context.sync && !this.#paused && this.consumers.size > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      entry.ran = resolve;
      entry.order = this.#context.next();
      this.#urgent.push(entry);
      this.#dispatch();
      return promise;
    } else {
      this.#queue(entry);
    }
    return undefined;
  }

  /** Takes back the task with this key. @returns false when there is none that nobody has */
  withdraw(key: string): boolean {
    const entry = this.keys.get(key);
    if (!entry || entry.state === 'active') return false;
    if (entry.state === 'delayed') {
      this.#context.agenda.remove(entry);
      this.#delayed--;
    } else if (entry.slot >= 0) {
      this.#ready.remove(entry);
    } else {
      this.#urgent.splice(this.#urgent.indexOf(entry), 1);
    }
    entry.ran?.();
    entry.ran = undefined;
    this.#end(entry, 'gone');
    return true;
  }

  /** The next task, marked as given out; undefined when there is none to be had now. */
  take(): Entry | undefined {
    if (this.#paused) return undefined;
    const entry = this.#ready.pop();
    if (entry) this.#activate(entry);
    return entry;
  }

  /** The task for its holder. */
  give(entry: Entry): Task {
    const task = entry.toTask();
    this.#context.holders.set(task, entry.holder);
    return task;
  }

  /** The task that `task` stands for, if whoever has that still holds it. */
  held(task: Task): Entry | undefined {
    const entry = this.active.get(task.id);
    const holder = this.#context.holders.get(task);
    // A copy has no holder of its own: it stands for whoever has the task now.
    return entry && (holder === undefined || holder === entry.holder) ? entry : undefined;
  }

  /** Whether the holder of `task` has completed it before. */
  wasCompleted(task: Task): boolean {
    const by = this.#completed.get(task.id);
    const holder = this.#context.holders.get(task) ?? by;
    return by !== undefined && holder === by;
  }

  complete(entry: Entry): void {
    this.#completed.set(entry.id, entry.holder);
    if (this.#completed.size > remembered) this.#completed.delete(this.#completed.keys().next().value!);
    this.#release(entry);
    this.#end(entry, 'gone');
  }

  fail(entry: Entry, error: ErrorInfo): void {
    this.#release(entry);
    if (entry.attempt < entry.attempts && error.retryable !== false) {
      const backoff = entry.backoff * 2 ** (entry.attempt - 1);
      entry.attempt++;
      if (backoff > 0) this.#delay(entry, backoff);
      else this.#queue(entry);
      return;
    }
    this.#end(entry, 'dead');
    this.dead.set(entry.id, { entry, error, at: Date.now(), order: this.#context.next() });
    if (this.dead.size <= this.#context.deadLimit) return;
    const [id, oldest] = this.dead.entries().next().value!;
    this.dead.delete(id);
    oldest.entry.state = 'gone';
  }

  /** As if it had not been given out: it keeps its place. */
  putBack(entry: Entry): void {
    this.#release(entry);
    this.#toReady(entry);
  }

  /** Gives a dead letter its attempts back. @returns false when there is none with this id */
  revive(id: string): boolean {
    const letter = this.dead.get(id);
    if (!letter) return false;
    this.dead.delete(id);
    const { entry } = letter;
    entry.attempt = 1;
    if (entry.dedupe !== undefined && !this.keys.has(entry.dedupe)) this.keys.set(entry.dedupe, entry);
    this.#queue(entry);
    return true;
  }

  /** Forgets a dead letter. @returns false when there is none with this id */
  discard(id: string): boolean {
    const letter = this.dead.get(id);
    if (letter) letter.entry.state = 'gone';
    return this.dead.delete(id);
  }

  /** The time of a task is over: its delay, or that of its holder. */
  onDue(entry: Entry): void {
    if (entry.state === 'active') {
      this.putBack(entry);
    } else {
      this.#delayed--;
      this.#queue(entry);
    }
  }

  /** Looks, before long, whether someone can take something. */
  changed(): void {
    if (this.waiting === 0 || this.#paused) return;
    this.#scheduled ??= setImmediate(() => {
      this.#scheduled = undefined;
      this.#dispatch();
    });
  }

  /** Ends all waiting; nothing is given out any more. */
  close(): void {
    this.#paused = true;
    clearImmediate(this.#scheduled);
    this.#relax();
    for (const waiter of this.waiters) waiter.onDue();
  }

  /** Nobody runs tasks for now: whoever waits for one to run stops waiting. */
  #relax(): void {
    for (const entry of this.#urgent.splice(0)) {
      entry.ran?.();
      entry.ran = undefined;
      this.#toReady(entry);
    }
  }

  #queue(entry: Entry): void {
    entry.order = this.#context.next();
    this.#toReady(entry);
  }

  #toReady(entry: Entry): void {
    entry.state = 'ready';
    this.#ready.push(entry);
    this.#serve();
  }

  #delay(entry: Entry, delay: number): void {
    entry.state = 'delayed';
    entry.order = this.#context.next();
    this.#delayed++;
    this.#context.agenda.add(entry, this.#context.now() + delay);
  }

  #activate(entry: Entry): void {
    entry.state = 'active';
    entry.holder = this.#context.next();
    this.active.set(entry.id, entry);
  }

  #release(entry: Entry): void {
    if (entry.slot >= 0) this.#context.agenda.remove(entry);
    this.active.delete(entry.id);
    entry.holder = 0;
    entry.ran?.();
    entry.ran = undefined;
  }

  #end(entry: Entry, state: 'dead' | 'gone'): void {
    entry.state = state;
    if (entry.dedupe !== undefined && this.keys.get(entry.dedupe) === entry) this.keys.delete(entry.dedupe);
  }

  #serve(): void {
    for (const waiter of this.waiters) {
      const entry = this.take();
      if (!entry) return;
      waiter.take(entry);
    }
    this.changed();
  }

  #dispatch(): void {
    while (!this.#paused && this.waiting > 0) {
      const consumer = this.#nextConsumer(this.#urgent.length > 0);
      if (!consumer) return;
      const urgent = this.#urgent.shift();
      if (urgent) this.#activate(urgent);
      const entry = urgent ?? this.take()!;
      // Whoever runs next is another one.
      this.consumers.delete(consumer);
      this.consumers.add(consumer);
      void consumer.run(entry);
    }
  }

  /** A consumer that may begin a task now, which is noted; otherwise it is looked for again when one may. */
  #nextConsumer(urgent: boolean): LocalConsumer | undefined {
    const { agenda, now } = this.#context;
    const at = now();
    let earliest = Number.POSITIVE_INFINITY;
    for (const consumer of this.consumers) {
      if (!urgent && !consumer.hasRoom) continue;
      const next = consumer.rate ? this.#rates.next(consumer.rate) : 0;
      if (next <= at) {
        this.#noteBegin(at);
        return consumer;
      }
      earliest = Math.min(earliest, next);
    }
    agenda.remove(this.#rateOver);
    if (earliest < Number.POSITIVE_INFINITY) agenda.add(this.#rateOver, earliest);
    return undefined;
  }

  #noteBegin(at: number): void {
    let keep = 0;
    for (const { rate } of this.consumers) if (rate && rate.limit > keep) keep = rate.limit;
    if (keep > 0) this.#rates.add(at);
    this.#rates.trim(keep);
  }
}
