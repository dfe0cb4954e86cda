import type { FinalStatus, SkipReason } from '../../model/execution.ts';
import type { Step, WorkflowDocument } from '../../model/workflow.ts';
import { parseDuration } from '../../values/duration.ts';
import {
  type AttemptRef,
  answerOf,
  type Plan,
  type PlannedAttempt,
  plannedAttempt,
  plannedStep,
} from './plan.ts';

/** What must become of a step. Where the order in which items end decides, more than one thing may. */
export interface Expected {
  status: 'success' | 'failed' | 'skipped';
  reason?: SkipReason;
  port?: string;
  output?: unknown;
  attempts: { least: number; most: number };
  codes?: readonly string[];
}

export interface ExpectedExecution {
  status: FinalStatus;
  code?: string;
  steps: Map<string, Expected>;
}

/**
 * The language page as a recursion over the graph, from the end to the beginning: no events, no
 * time, no state. It shares nothing with the machine, so that both can't be wrong in the same way.
 */
export function expectExecution(document: WorkflowDocument, plan: Plan): ExpectedExecution {
  const steps = new Map<string, Expected>();
  const become = (id: string): Expected => {
    const known = steps.get(id);
    if (known) return known;
    const step = document.steps.find((candidate) => candidate.id === id)!;
    const expected = expectStep(step, plan, (edge) => edgeOf(document, edge, become));
    steps.set(id, expected);
    return expected;
  };
  for (const step of document.steps) become(step.id);
  return { ...verdict(document, plan, steps), steps };
}

interface SeenEdge {
  live: boolean;
  sourceFailed: boolean;
}

function edgeOf(document: WorkflowDocument, text: string, become: (id: string) => Expected): SeenEdge {
  const [id, port] = text.split(':') as [string, string | undefined];
  const { status, reason, port: emitted } = become(id);
  const optional = document.steps.find((step) => step.id === id)!.required === false;
  const live =
    port === undefined
      ? status === 'success' || (status === 'failed' && optional) || reason === 'disabled'
      : (status === 'success' && emitted === port) || (status === 'failed' && port === 'error');
  return { live, sourceFailed: status === 'failed' };
}

function verdict(
  document: WorkflowDocument,
  plan: Plan,
  steps: Map<string, Expected>,
): { status: FinalStatus; code?: string } {
  const unhandled = document.steps.filter(
    ({ id }) =>
      steps.get(id)!.status === 'failed' &&
      !document.steps.some((other) => other.enabled !== false && other.dependencies?.includes(`${id}:error`)),
  );
  if (unhandled.some((step) => step.required !== false)) return { status: 'failed', code: 'STEP_FAILED' };
  if (document.output !== undefined && plan.outputFails)
    return { status: 'failed', code: 'EXPRESSION_ERROR' };
  return { status: unhandled.length > 0 ? 'partial' : 'success' };
}

function expectStep(step: Step, plan: Plan, edgeTo: (edge: string) => SeenEdge): Expected {
  const edges = (step.dependencies ?? []).map(edgeTo);
  if (step.enabled === false) return skipped('disabled');
  const dead = edges.filter(({ live }) => !live);
  const starts =
    edges.length === 0 ||
    step.join === 'done' ||
    (step.join === 'any' ? dead.length < edges.length : dead.length === 0);
  if (!starts)
    return skipped(dead.some(({ sourceFailed }) => sourceFailed) ? 'upstream_failed' : 'upstream_skipped');
  const { condition, total } = plannedStep(plan, step.id);
  if (step.when !== undefined || step.foreach !== undefined) {
    if (condition === 'fails') return failed('EXPRESSION_ERROR', 0);
    if (condition === 'does not hold' && step.when !== undefined) return skipped('condition');
  }
  if (step.foreach !== undefined) return expectForeach(step, plan, total);
  return step.repeat ? expectRepeat(step, plan) : asExpected(expectRun(step, plan, { iteration: 0 }));
}

interface Ended {
  planned: PlannedAttempt;
  attempts: number;
  output?: unknown;
  code?: string;
}

/** Tries until an attempt succeeds or none is left. */
function expectRun(step: Step, plan: Plan, place: { index?: number; iteration: number }): Ended {
  const { attempts = 1, on } = step.retry ?? {};
  for (let attempt = 1; ; attempt++) {
    const ref = { step_id: step.id, ...place, attempt };
    const planned = plannedAttempt(plan, ref);
    const { code, retryable } = expectAttempt(step, planned);
    if (code === undefined) return { planned, attempts: attempt, output: outputOf(planned, ref) };
    if (attempt >= attempts || !retryable || (on && !on.includes(code)))
      return { planned, attempts: attempt, code };
  }
}

function expectAttempt(step: Step, planned: PlannedAttempt): { code?: string; retryable: boolean } {
  const timeout = step.timeout === undefined ? Number.POSITIVE_INFINITY : parseDuration(step.timeout)!;
  for (const wait of planned.waits) {
    if (wait.on === 'timer' ? wait.duration > timeout : !wait.comes && wait.duration > timeout) {
      return { code: 'STEP_TIMEOUT', retryable: true };
    }
    if (wait.on !== 'timer' && !wait.comes) return { code: 'WAIT_TIMEOUT', retryable: true };
  }
  return { code: planned.code, retryable: planned.retryable };
}

function outputOf(planned: PlannedAttempt, ref: AttemptRef): unknown {
  const last = planned.waits.length - 1;
  return { value: planned.value, heard: last < 0 ? null : answerOf(planned.waits[last]!, ref, last) };
}

function expectRepeat(step: Step, plan: Plan): Expected {
  const max = step.repeat?.max ?? 100;
  for (let iteration = 0; ; iteration++) {
    const ended = expectRun(step, plan, { iteration });
    if (ended.code !== undefined || ended.planned.holds) return asExpected(ended);
    if (iteration === max - 1) return failed('REPEAT_LIMIT', ended.attempts);
  }
}

function expectForeach(step: Step, plan: Plan, total: number): Expected {
  const items = Array.from({ length: total }, (_, index) => expectRun(step, plan, { index, iteration: 0 }));
  const firstFailure = items.findIndex(({ code }) => code !== undefined);
  const most = (some: readonly Ended[]) => Math.max(0, ...some.map(({ attempts }) => attempts));
  if (firstFailure < 0) {
    const attempts = { least: most(items), most: most(items) };
    return { status: 'success', output: items.map(({ output }) => output), attempts };
  }
  if ((step.concurrency ?? 1) === 1)
    return failed(items[firstFailure]!.code!, most(items.slice(0, firstFailure + 1)));
  // Which item fails first is a matter of order, and so is which of the others still run.
  const codes = items.flatMap(({ code }) => code ?? []);
  return { status: 'failed', codes, attempts: { least: 1, most: most(items) } };
}

function asExpected({ planned, attempts, output, code }: Ended): Expected {
  if (code !== undefined) return failed(code, attempts);
  return { status: 'success', output, port: planned.port, attempts: { least: attempts, most: attempts } };
}

function failed(code: string, attempts: number): Expected {
  return { status: 'failed', codes: [code], attempts: { least: attempts, most: attempts } };
}

function skipped(reason: SkipReason): Expected {
  return { status: 'skipped', reason, output: null, attempts: { least: 0, most: 0 } };
}
