import type { Append } from '../../ports/execution-store.ts';

/**
 * Who works on an execution, or when it is to be taken up. It has an owner, or a time from which on it can be
 * claimed, or neither: then it waits for a message, or has ended.
 */
export interface Standing {
  owner?: string;
  /** ISO 8601. */
  wake_at?: string;
  /** It can be claimed whatever the clock of the one that asks says; `wake_at` tells since when. */
  at_once?: true;
}

/** Nobody has it, and time alone changes nothing. */
export const idle: Standing = Object.freeze({});

/** Can be claimed from now on. One that could already has waited for longer. */
export function atOnce(before: Standing, now: number): Standing {
  return before.at_once ? before : { wake_at: new Date(now).toISOString(), at_once: true };
}

/**
 * How an execution stands after an append.
 *
 * @param before - undefined when the append creates it
 * @param waiting - whether messages wait for it that the append did not handle
 * @param now - of the store
 * @throws TypeError when `wake_at` is no time
 */
export function standingAfter(
  append: Append,
  before: Standing | undefined,
  waiting: boolean,
  now: number,
): Standing {
  const { wake_at } = append;
  if (typeof wake_at === 'string' && Number.isNaN(Date.parse(wake_at))) {
    throw new TypeError(`The execution "${append.summary.id}" is to wake at no readable time.`);
  }
  if (append.summary.completed_at !== undefined) return idle;
  const owner = append.owner === undefined ? before?.owner : (append.owner ?? undefined);
  if (owner !== undefined) return owner === before?.owner ? before : { owner };
  if (waiting) return atOnce(before ?? idle, now);
  if (wake_at === null) return idle;
  if (wake_at !== undefined) return { wake_at };
  return before === undefined || append.owner === null ? atOnce(before ?? idle, now) : before;
}
