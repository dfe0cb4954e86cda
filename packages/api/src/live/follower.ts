import { VwmpError } from '@vwmp/core';
import { notFound, type Reader, type Source } from './source.ts';
import { Item } from './wire.ts';

/** What is only told waits for a follower in this number and size at most. Recorded events do not wait: the store has them. */
const mostWaiting = 1000;
const mostBytes = 1_000_000;

/** Reads the events of one execution at its own pace: the recorded ones without a gap or a double, the announced ones in between. */
export class Follower implements Reader {
  readonly #source: Source;
  readonly #left: () => void;
  #position: number;
  #announced: Item[] = [];
  #size = 0;
  #slow = false;
  #closed = false;
  #wake: (() => void) | undefined;
  #pushTo: ((items: readonly Item[]) => boolean) | undefined;
  /** Who takes what is pushed has no room left. */
  #full = false;

  /**
   * @param position - number of the last event that it has
   * @param left - called once when it is closed
   */
  constructor(source: Source, position: number, left: () => void) {
    this.#source = source;
    this.#position = position;
    this.#left = left;
    source.add(this);
  }

  get position(): number {
    return this.#position;
  }

  announce(item: Item): void {
    if (this.#slow) return;
    this.#announced.push(item);
    this.#size += item.bytes.length;
    if (this.#announced.length > mostWaiting || this.#size > mostBytes) {
      this.#slow = true;
      this.#announced = [];
    }
    this.wake();
  }

  wake(): void {
    if (this.#wake === undefined || this.#push()) return;
    this.#wake();
    this.#wake = undefined;
  }

  /** Makes sure that it can be followed. Idempotent. @throws EXECUTION_NOT_FOUND, STORE_UNAVAILABLE, VALUE_INVALID */
  async open(): Promise<void> {
    await this.#source.open(this.#position);
    if (this.#position > this.#source.last) await this.#checkPosition();
  }

  /** Nothing comes any more. */
  get ended(): boolean {
    return this.#source.ended && this.#position >= this.#source.last;
  }

  /**
   * What comes next; undefined when it has ended or was closed.
   *
   * @param push - gets what comes while nothing else is to be done, at the moment at which it comes: a promise would be kept behind
   * whatever else this process has to do. Says whether it takes more; if not, this resolves with nothing
   * @throws FOLLOWER_SLOW, EXECUTION_NOT_FOUND, STORE_UNAVAILABLE, VALUE_INVALID
   */
  async next(push?: (items: readonly Item[]) => boolean): Promise<readonly Item[] | undefined> {
    await this.open();
    while (!this.#closed) {
      if (this.#slow) throw tooSlow(this.#source.id, this.#position);
      const batch = this.#position < this.#source.last ? await this.#read() : this.#told();
      if (batch.length > 0) return batch;
      if (this.ended) return undefined;
      if (this.#source.gone) throw notFound(this.#source.id);
      this.#pushTo = push;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      if (this.#full) {
        this.#full = false;
        return [];
      }
    }
    return undefined;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#announced = [];
    this.#source.remove(this);
    this.wake();
    this.#left();
  }

  /** @returns true when all that there is was taken, and there is nothing else to be seen to */
  #push(): boolean {
    const push = this.#pushTo;
    if (push === undefined || this.#closed || this.#slow || this.#source.gone) return false;
    const recorded = this.#source.recent(this.#position);
    if (recorded === undefined) return false;
    const batch = this.#merge(recorded);
    this.#full = batch.length > 0 && !push(batch);
    return !this.#full && !this.ended && this.#position >= this.#source.last;
  }

  /** The next recorded events, each with what was told after it. */
  async #read(): Promise<Item[]> {
    const batch = this.#merge(await this.#source.read(this.#position));
    if (batch.length === 0) throw notFound(this.#source.id);
    return batch;
  }

  #merge(recorded: readonly Item[]): Item[] {
    const batch = this.#told();
    for (const item of recorded) {
      this.#position = item.seq;
      batch.push(item, ...this.#told());
    }
    return batch;
  }

  /** What was told up to where it is. */
  #told(): Item[] {
    let count = 0;
    while (count < this.#announced.length && this.#announced[count]!.seq <= this.#position) {
      this.#size -= this.#announced[count++]!.bytes.length;
    }
    return count === 0 ? [] : this.#announced.splice(0, count).flatMap((item) => this.#inOrder(item));
  }

  /**
   * The store may be ahead of the bus: what is told late would say that a step runs which has ended. Lines of a log are still worth
   * reading, but numbers never go back, so that whoever is cut off comes back after the last one.
   */
  #inOrder(item: Item): Item[] {
    if (item.seq === this.#position) return [item];
    return item.event.event === 'log' ? [new Item({ ...item.event, seq: this.#position })] : [];
  }

  async #checkPosition(): Promise<void> {
    // Another process may be ahead of what this one has heard.
    await this.#source.look();
    const { id, last } = this.#source;
    if (this.#position <= last || this.#closed) return;
    const message = `Execution "${id}" has ${last} events: it cannot be followed after event ${this.#position}.`;
    throw new VwmpError('VALUE_INVALID', message, { retryable: false });
  }
}

function tooSlow(id: string, position: number): VwmpError {
  const message = `Events of execution "${id}" come faster than they are read. Go on after event ${position}.`;
  return new VwmpError('FOLLOWER_SLOW', message, { details: { after: position } });
}
