import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredEvent } from '@vwmp/core';
import { afterAll, expect, it } from 'vitest';
import { expectOutcome } from './testing/cases.ts';
import { startChild } from './testing/child.ts';
import { type CrashArguments, type CrashReport, caseOf, crashCases } from './testing/crash-plan.ts';
import { createGround } from './testing/ground.ts';
import { pairs } from './testing/pairs.ts';
import { type Call, readCalls } from './testing/traced.ts';

const ground = createGround();
afterAll(ground.clear);

const durable = pairs.filter(({ survives }) => survives).map((pair) => [pair.name, pair] as const);

// Every case is stopped at each of its recorded events, once when it is on disk and once just before; each of these is an
// execution of its own, so that one SIGKILL hits them all.
it.concurrent.each(durable)(
  '%s: the same outcomes after a SIGKILL at every recorded event, and nothing settled runs again',
  { timeout: 400_000 },
  async (_name, pair) => {
    const folder = ground.folder();
    const given: CrashArguments = {
      place: await pair.place(ground),
      calls: join(folder, 'calls'),
      report: join(folder, 'report.json'),
    };
    const first = startChild('crash-first.ts', given);
    const accepted = JSON.parse(await first.said('accepted ')) as string[];
    await first.kill();
    const second = startChild('crash-second.ts', given);
    await second.said('done');
    expect(await second.ended, second.output()).toEqual({ code: 0, signal: null });
    expect(first.output()).not.toMatch(/^error/m);
    expect(second.output()).not.toMatch(/^error/m);

    const { executions, left } = JSON.parse(readFileSync(given.report, 'utf8')) as CrashReport;
    expect(left).toEqual({ ready: [] });
    const calls = Map.groupBy(
      readCalls(given.calls).filter(({ by }) => by === 'second'),
      ({ key }) => key.split(':')[0]!,
    );
    const roots = executions.filter(({ execution: { id } }) => crashCases.has(caseOf(id)));
    expect(roots.map(({ execution }) => execution.id).sort()).toEqual(accepted.sort());
    expect(new Set(accepted.map(caseOf))).toEqual(new Set(crashCases.keys()));
    for (const { execution, events } of roots) {
      expectOutcome(crashCases.get(caseOf(execution.id))!, execution, events);
    }
    for (const { execution, events, found } of executions) {
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
      expect(events.at(-1)!.event).toBe('workflow_completed');
      expect(events.slice(0, found.length)).toEqual(found);
      expectNothingAgain(found, calls.get(execution.id) ?? []);
    }
  },
);

/** What was settled does not run again. */
function expectNothingAgain(events: readonly StoredEvent[], calls: readonly Call[]): void {
  const settled = new Set<string>();
  const attempts = new Map<string, number>();
  for (const event of events) {
    const { execution_id: id } = event;
    switch (event.event) {
      case 'step_completed':
      case 'step_failed':
      case 'step_cancelled':
      case 'step_skipped':
        settled.add(`${id}:${event.step_id}`);
        break;
      case 'item_completed':
      case 'item_failed':
        settled.add(`${id}:${event.step_id}:${event.index}`);
        break;
      case 'iteration_completed':
        settled.add(`${id}:${event.step_id}:${event.iteration}`);
        break;
      case 'compensation_completed':
        settled.add(`${id}:${event.step_id}:compensate`);
        break;
      case 'step_retrying':
        attempts.set([id, event.step_id, event.index ?? ''].join(':'), event.attempt);
    }
  }
  for (const { key, attempt } of calls) {
    const [id, step, index = ''] = key.split(':');
    const again = settled.has(key) || (index !== 'compensate' && settled.has(`${id}:${step}`));
    expect(again, `${key} ran again`).toBe(false);
    expect(attempt, `attempt of ${key}`).toBeGreaterThan(attempts.get(`${id}:${step}:${index}`) ?? 0);
  }
}
