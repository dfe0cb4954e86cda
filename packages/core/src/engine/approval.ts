import { VwmpError } from '../errors.ts';
import type { RunRef, Wait } from '../model/event.ts';
import type { ApprovalDecision } from './options.ts';
import { permanent } from './permanent.ts';

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
  roundOf(ref: RunRef): string | undefined;
}

function waitFor(execution: Waiting, ref: RunRef): Wait & { kind: 'approval' } {
  const wait = execution.waitOf(ref);
  if (wait?.kind === 'approval' && !decided.has(wait)) return wait;
  throw notWaiting(execution.identity.id, ref);
}

export function notWaiting(id: string, { step_id }: RunRef): VwmpError {
  const message = `Step "${step_id}" of execution "${id}" does not wait for an approval.`;
  return new VwmpError('STEP_NOT_WAITING', message);
}

/** From then on nobody else may decide this wait. @returns which wait of the run it is */
function decide(execution: Waiting, ref: RunRef, wait: Wait): string {
  // Meanwhile it may have been decided, or have timed out, and a later one has another form.
  if (waitFor(execution, ref) !== wait) throw notWaiting(execution.identity.id, ref);
  decided.add(wait);
  return execution.roundOf(ref)!;
}

/**
 * Checks that a run waits for an approval, and that what was filled in matches its form.
 *
 * @returns which wait of the run the decision answers: it must not answer a later one
 * @throws STEP_NOT_WAITING, APPROVAL_INVALID with every problem in `details`
 */
export async function checkDecision(
  execution: Waiting,
  ref: RunRef,
  decision: ApprovalDecision,
): Promise<string> {
  const wait = waitFor(execution, ref);
  if (!decision.approved || typeof wait.form !== 'object' || wait.form === null) {
    return decide(execution, ref, wait);
  }
  const { checkConfig } = await import('../language/first-use.ts');
  const problems = checkConfig(wait.form as Record<string, unknown>, decision.values ?? {}, 'values');
  if (problems.length === 0) return decide(execution, ref, wait);
  const list = problems.map(({ message }) => message).join(' ');
  throw permanent(
    'APPROVAL_INVALID',
    `What was filled in for step "${ref.step_id}" does not match its form. ${list}`,
    problems,
  );
}
