import type { Execution, StoredEvent } from '@vwmp/core';
import { readCases } from './cases.ts';
import type { Place } from './place.ts';
import { type PlatformCase, platformCases } from './platform-cases.ts';

/** What both processes of a crash are told. */
export interface CrashArguments {
  place: Place;
  /** Where handlers write down that they were called. */
  calls: string;
  /** Where the second process writes its {@link CrashReport}. */
  report: string;
}

/** What the second process found and what became of it. */
export interface CrashReport {
  executions: {
    execution: Execution;
    events: StoredEvent[];
    /** Those that were there before it began. */
    found: StoredEvent[];
  }[];
  /** What its store holds in the end for whoever works. */
  left: { ready: string[]; nextReady?: number };
}

/** Every case that can be executed, by a key that is part of the id of its executions. */
export const crashCases: ReadonlyMap<string, PlatformCase> = new Map(
  [...readCases(), ...platformCases]
    .filter(({ invalid }) => !invalid)
    .map((each, index) => [`case${index}`, each] as const),
);

/** The id of the execution of a case that is interrupted at its n-th event. */
export function idOf(key: string, recorded: boolean, at: number): string {
  return [key, recorded ? 'after' : 'before', at].join('-');
}

/** The key of the case of an execution. */
export function caseOf(id: string): string {
  return id.split('-')[0]!;
}
