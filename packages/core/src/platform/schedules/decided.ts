// What `decided_until` of a schedule says. Instants are whole minutes, so there is room between them:
//
// - `unbegun`: nobody has said yet from when on it fires.
// - a millisecond before an instant: the fire of that instant was taken up. Whoever reads it starts the execution, which
//   the idempotency key allows any number of times, and then notes that it was started. So an instant is never noted as
//   skipped or missed by one process while another one starts it, and a crash between any two writes loses nothing.
// - anything else: up to here, itself included, everything has been decided.
import { isoTime } from '../../machine/index.ts';
import type { ScheduleRecord } from '../../ports/schedule-store.ts';

/**
 * Of a schedule that has only just been put there. Putting never moves the time back, so this changes nothing for one
 * that someone else put there before; then whoever is first says from when on it fires.
 */
export const unbegun: string = isoTime(0);

export function isUnbegun({ decided_until }: Pick<ScheduleRecord, 'decided_until'>): boolean {
  return Date.parse(decided_until) === 0;
}

/** Everything up to `at` has been decided, and nothing after it was taken up. */
export function decidedTime(at: number): string {
  return isoTime(at % 1000 === 999 ? at - 1 : at);
}

/** The fire of an instant was taken up. */
export function takenUpTime(instant: number): string {
  return isoTime(instant - 1);
}

/** Whether the next instant was taken up. */
export function isTakenUp(decidedUntil: number, next: number): boolean {
  return decidedUntil === next - 1;
}
