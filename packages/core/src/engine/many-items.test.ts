import { expect, test } from 'vitest';
import type { Command } from '../machine/index.ts';
import { takeComputing } from './commands.ts';
import type { Journal } from './journal.ts';
import { parkUntil } from './park.ts';
import type { Workflow } from './workflow.ts';

/** More than a function takes as arguments. */
const many = 200_000;

test('what only computes is taken from among any number of commands', () => {
  const timers = Array.from({ length: many }, (_, n): Command => ({ type: 'clear_timer', key: `${n}` }));
  const commands: Command[] = [...timers, { type: 'evaluate', step_id: 'a' }];
  expect(takeComputing(commands, {} as Workflow)).toEqual([{ type: 'evaluate', step_id: 'a' }]);
  expect(commands).toEqual(timers);
});

test('an execution in which any number of items wait can be let go of', () => {
  const journal = { parkAfter: 1000, lookForTasks: 30_000 } as Journal;
  const now = Date.parse('2026-01-01T00:00:00.000Z');
  const due = new Map(Array.from({ length: many }, (_, n) => [`${n}`, now + 3_600_000 + n]));
  expect(parkUntil(journal, { due, waits: [], commands: [], now })).toEqual({
    wake_at: '2026-01-01T01:00:00.000Z',
  });
  const waits = Array.from({ length: many }, (_, index) => ({
    ref: { step_id: 'a', index },
    wait: { kind: 'task' as const, queue: 'gpu', task_id: `${index}` },
    since: '2025-12-31T23:58:00.000Z',
  }));
  expect(parkUntil(journal, { due, waits, commands: [], now })).toEqual({
    wake_at: '2026-01-01T00:02:00.000Z',
  });
});
