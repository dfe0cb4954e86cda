import type { AnnouncedEvent, ExecutionEvent, StoredEvent } from '@vwmp/core';

/**
 * An event as clients get it: `event`, `seq`, `execution_id`, `timestamp` and what belongs to it. Announced events carry the number of
 * the recorded event that they follow: numbers never go back, and a client goes on after the last one that it has seen.
 */
export type WireEvent = ExecutionEvent;

/** The same shape in stores, on the bus and on the wire. Secrets are not in it: they were replaced before it was recorded. */
export function toWire(event: ExecutionEvent): WireEvent {
  return event;
}

const announced: Record<AnnouncedEvent['event'], true> = {
  step_started: true,
  log: true,
  progress: true,
  compensation_started: true,
};

/** False for what is only told and stands in no store. */
export function isRecorded(event: ExecutionEvent): event is StoredEvent {
  return !Object.hasOwn(announced, event.event);
}

/** An event on its way to many: it is written as JSON once, whoever gets it. */
export class Item {
  readonly event: WireEvent;
  #bytes: Buffer<ArrayBuffer> | undefined;

  constructor(event: ExecutionEvent) {
    this.event = toWire(event);
  }

  get seq(): number {
    return this.event.seq;
  }

  /** JSON in UTF-8. Shared: not to be changed. */
  get bytes(): Buffer<ArrayBuffer> {
    this.#bytes ??= Buffer.from(JSON.stringify(this.event));
    return this.#bytes;
  }
}
