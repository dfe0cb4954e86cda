import { hasCode } from '../errors.ts';
import { type Dispatcher, executionQueue } from './dispatcher.ts';
import { type EndOptions, endUnworked } from './end-unworked.ts';
import type { PlatformParts } from './parts.ts';
import { isPassing, patiently } from './patience.ts';

/** When an execution that could not be taken up is tried again, in milliseconds. */
const unableFor = 30_000;

/** When one is tried again that could not be taken up for a reason that passes: a store that answers half of what it is asked is not to be asked all the time. */
const pause = 1000;

/** So long after that it is remembered, in milliseconds. */
const rememberedFor = 600_000;

export interface GivingBackOptions {
  readonly parts: PlatformParts;
  readonly dispatcher: Dispatcher;
  readonly ending: EndOptions;
  /** True for what this worker works on, or is about to. */
  holds(id: string): boolean;
  closing(): boolean;
  /** An execution is to be taken up at that moment, in milliseconds since 1970. */
  expect(at: number): void;
}

/** Hands back the executions that a worker owns and cannot go on with. */
export class GivingBack {
  readonly #options: GivingBackOptions;
  /** Those that could not be taken up here: when they may be tried again, and how far the histories of those went that were cancelled by then. */
  readonly #unable = new Map<string, { until: number; seq?: number | undefined }>();

  constructor(options: GivingBackOptions) {
    this.#options = options;
  }

  /**
   * It could not go on here. Unless someone else has it already, it must not stay with a worker that does nothing for it.
   *
   * @param accepted - false when its start was refused, which whoever asked for it is told; it may be there all the same
   */
  lost(id: string, error: unknown, accepted: boolean): void {
    if (hasCode(error, 'ALREADY_EXISTS')) return;
    if (!accepted) return this.give(id, error);
    const { logger } = this.#options.parts;
    const fenced = hasCode(error, 'FENCED');
    const message = fenced
      ? 'Another worker has taken over an execution.'
      : 'The work on an execution had to be given up; it is taken up again.';
    logger.log(fenced ? 'warn' : 'error', message, { execution_id: id, error: String(error) });
    if (!fenced) this.give(id, error);
  }

  /** What failed for a reason that does not pass by itself would fail again at once. */
  give(id: string, error: unknown): void {
    const seq = this.#unable.get(id)?.seq;
    this.#unable.delete(id);
    if (isPassing(error)) return this.#disown(id, pause);
    this.#unable.set(id, { until: this.#options.parts.clock.now() + unableFor, seq });
    this.#disown(id, unableFor, String(error));
  }

  /** Messages make it ready before its time, and others may be able to: this worker waits all the same. */
  isUnable(id: string): boolean {
    const now = this.#options.parts.clock.now();
    for (const [known, { until }] of this.#unable) {
      if (until > now - rememberedFor && until <= now + unableFor) break;
      this.#unable.delete(known);
    }
    return (this.#unable.get(id)?.until ?? 0) > now;
  }

  /**
   * However long that takes: nobody else would take it up for as long as this process lives.
   *
   * @param delay - until it may be taken up again, in milliseconds
   * @param why - it cannot be taken up here
   */
  #disown(id: string, delay: number, why?: string): void {
    const {
      parts: { clock, logger },
      closing,
    } = this.#options;
    patiently(() => this.#release(id, delay, why), { clock, closed: closing }).catch((error: unknown) => {
      // An earlier try of this process has handed it back, and somebody has it.
      if (closing() || hasCode(error, 'FENCED')) return;
      logger.log('error', 'An execution could not be handed back.', {
        execution_id: id,
        error: String(error),
      });
    });
  }

  async #release(id: string, delay: number, error: string | undefined): Promise<void> {
    const { parts, dispatcher, ending, holds, expect } = this.#options;
    const { storage, workerId, clock } = parts;
    const record = await storage.executions.get(id);
    const at = clock.now() + delay;
    // Also of one that could not even be claimed: whoever told that it is ready tells no more.
    expect(at);
    if (record?.owner !== workerId || holds(id)) return;
    // Whoever cancelled it need not wait for somebody who can take it up, unless that one has something to undo, and comes soon.
    if (error !== undefined) {
      const unable = this.#unable.get(id);
      const again = unable?.seq === record.seq;
      const ended = await endUnworked(record, ending, { error, again });
      if (ended) return;
      if (unable && ended === false) unable.seq = record.seq;
    }
    const { workflow_id, workflow_version, status, started_at, seq, epoch } = record;
    const woken = await storage.executions.append({
      summary: { id, workflow_id, workflow_version, status, started_at },
      ...{ expected_seq: seq, epoch, events: [], owner: null, wake_at: new Date(at).toISOString() },
    });
    await dispatcher.wake(woken);
    if (error !== undefined) parts.bus.wake(executionQueue, id);
  }
}
