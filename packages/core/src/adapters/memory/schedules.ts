import type { Fire } from '../../ports/schedule-store.ts';
import { compareText } from './page.ts';

/** Of each schedule so many fires stay. */
const mostFires = 1000;

/** Whether two times in ISO 8601 are the same. */
export function sameInstant(a: string, b: string): boolean {
  return Date.parse(a) === Date.parse(b);
}

/** The later one of two times in ISO 8601. */
export function later(a: string, b: string | undefined): string {
  return b !== undefined && Date.parse(b) > Date.parse(a) ? b : a;
}

/** Adds fires, each instant once, and lets the oldest go that are too many. The oldest first. */
export function withFires(before: readonly Fire[], added: readonly Fire[]): readonly Fire[] {
  const byInstant = new Map([...before, ...added].map((fire) => [fire.at, fire]));
  return [...byInstant.values()].sort((a, b) => compareText(a.at, b.at)).slice(-mostFires);
}
