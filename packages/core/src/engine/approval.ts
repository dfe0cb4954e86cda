import { VwmpError } from '../errors.ts';
import type { RunRef, Wait } from '../model/event.ts';
import type { ApprovalDecision } from './options.ts';

/** Reads `step` or `step:index`. */
export function parseRunRef(text: string): RunRef {
  const [, step_id = text, index] = /^([^:]*):(\d{1,9})$/.exec(text) ?? [];
  return index === undefined ? { step_id } : { step_id, index: Number(index) };
}

/** A decision is recorded a moment after it was checked; the second one of that moment must not be taken for accepted. */
const decided = new WeakSet<Wait>();

/** What an execution waits for. */
interface Waiting {
  readonly identity: { readonly id: string };
  waitOf(ref: RunRef): Wait | undefined;
}

function waitFor(execution: Waiting, ref: RunRef): Wait & { kind: 'approval' } {
  const wait = execution.waitOf(ref);
  if (wait?.kind === 'approval' && !decided.has(wait)) return wait;
  throw new VwmpError(
    'STEP_NOT_WAITING',
    `Step "${ref.step_id}" of execution "${execution.identity.id}" does not wait for an approval.`,
  );
}

/**
 * Checks that a run waits for an approval, and that what was filled in matches its form.
 *
 * @throws STEP_NOT_WAITING, APPROVAL_INVALID with every problem in `details`
 */
export async function checkDecision(
  execution: Waiting,
  ref: RunRef,
  decision: ApprovalDecision,
): Promise<void> {
  const wait = waitFor(execution, ref);
  if (!decision.approved || typeof wait.form !== 'object' || wait.form === null) {
    decided.add(wait);
    return;
  }
  const { checkConfig } = await import('../language/first-use.ts');
  const problems = checkConfig(wait.form as Record<string, unknown>, decision.values ?? {}, 'values');
  if (problems.length === 0) {
    // Meanwhile it may have been decided, or have timed out.
    decided.add(waitFor(execution, ref));
    return;
  }
  const list = problems.map(({ message }) => message).join(' ');
  throw new VwmpError(
    'APPROVAL_INVALID',
    `What was filled in for step "${ref.step_id}" does not match its form. ${list}`,
    {
      details: problems,
      retryable: false,
    },
  );
}
