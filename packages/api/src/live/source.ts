import { type ExecutionEvent, type ExecutionStore, VwmpError } from '@vwmp/core';
import { Item, isRecorded } from './wire.ts';

/** Events that are kept for followers who are a little behind, and that are read from the store at a time. */
const mostEvents = 256;
/** The same in bytes. A single event may have more. */
const mostBytes = 1_000_000;
/** From the last event to the first look at the store for what may have got lost, in ticks; doubles with each. */
const firstPause = 2;
const longestPause = 64;

/** Whoever reads from a source. */
export interface Reader {
  /** Number of the last recorded event that it has. */
  readonly position: number;
  /** Something that is only told. */
  announce(item: Item): void;
  /** There is something new, or the end. */
  wake(): void;
}

export interface SourceOptions {
  readonly executions: Pick<ExecutionStore, 'get' | 'events'>;
  subscribe(listener: (event: ExecutionEvent) => void): () => void;
}

/**
 * The events of one execution for everyone in this process who follows it. What the bus brings is taken when it is the next one; where
 * something is missing the store is read, which decides. The events that followers still need are kept within bounds, and what is older
 * comes from the store.
 */
export class Source {
  readonly id: string;
  readonly #options: SourceOptions;
  readonly #readers = new Set<Reader>();
  readonly #pages = new Map<number, Promise<Item[]>>();
  /** Those up to `last`, without a gap. */
  #recent: Item[] = [];
  #size = 0;
  #last = 0;
  /** Highest number that the bus spoke of. */
  #heard = 0;
  #state: 'opening' | 'open' | 'ended' | 'gone' | 'closed' = 'opening';
  #unsubscribe: (() => void) | undefined;
  #opening: Promise<void> | undefined;
  #looking = Promise.resolve();
  #busy = false;
  #again = false;
  /** In ticks. */
  #pause = firstPause;
  #untilLook = firstPause;

  constructor(id: string, options: SourceOptions) {
    this.id = id;
    this.#options = options;
  }

  /** Number of the last recorded event that is known of. */
  get last(): number {
    return this.#last;
  }

  /** Nothing comes after `last`. */
  get ended(): boolean {
    return this.#state === 'ended';
  }

  /** It was removed from the store. */
  get gone(): boolean {
    return this.#state === 'gone';
  }

  get readers(): number {
    return this.#readers.size;
  }

  /**
   * Once for all that follow.
   *
   * @param after - what the first of them has
   * @throws EXECUTION_NOT_FOUND, STORE_UNAVAILABLE
   */
  open(after: number): Promise<void> {
    this.#opening ??= this.#open(after);
    return this.#opening;
  }

  add(reader: Reader): void {
    this.#readers.add(reader);
  }

  remove(reader: Reader): void {
    this.#readers.delete(reader);
  }

  close(): void {
    this.#settle('closed');
    this.#readers.clear();
    this.#recent = [];
  }

  /** The recorded events after a number; undefined when they are not kept here. */
  recent(after: number): readonly Item[] | undefined {
    const first = this.#last - this.#recent.length;
    return after < first ? undefined : this.#recent.slice(after - first);
  }

  /** Some of the recorded events after a number. */
  async read(after: number): Promise<readonly Item[]> {
    const recent = this.recent(after);
    if (recent) return recent;
    let page = this.#pages.get(after);
    if (!page) {
      // Many come at the same time after they were cut off together.
      page = this.#readPage(after).finally(() => this.#pages.delete(after));
      this.#pages.set(after, page);
    }
    return page;
  }

