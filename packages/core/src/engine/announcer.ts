import type { AnnouncedEvent, ExecutionEvent, RecordedEvent, StoredEvent } from '../model/event.ts';
import { type ExecutionObserver, notify } from './observer.ts';

/** Numbers the events of one execution and tells its observers. Costs nothing while nobody watches. */
export class Announcer {
  readonly #executionId: string;
  readonly #observers: Iterable<ExecutionObserver>[];
  readonly #onError: (error: unknown) => void;
  /** Number of the last recorded event. */
  seq: number;
  #held: ExecutionEvent[] | undefined;

  constructor(
    executionId: string,
    seq: number,
    observers: Iterable<ExecutionObserver>[],
    onError: (error: unknown) => void,
  ) {
    this.#executionId = executionId;
    this.seq = seq;
    this.#observers = observers;
    this.#onError = onError;
  }

  get watched(): boolean {
    for (const group of this.#observers) for (const _ of group) return true;
    return false;
  }

  /** Gives recorded events their numbers. */
  stamp(events: readonly RecordedEvent[], timestamp: string): StoredEvent[] {
    return events.map((event) =>
      Object.freeze({ ...event, seq: ++this.seq, execution_id: this.#executionId, timestamp } as StoredEvent),
    );
  }

  /** Tells of something that is not recorded. */
  announce(event: AnnouncedEvent, timestamp: string): void {
    const told = { ...event, seq: this.seq, execution_id: this.#executionId, timestamp } as ExecutionEvent;
    Object.freeze(told);
    if (this.#held) this.#held.push(told);
    else this.tell(told);
  }

  /**
   * What is announced from now on is put into the list, as it comes after facts that nobody may be told of yet.
   *
   * @param held - undefined: it is told at once again
   */
  holdIn(held: ExecutionEvent[] | undefined): void {
    this.#held = held;
  }

  tell(event: ExecutionEvent): void {
    for (const group of this.#observers) for (const observer of group) notify(observer, event, this.#onError);
  }
}
