import type { Active } from '../engine/launch.ts';
import { pickRef } from '../machine/schedule.ts';
import type { RunRef, StoredEvent, Wait } from '../model/event.ts';
import type { Message } from '../ports/execution-store.ts';
import type { MessageBody } from './message.ts';

/** A run, and what it waits for. */
export interface Waiting {
  readonly ref: RunRef;
  readonly wait: Wait;
}

const none: Waiting[] = [];

/** The waits that begin with some events. */
export function waitsIn(events: readonly StoredEvent[]): Waiting[] {
  let waits = none;
  for (const event of events) {
    if (event.event !== 'step_waiting') continue;
    if (waits === none) waits = [];
    waits.push({ ref: pickRef(event), wait: event.wait });
  }
  return waits;
}

/** What an execution that is taken up waits for, but for tasks that are done: their reports are about to be taken in. */
export function waitsOfResumed({ execution }: Active, messages: readonly Message[]): Waiting[] {
  const reported = messages.flatMap(({ body }) => reportedTask(body as unknown as MessageBody));
  return execution.waits().filter(({ wait }) => wait.kind !== 'task' || !reported.includes(wait.task_id));
}

/** When the last of the tasks began that workers have, in milliseconds since 1970; before all times where they have none. */
export function lastTask({ execution }: Active): number {
  let last = Number.NEGATIVE_INFINITY;
  for (const { wait, since } of execution.waits())
    if (wait.kind === 'task' && since !== undefined) last = Math.max(last, Date.parse(since));
  return last;
}

function reportedTask(body: MessageBody): string[] {
  return body.type === 'report' ? [body.task_id] : [];
}
