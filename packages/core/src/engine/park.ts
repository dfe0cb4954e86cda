import type { Command } from '../machine/index.ts';
import { isoTime } from '../machine/index.ts';
import type { Facts, Journal } from './journal.ts';
import type { Waits } from './waits.ts';

/** The longest time until a step that a worker of another queue has is given out again unless it still is, in milliseconds. */
const longestLook = 600_000;

/** What an execution in which nothing runs has to do next. */
export interface Outlook {
  /** Its timers by key, in milliseconds since 1970. */
  due: Map<string, number>;
  waits: Waits;
  /** What has yet to be carried out: timers. */
  commands: readonly Command[];
  now: number;
}

/** Says until when an execution can be let go of; undefined when it has to be held. */
export function parkUntil(
  { parkAfter, lookForTasks }: Journal,
  { due, waits, commands, now }: Outlook,
): Facts['park'] {
  if (parkAfter === undefined) return undefined;
  for (const command of commands) {
    if (command.type === 'set_timer') due.set(command.key, Date.parse(command.at));
    else if (command.type === 'clear_timer') due.delete(command.key);
  }
  const tasks = waits.filter(({ wait }) => wait.kind === 'task');
  if (tasks.length > 0 && lookForTasks === undefined) return undefined;
  let next = Number.POSITIVE_INFINITY;
  for (const at of due.values()) next = Math.min(next, at);
  if (next - now < parkAfter) return undefined;
  // A queue may lose a task, and so may a crash before it got there: then it has to be given out once more.
  let waited = lookForTasks ?? 0;
  for (const { since } of tasks) waited = Math.max(waited, now - Date.parse(since ?? '') || 0);
  const look = Math.min(waited, longestLook);
  const wake = Math.min(next, tasks.length > 0 ? now + look : Number.POSITIVE_INFINITY);
  return { wake_at: wake === Number.POSITIVE_INFINITY ? null : isoTime(wake) };
}
