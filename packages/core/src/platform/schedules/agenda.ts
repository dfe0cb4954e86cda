import type { Clock, TimerOptions } from '../../ports/clock.ts';
import type { ScheduleRecord } from '../../ports/schedule-store.ts';
import type { Memory } from './carry-out.ts';

/** What an agenda does for its schedules. */
export interface AgendaOptions {
  readonly clock: Clock;
  readonly keepAlive: boolean;
  /** How often records are read that others may have changed without a hint, in milliseconds. */
  readonly refreshInterval: number;
  /** How often everything is followed, in milliseconds. */
  readonly followInterval: number;
  /** All of them, or those of one workflow. */
  records(workflowId?: string): AsyncIterable<ScheduleRecord>;
  /** Makes the records follow the documents. */
  follow(): Promise<void>;
  /** When a schedule is to be looked at, going by its record. Never throws. */
  firstLook(record: ScheduleRecord): number;
  /** Does what is due. @returns when to look again; undefined when it is not there any more */
  lookAfter(id: string, memory: Memory): Promise<number | undefined>;
  /** Something failed and is tried again. */
  complain(error: unknown, scheduleId?: string): void;
}

/** So many schedules are looked after at a time. */
const atOnce = 8;
/** How long after a failure, in milliseconds; doubles up to the longest. */
const shortestDelay = 1000;
const longestDelay = 60_000;
/** So long after the last reading hints are not followed, in milliseconds: there may be many of them. */
const shortestPause = 1000;
/** Up to the longest pause one part in so many of all time goes into reading records, of which there may be tens of thousands. */
const shareOfReading = 200;
const longestPause = 10_000;

/** What is kept of a schedule: little, as there may be thousands. */
interface Entry extends Memory {
  readonly workflowId: string;
  /** When to look at it next, in milliseconds since 1970. */
  due: number;
  /** What `due` was found from. */
  basis: string;
  failures: number;
  busy: boolean;
}

/** Knows when to look at which schedule. Only two timers are set: for the fire that comes next, and for the next reading of all. */
export class Agenda {
  readonly #options: AgendaOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #underway = new Set<Promise<void>>();
  #state: 'new' | 'open' | 'closed' = 'new';
  #refreshAt = 0;
  /** Before this, hints are not followed. */
  #hintsFrom = 0;
  #followAt = 0;
  #refreshing = false;
  #hinted = false;
  #refreshFailures = 0;
  /** Counts what was changed here: what was read meanwhile may be older. */
  #changes = 0;
  #busy = 0;
  readonly #timers: (() => void)[] = [];

  constructor(options: AgendaOptions) {
    this.#options = options;
  }

  get closed(): boolean {
    return this.#state === 'closed';
  }

