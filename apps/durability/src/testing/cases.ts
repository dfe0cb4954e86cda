import { readdirSync, readFileSync } from 'node:fs';
import type { Execution, JsonObject, StoredEvent, WorkflowDocument } from '@vwmp/core';
import { expect } from 'vitest';
import { parse } from 'yaml';

/** One of the cases in `conformance/`, whose README says what they mean. */
export interface Case {
  readonly file: string;
  readonly name: string;
  readonly workflow: WorkflowDocument;
  readonly parameters?: JsonObject;
  readonly invalid?: readonly { code: string; path: string }[];
  readonly expect?: JsonObject & { before?: [string, string][] };
}

const folder = new URL('../../../../conformance/', import.meta.url);

/** All cases, in the order of their files. */
export function readCases(): Case[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return files.sort().flatMap((file) => {
    const cases = parse(readFileSync(new URL(file, folder), 'utf8'), { merge: true }) as Case[];
    return cases.map((each) => ({ ...each, file }));
  });
}

/** Checks how an execution ended, and by its events what happened before what. */
export function expectOutcome(
  { name, expect: expected }: Case,
  execution: Execution,
  events: readonly StoredEvent[],
): void {
  const { before = [], ...rest } = expected!;
  expect(execution, `${name} (${execution.id})`).toMatchObject(rest);
  for (const [first, second] of before) {
    const settled = settlementOf(first, events);
    const next = settlementOf(second, events);
    expect(settled.seq).toBeLessThan(next.seq);
    // A start is not recorded; that of the second step is told at its end.
    expect('started_at' in next ? next.started_at >= settled.timestamp : true).toBe(true);
  }
}

/** The event with which a step settled. */
export function settlementOf(stepId: string, events: readonly StoredEvent[]): StoredEvent {
  const found = events.filter((event) => isSettlement(event) && event.step_id === stepId);
  expect(found, `settlements of ${stepId}`).toHaveLength(1);
  return found[0]!;
}

type Settlement = Extract<
  StoredEvent,
  { event: 'step_completed' | 'step_failed' | 'step_skipped' | 'step_cancelled' }
>;

/** True for what ends a step for good. */
export function isSettlement(event: StoredEvent): event is Settlement {
  return /^step_(completed|failed|skipped|cancelled)$/.test(event.event);
}
