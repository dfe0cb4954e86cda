import { AssertionError } from 'node:assert';
import type { Execution, ExecutionStatus, StepStatus } from '../model/execution.ts';

/**
 * Asserts how an execution stands. When it does not, the message says what failed and why.
 *
 * @throws AssertionError
 */
export function assertStatus(execution: Execution, expected: ExecutionStatus): void {
  const { id, status } = execution;
  if (status === expected) return;
  throw failure(`The execution "${id}" is "${status}" instead of "${expected}"`, execution, status, expected);
}

/**
 * Asserts how steps stand; others may stand as they like.
 *
 * @example
 * ```ts
 * assertSteps(execution, { build: 'success', deploy: 'failed', tell: 'skipped' });
 * ```
 * @throws AssertionError
 */
export function assertSteps(execution: Execution, expected: Readonly<Record<string, StepStatus>>): void {
  const ids = Object.keys(expected);
  const actual = Object.fromEntries(ids.map((id) => [id, execution.steps[id]?.status]));
  const wrong = ids.filter((id) => actual[id] !== expected[id]);
  if (wrong.length === 0) return;
  const list = wrong.map((id) =>
    Object.hasOwn(execution.steps, id)
      ? `"${id}" is "${actual[id]}" instead of "${expected[id]}"`
      : `there is no step "${id}"`,
  );
  throw failure(`Of the execution "${execution.id}", ${list.join(', ')}`, execution, actual, expected);
}

function failure(message: string, { steps, error }: Execution, actual: unknown, expected: unknown): Error {
  const reasons = Object.entries(steps).flatMap(([id, step]) => {
    if (step.error) return `\n  step "${id}" failed: ${step.error.code}: ${step.error.message}`;
    return step.status === 'skipped' ? `\n  step "${id}" was skipped: ${step.reason}` : [];
  });
  const own = error && reasons.length === 0 ? [`\n  ${error.code}: ${error.message}`] : [];
  const why = [...own, ...reasons];
  return new AssertionError({
    message: `${message}${why.length > 0 ? `:${why.join('')}` : '.'}`,
    actual,
    expected,
  });
}
