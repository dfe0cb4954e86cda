import { expect } from 'vitest';
import type { ExecutionState, Foreach, Phase, Run, StepState } from '../state.ts';
import { expectEqual } from './check.ts';

/**
 * A state and the one that its recorded events give are the same, but for what is not recorded on
 * purpose, because it is simply begun again after a crash:
 *
 * - that an evaluation, the output or a compensation is under way
 * - that an attempt has started: it is not there, or still due
 * - that items were started, or were dropped because the foreach failed or the execution stops
 */
export function expectSameFacts(live: ExecutionState, replayed: ExecutionState): void {
  const begun: readonly Phase[] = ['output', 'compensating'];
  const phase = begun.includes(live.phase) ? (live.stop ? 'stopping' : 'running') : live.phase;
  expectEqual({ ...replayed, steps: [] }, { ...live, phase, steps: [] });
  live.steps.forEach((step, index) => {
    expectSameStep(step, replayed.steps[index]!, live.stop !== undefined);
  });
}

function expectSameStep(live: StepState, replayed: StepState, stopping: boolean): void {
  const { run, foreach, ...rest } = live;
  const { run: replayedRun, foreach: replayedForeach, ...replayedRest } = replayed;
  if (live.status === 'running' && replayed.status === 'pending') {
    expect([foreach, live.iteration, run?.wait, run?.due, run?.attempt ?? 1]).toEqual([
      undefined,
      0,
      undefined,
      undefined,
      1,
    ]);
    expectEqual(replayedRest, { ...rest, status: 'pending', started_at: undefined });
    return;
  }
  expectEqual(replayedRest, rest);
  expectSameRun(run, replayedRun);
  if (foreach && replayedForeach) expectSameForeach(foreach, replayedForeach, stopping);
  else expectEqual(replayedForeach, foreach);
}

function expectSameForeach(live: Foreach, replayed: Foreach, stopping: boolean): void {
  const { active, next, running, ...rest } = live;
  const { active: replayedActive, next: replayedNext, running: replayedRunning, ...replayedRest } = replayed;
  expectEqual(replayedRest, rest);
  expect(next).toBeGreaterThanOrEqual(replayedNext);
  for (const [index, run] of Object.entries(active)) {
    const known = replayedActive[Number(index)];
    if (known || !isAttempting(run) || (run.attempt > 1 && !live.failure)) expectSameRun(run, known);
  }
  if (stopping || live.failure) return;
  expect(running).toBe(Object.keys(active).length);
  expect(replayedRunning).toBe(Object.keys(replayedActive).length);
  expect(Object.keys(active)).toEqual(expect.arrayContaining(Object.keys(replayedActive)));
}

function expectSameRun(live: Run | undefined, replayed: Run | undefined): void {
  if (live && isAttempting(live)) expect(replayed?.attempt ?? live.attempt).toBe(live.attempt);
  else expectEqual(replayed, live);
}

function isAttempting(run: Run): boolean {
  return !run.wait && run.due === undefined && run.payload === undefined;
}
