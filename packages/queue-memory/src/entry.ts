import { type JsonValue, VwmpError } from '@vwmp/core';
import type { EnqueueOptions, NewTask, Task } from '@vwmp/core/ports';
import type { Due } from './agenda.ts';
import type { Lane } from './lane.ts';

/**
 * A task in the queue. It is
 *
 * - `ready`: in the heap of its lane;
 * - `delayed`: on the agenda, until its delay or backoff is over;
 * - `active`: given out, to the holder with the number {@link Entry.holder}; on the agenda if that has limited time;
 * - `dead`: it failed for good, and is kept to be looked at;
 * - `gone`: completed, taken back, or pushed out of the dead letters or discarded from them.
 */
export class Entry implements Due {
  readonly id: string;
  readonly name: string;
  /** As JSON, so that nobody can change it and whoever takes it gets one of their own. */
  readonly text: string;
  readonly lane: Lane;
  readonly priority: number;
  readonly attempts: number;
  readonly backoff: number;
  readonly dedupe: string | undefined;
  state: 'ready' | 'delayed' | 'active' | 'dead' | 'gone' = 'ready';
  attempt = 1;
  holder = 0;
  order = 0;
  due = 0;
  slot = -1;
  /** In sync mode: called when its first run has ended. */
  ran: (() => void) | undefined;

  constructor(id: string, lane: Lane, task: NewTask, options: EnqueueOptions) {
    this.id = id;
    this.lane = lane;
    this.name = task.name;
    this.text = toText(lane.name, task);
    this.priority = options.priority ?? 0;
    this.attempts = options.attempts ?? 1;
    this.backoff = options.backoff ?? 1000;
    this.dedupe = options.dedupe;
  }

  toTask(): Task {
    const { id, name, attempt } = this;
    return { id, name, payload: JSON.parse(this.text) as JsonValue, queue: this.lane.name, attempt };
  }

  onDue(): void {
    this.lane.onDue(this);
  }
}

function toText(queue: string, { name, payload }: NewTask): string {
  let text: string | undefined;
  let cause: unknown;
  try {
    text = JSON.stringify(payload);
  } catch (error) {
    cause = error;
  }
  if (text !== undefined) return text;
  const message = `The payload of a task "${name}" for queue "${queue}" has no JSON form. Give plain data.`;
  throw new VwmpError('VALUE_INVALID', message, { retryable: false, cause });
}
