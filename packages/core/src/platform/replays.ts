import { LoneExecution } from '../engine/lone-attempt.ts';
import type { StoredEvent } from '../model/event.ts';
import type { Redactor } from '../values/index.ts';
import { toResumption } from './history.ts';
import type { PlatformParts } from './parts.ts';
import type { Sealer } from './seal.ts';
import type { WorkflowCache } from './workflow-cache.ts';

/** So many executions are kept that no attempt uses. */
const most = 16;

/** For so long, in milliseconds. */
const keptFor = 10_000;

export interface ReplaysOptions {
  readonly parts: Pick<PlatformParts, 'storage' | 'host' | 'bus' | 'clock'>;
  readonly cache: WorkflowCache;
  readonly sealer: Sealer;
}

/** An execution that somebody else owns, as it was recorded. */
export interface Replayed {
  readonly execution: LoneExecution;
  readonly depth: number;
  readonly redactor: Redactor;
}

/** Keeps the state of one execution, and catches up with what is recorded. */
class Replay {
  readonly id: string;
  readonly #options: ReplaysOptions;
  #replayed: Replayed | undefined;
  #last: StoredEvent | undefined;
  #reading: Promise<unknown> = Promise.resolve();
  #next: Promise<Replayed | undefined> | undefined;

  constructor(id: string, options: ReplaysOptions) {
    this.id = id;
    this.#options = options;
  }

  /** True when there is nothing to keep: it has ended, say. */
  get empty(): boolean {
    return this.#replayed === undefined;
  }

  /**
   * As it is recorded now, or undefined when it has ended or is not there. Whoever comes while it is being read waits for the next
   * time, together with all others who do.
   */
  upToDate(): Promise<Replayed | undefined> {
    this.#next ??= this.#reading
      .catch(() => {})
      .then(() => {
        this.#next = undefined;
        const reading = this.#read();
        this.#reading = reading;
        return reading;
      });
    return this.#next;
  }

  async #read(): Promise<Replayed | undefined> {
    try {
      // One that is not there any more, or is another one with the same id, is read anew.
      if (!(this.#last && (await this.#catchUp(this.#last)))) await this.#replay();
    } catch (error) {
      this.#forget();
      throw error;
    }
    if (this.#replayed?.execution.completed) this.#forget();
    return this.#replayed;
  }

  /** @returns false when its history is not the one that is known */
  async #catchUp(last: StoredEvent): Promise<boolean> {
    let known = false;
    for await (const event of this.#options.parts.storage.executions.events(this.id, last.seq - 1)) {
      if (event.seq === last.seq) known = event.event === last.event && event.timestamp === last.timestamp;
      else if (known) this.#take(event);
      if (!known) return false;
    }
    return known;
  }

  async #replay(): Promise<void> {
    this.#forget();
    const { parts, cache, sealer } = this.#options;
    const { executions } = parts.storage;
    const record = await executions.get(this.id);
    if (!record || record.completed_at !== undefined) return;
    const workflow = await cache.get(record.document);
    for await (const event of executions.events(this.id)) {
      this.#replayed ??= this.#begin(workflow, record, event, sealer);
      this.#take(event);
    }
  }

  #begin(
    workflow: Parameters<typeof toResumption>[0],
    record: Parameters<typeof toResumption>[1],
    first: StoredEvent,
    sealer: Sealer,
  ): Replayed {
    const { parameters, redactor, trigger } = toResumption(workflow, record, [first], sealer);
    const { host } = this.#options.parts;
    const execution = new LoneExecution(host, workflow, parameters, {
      ...{ id: this.id, redactor, first },
      ...(trigger !== undefined && { trigger }),
    });
    return { execution, redactor, depth: record.origin?.depth ?? 0 };
  }

  #take(event: StoredEvent): void {
    this.#replayed!.execution.evolve(event);
    this.#last = event;
  }

  #forget(): void {
    this.#replayed = undefined;
    this.#last = undefined;
  }
}

interface Kept {
  readonly replay: Replay;
  /** How many attempts use it. */
  uses: number;
  /** Ends what watches over it. */
  unwatch(): void;
  clearTimer?: () => void;
}

/**
 * Keeps executions that others own from one attempt of them to the next: to replay all that happened for each item of a
 * foreach would cost the square of what happened.
 */
export class Replays {
  readonly #options: ReplaysOptions;
  /** By id, the one that was used last at the end. */
  readonly #kept = new Map<string, Kept>();

  constructor(options: ReplaysOptions) {
    this.#options = options;
  }

  /** To be given back with {@link release}. */
  take(id: string): Replay {
    const kept = this.#kept.get(id) ?? this.#add(id);
    kept.uses++;
    kept.clearTimer?.();
    return kept.replay;
  }

  release(replay: Replay): void {
    const { id } = replay;
    const kept = this.#kept.get(id);
    // It has ended meanwhile.
    if (kept?.replay !== replay || --kept.uses > 0) return;
    if (replay.empty) return this.#drop(id);
    const { clock } = this.#options.parts;
    const drop = (): void => this.#drop(id);
    kept.clearTimer = clock.setTimer(clock.now() + keptFor, drop, { background: true, elapsed: true });
    this.#kept.delete(id);
    this.#kept.set(id, kept);
    const unused = [...this.#kept].filter(([, { uses }]) => uses === 0);
    for (const [oldest] of unused.slice(0, -most)) this.#drop(oldest);
  }

  close(): void {
    for (const id of [...this.#kept.keys()]) this.#drop(id);
  }

  #add(id: string): Kept {
    const unwatch = this.#options.parts.bus.subscribe(id, ({ event }) => {
      if (event === 'workflow_completed') this.#drop(id);
    });
    const kept = { replay: new Replay(id, this.#options), uses: 0, unwatch };
    this.#kept.set(id, kept);
    return kept;
  }

  #drop(id: string): void {
    const kept = this.#kept.get(id);
    if (!kept) return;
    this.#kept.delete(id);
    kept.clearTimer?.();
    kept.unwatch();
  }
}