  /** Reads in the store what the bus did not bring. Never rejects: what could not be read is looked for again. */
  look(): Promise<void> {
    this.#again = true;
    if (!this.#busy) this.#looking = this.#lookWhileAsked();
    return this.#looking;
  }

  /** Called at intervals. Looks for what got lost where no later event shows it, less and less often. */
  async tick(): Promise<void> {
    if (this.#state !== 'open' || --this.#untilLook > 0) return;
    this.#pause = Math.min(this.#pause * 2, longestPause);
    this.#untilLook = this.#pause;
    const before = this.#last;
    await this.look();
    if (this.#last === before) await this.#checkThere();
  }

  async #open(after: number): Promise<void> {
    // First listen, then look: what comes in between is not missed.
    this.#unsubscribe = this.#options.subscribe((event) => this.#take(event));
    try {
      const page = await this.#readPage(after);
      // Mostly these are all, and say enough: of its record the document would be read as well.
      const isAll = page.length > 0 && page.length < mostEvents && sizeOf(page) < mostBytes;
      const hasEnded = isAll ? this.#begin(page) : await this.#beginWithRecord();
      if (this.#state === 'closed') return;
      this.#state = 'open';
      if (hasEnded) this.#settle('ended');
      else if (this.#heard > this.#last) await this.look();
    } catch (error) {
      this.#settle('gone');
      throw error;
    }
  }

  #begin(page: Item[]): boolean {
    this.#recent = page;
    this.#size = sizeOf(page);
    this.#last = page.at(-1)!.seq;
    return page.at(-1)!.event.event === 'workflow_completed';
  }

  async #beginWithRecord(): Promise<boolean> {
    const record = await this.#options.executions.get(this.id);
    if (!record) throw notFound(this.id);
    this.#last = record.seq;
    return record.completed_at !== undefined;
  }

  #take(event: ExecutionEvent): void {
    this.#heard = Math.max(this.#heard, event.seq);
    this.#pause = firstPause;
    this.#untilLook = firstPause;
    if (!isRecorded(event)) {
      const item = new Item(event);
      for (const reader of this.#readers) reader.announce(item);
    } else if (this.#state === 'open' && event.seq === this.#last + 1) {
      this.#append(new Item(event));
    }
    if (this.#state === 'open' && this.#heard > this.#last) void this.look();
  }

  #append(item: Item): void {
    const behind = [...this.#readers].some(({ position }) => position < this.#last);
    if (!behind) {
      this.#recent = [];
      this.#size = 0;
    }
    this.#recent.push(item);
    this.#size += item.bytes.length;
    this.#last = item.seq;
    while (this.#recent.length > mostEvents || (this.#size > mostBytes && this.#recent.length > 1)) {
      this.#size -= this.#recent.shift()!.bytes.length;
    }
    if (item.event.event === 'workflow_completed') this.#settle('ended');
    for (const reader of this.#readers) reader.wake();
  }

  async #lookWhileAsked(): Promise<void> {
    this.#busy = true;
    try {
      while (this.#again && this.#state === 'open') {
        this.#again = false;
        for await (const event of this.#options.executions.events(this.id, this.#last)) {
          // The bus may have brought it in the meantime.
          if (event.seq === this.#last + 1) this.#append(new Item(event));
          if (this.#state !== 'open') return;
        }
      }
    } catch {
      // The store is away: a later tick tries again.
    } finally {
      this.#busy = false;
    }
  }

  /** Nobody waits for what retention has removed. */
  async #checkThere(): Promise<void> {
    try {
      const record = await this.#options.executions.get(this.id);
      if (record || this.#state !== 'open') return;
    } catch {
      return;
    }
    this.#settle('gone');
    for (const reader of this.#readers) reader.wake();
  }

  async #readPage(after: number): Promise<Item[]> {
    const items: Item[] = [];
    let size = 0;
    let expected = after + 1;
    for await (const event of this.#options.executions.events(this.id, after)) {
      if (event.seq !== expected++) throw corrupt(this.id, event.seq);
      const item = new Item(event);
      items.push(item);
      size += item.bytes.length;
      if (items.length >= mostEvents || size >= mostBytes) break;
    }
    return items;
  }

  #settle(state: 'ended' | 'gone' | 'closed'): void {
    if (this.#state !== 'ended' || state === 'closed') this.#state = state;
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }
}

function sizeOf(items: readonly Item[]): number {
  return items.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

export function notFound(id: string): VwmpError {
  return new VwmpError('EXECUTION_NOT_FOUND', `There is no execution "${id}".`, { retryable: false });
}

function corrupt(id: string, seq: number): VwmpError {
  const message = `The history of execution "${id}" has a gap before event ${seq}.`;
  return new VwmpError('STORE_CORRUPT', message, { retryable: false });
}
