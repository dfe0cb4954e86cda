import fc from 'fast-check';
import type { RunRef } from '../../model/event.ts';
import { codes, ports } from './document.ts';

/** The name of the signal that many wait for, and its payload; one that could be taken for a prototype's. */
const shared = 'constructor';

/** One wait of a planned attempt. `timer` ends by itself; the others only when what they wait for comes. */
export interface PlannedWait {
  /** `signal` has a name of its own; `shared` is one that every such wait listens to. */
  on: 'timer' | 'signal' | 'shared' | 'approval' | 'child';
  /** How long a timer takes, and when another wait gives up; in milliseconds. */
  duration: number;
  /** Whether what it waits for comes. */
  comes: boolean;
}

/** What a handler does in one attempt: it parks as often as it has waits, then it ends. */
export interface PlannedAttempt {
  waits: readonly PlannedWait[];
  /** The code that it fails with, if it fails. */
  code?: string;
  retryable: boolean;
  value: number;
  port?: string;
  /** In a repeat: whether the condition holds then. */
  holds: boolean;
  /** How it ends when it is aborted. */
  aborted: 'reports' | 'fails' | 'goes on';
}

export interface PlannedStep {
  condition: 'holds' | 'does not hold' | 'fails';
  /** Length of the list of a foreach. */
  total: number;
  /** Attempts take these in turn; see {@link plannedAttempt}. */
  script: readonly PlannedAttempt[];
  undoFails: boolean;
}

/** What the world around an execution does, whatever the order in which things end. */
export interface Plan {
  /** Steps take these by their place in the alphabet, in turn. */
  steps: readonly PlannedStep[];
  outputFails: boolean;
  /** When somebody cancels, or the timeout comes: after that many inputs. */
  stop?: { cause: 'cancelled' | 'timeout'; after: number };
}

/** Names one attempt in an execution. */
export interface AttemptRef {
  step_id: string;
  index?: number;
  iteration: number;
  attempt: number;
}

export function plannedStep(plan: Plan, id: string): PlannedStep {
  return plan.steps[(id.toLowerCase().charCodeAt(id.startsWith('_') ? 1 : 0) - 97) % plan.steps.length]!;
}

export function plannedAttempt(
  plan: Plan,
  { step_id, index = 0, iteration, attempt }: AttemptRef,
): PlannedAttempt {
  const { script } = plannedStep(plan, step_id);
  return script[(index * 3 + iteration * 2 + attempt - 1) % script.length]!;
}

/** What is handed to a handler whose wait is over. */
export function answerOf(wait: PlannedWait, ref: AttemptRef, ordinal: number): string | null {
  if (wait.on === 'timer') return null;
  return wait.on === 'shared' ? shared : `${wait.on} ${keyOf(ref)}/${ordinal}`;
}

export function keyOf({ step_id, index = -1, iteration, attempt }: AttemptRef): string {
  return [step_id, index, iteration, attempt].join('/');
}

/** Both are runs of the same step or item. */
export function sameRun(a: RunRef, b: RunRef): boolean {
  return a.step_id === b.step_id && a.index === b.index;
}

export function runRef({ step_id, index }: RunRef): RunRef {
  return index === undefined ? { step_id } : { step_id, index };
}

const wait: fc.Arbitrary<PlannedWait> = fc.record({
  on: fc.constantFrom('timer', 'signal', 'shared', 'approval', 'child'),
  duration: fc.constantFrom(0, 1, 200, 3000),
  comes: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
});

const attempt: fc.Arbitrary<PlannedAttempt> = fc.record(
  {
    waits: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(wait, { minLength: 1, maxLength: 2 }) },
    ),
    code: fc.oneof(
      { weight: 3, arbitrary: fc.constant(undefined) },
      { weight: 2, arbitrary: fc.constantFrom(...codes) },
    ),
    retryable: fc.oneof(
      { weight: 4, arbitrary: fc.constant(true) },
      { weight: 1, arbitrary: fc.constant(false) },
    ),
    value: fc.nat({ max: 9 }),
    port: fc.constantFrom(undefined, ...ports),
    holds: fc.boolean(),
    aborted: fc.constantFrom('reports', 'fails', 'goes on'),
  },
  { requiredKeys: ['waits', 'retryable', 'value', 'holds', 'aborted'] },
);

const step: fc.Arbitrary<PlannedStep> = fc.record({
  condition: fc.oneof(
    { weight: 6, arbitrary: fc.constant('holds' as const) },
    { weight: 1, arbitrary: fc.constantFrom('does not hold' as const, 'fails' as const) },
  ),
  total: fc.nat({ max: 5 }),
  script: fc.array(attempt, { minLength: 1, maxLength: 5 }),
  undoFails: fc.oneof(
    { weight: 4, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
});

/** Which of the things that could happen next does. */
export const anyChoices: fc.Arbitrary<number[]> = fc.array(fc.nat({ max: 1000 }), {
  minLength: 1,
  maxLength: 60,
});

/** Plans in which nobody stops the execution. */
export const anyPlan: fc.Arbitrary<Plan> = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 12 }),
  outputFails: fc.oneof(
    { weight: 4, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
});

/** Plans in which the execution is stopped, early or late; maybe later than it ends. */
export const anyStoppedPlan: fc.Arbitrary<Plan> = fc
  .record({
    plan: anyPlan,
    stop: fc.record({
      cause: fc.constantFrom('cancelled' as const, 'timeout' as const),
      after: fc.integer({ min: 1, max: 40 }),
    }),
  })
  .map(({ plan, stop }) => ({ ...plan, stop }));
