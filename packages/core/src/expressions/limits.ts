import { Failure } from './failure.ts';
import type { Scope } from './scope.ts';

/** Longest text of one expression, in characters. */
export const MAX_TEXT = 10_000;
/** Most nodes of one expression. */
export const MAX_NODES = 5_000;
/** Deepest nesting of one expression. */
export const MAX_DEPTH = 250;
/** Longest text that filling in a template may give, in characters. */
export const MAX_RESULT_TEXT: number = 16 * 1024 * 1024;
/**
 * Work of one evaluation. One unit is about one node evaluated, one state of a regular expression
 * stepped, or a few bytes allocated. Spending all of it takes 0.02 to 0.7 s and at most 140 MB
 * (measured over the table in hostile.test.ts).
 */
export const MAX_WORK = 10_000_000;

/** What an evaluation carries along. */
export interface Frame {
  readonly scope: Scope;
  /** Values of the variables that macros bind, by slot. */
  readonly slots: unknown[];
  /** Work that is left. */
  left: number;
}

/** Takes work off the budget. Call it before the work is done. */
export function charge(frame: Frame, work: number): void {
  frame.left -= work;
  if (frame.left < 0) throw new Failure('it takes too much work or memory; do less in one expression', true);
}

/** Takes the building of a text off the budget: at most 40 million characters per evaluation. */
export function chargeText(frame: Frame, length: number): void {
  charge(frame, 1 + (length >>> 2));
}

/** Takes reading a text off the budget. */
export function chargeScan(frame: Frame, length: number): void {
  charge(frame, 1 + (length >>> 5));
}

/**
 * Takes a search off the budget, by its worst case: engines skip ahead in ordinary texts but need
 * length times length in made-up ones ("aaa…" for "baaa…").
 */
export function chargeSearch(frame: Frame, length: number, wanted: number): void {
  charge(frame, 1 + Math.ceil((length * Math.max(1, Math.min(wanted, length))) / 32));
}