  open(): void {
    if (this.#state !== 'new') return;
    this.#state = 'open';
    this.#wake();
  }

  async close(): Promise<void> {
    this.#state = 'closed';
    this.#clearTimers();
    while (this.#underway.size > 0) await Promise.allSettled(this.#underway);
  }

  /** What is remembered of a schedule. */
  memoryOf(id: string): Memory {
    return this.#entries.get(id) ?? {};
  }

  /** A record was changed here. */
  changed(record: ScheduleRecord): void {
    this.#changes++;
    this.#note(record);
    this.#wake();
  }

  /** Somebody else has changed a record, or may have. */
  hint(): void {
    const { clock } = this.#options;
    // What is being read may have been read before.
    if (this.#refreshing) this.#hinted = true;
    const at = Math.max(this.#hintsFrom, clock.now());
    if (at >= this.#refreshAt) return;
    this.#refreshAt = at;
    this.#wake();
  }

  /** The records of one workflow, or any, could not follow their document: all are to follow soon. */
  followSoon(): void {
    this.#followAt = 0;
    this.#refreshAt = this.#options.clock.now() + delayAfter(++this.#refreshFailures);
    this.#wake();
  }

  /** The records of one workflow, or any, were changed here. */
  async changedAll(workflowId?: string): Promise<void> {
    this.#changes++;
    if (this.#state !== 'open') return;
    await this.#refresh(workflowId);
    this.#wake();
  }

  #note(record: ScheduleRecord): void {
    if (this.#state !== 'open') return;
    const { id, workflow_id: workflowId, decided_until, paused } = record;
    const basis = `${decided_until} ${paused}`;
    const entry = this.#entries.get(id);
    if (entry?.basis === basis) return;
    // It was just tried, and is tried again after its delay.
    if (entry?.basis === '' && entry.failures > 0) {
      entry.basis = basis;
      return;
    }
    const due = this.#options.firstLook(record);
    if (entry) Object.assign(entry, { basis, due });
    else this.#entries.set(id, { workflowId, due, basis, failures: 0, busy: false });
  }

  async #refresh(workflowId?: string): Promise<void> {
    let before: number;
    do {
      before = this.#changes;
      const seen = new Set<string>();
      for await (const record of this.#options.records(workflowId)) {
        if (this.closed) return;
        seen.add(record.id);
        this.#note(record);
        // Thousands take a while: others have their turn in between.
        if (seen.size % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      for (const [id, entry] of this.#entries) {
        const asked = workflowId === undefined || workflowId === entry.workflowId;
        if (asked && !seen.has(id)) this.#entries.delete(id);
      }
    } while (this.#changes !== before);
  }

  async #refreshAll(): Promise<void> {
    const { clock, follow, refreshInterval, followInterval, complain } = this.#options;
    this.#refreshing = true;
    this.#hinted = false;
    const began = clock.now();
    try {
      await this.#refresh();
      const took = clock.now() - began;
      // Reading all documents takes a while, and what is due does not wait for it.
      this.#wake();
      if (isReached(this.#followAt, followInterval, clock)) {
        await follow();
        this.#followAt = clock.now() + followInterval;
        await this.#refresh();
      }
      this.#hintsFrom = clock.now() + Math.min(Math.max(shortestPause, shareOfReading * took), longestPause);
      this.#refreshAt = this.#hinted
        ? this.#hintsFrom
        : clock.now() + Math.min(refreshInterval, followInterval);
      this.#refreshFailures = 0;
    } catch (error) {
      this.#refreshAt = clock.now() + delayAfter(++this.#refreshFailures);
      this.#hintsFrom = this.#refreshAt;
      complain(error);
    }
    this.#refreshing = false;
  }

  async #lookAfter(id: string, entry: Entry): Promise<void> {
    const { clock, lookAfter, complain } = this.#options;
    const before = this.#changes;
    entry.busy = true;
    this.#busy++;
    try {
      const due = await lookAfter(id, entry);
      entry.failures = 0;
      // What was found may be older than what was changed here meanwhile: then it is looked at again.
      if (this.#changes !== before) entry.due = clock.now();
      else if (due === undefined) this.#entries.delete(id);
      else entry.due = due;
    } catch (error) {
      entry.due = clock.now() + delayAfter(++entry.failures);
      complain(error, id);
    }
    // The next refresh finds `due` anew, whatever others have done to the record.
    entry.basis = '';
    entry.busy = false;
    this.#busy--;
  }

  /** Begins what is due, and sets the timer for what comes next. */
  #wake(): void {
    if (this.#state !== 'open') return;
    const { clock, refreshInterval } = this.#options;
    const now = clock.now();
    if (!this.#refreshing && isReached(this.#refreshAt, refreshInterval, clock)) {
      this.#begin(this.#refreshAll());
    }
    const due = [...this.#entries].filter(([, entry]) => !entry.busy && entry.due <= now);
    due.sort(([, a], [, b]) => a.due - b.due);
    for (const [id, entry] of due) {
      if (this.#busy >= atOnce) break;
      this.#begin(this.#lookAfter(id, entry));
    }
    this.#arm();
  }

  #begin(work: Promise<void>): void {
    const done = work.then(() => {
      this.#underway.delete(done);
      this.#wake();
    });
    this.#underway.add(done);
  }

  #arm(): void {
    this.#clearTimers();
    const { clock, keepAlive } = this.#options;
    let next = Number.POSITIVE_INFINITY;
    // Whoever is busy looks again when it is done.
    if (this.#busy < atOnce) {
      for (const { busy, due } of this.#entries.values()) if (!busy && due < next) next = due;
    }
    const set = (at: number, options: TimerOptions): void => {
      this.#timers.push(clock.setTimer(at, () => this.#wake(), options));
    };
    if (next < Number.POSITIVE_INFINITY) set(next, { background: !keepAlive });
    // One that waits for a clock that was set back would see nothing for hours of what others change.
    if (!this.#refreshing) set(this.#refreshAt, { background: true, elapsed: true });
  }

  #clearTimers(): void {
    for (const clear of this.#timers.splice(0)) clear();
  }
}

/** @param interval - in milliseconds: what is farther away than that is so only because the clock was set back */
function isReached(at: number, interval: number, clock: Clock): boolean {
  const left = at - clock.now();
  return left <= 0 || left > interval;
}

function delayAfter(failures: number): number {
  return Math.min(shortestDelay * 2 ** Math.min(failures - 1, 20), longestDelay);
}
