import { type Definition, type ExecutionState, type Run, roundOf } from '../machine/index.ts';
import type { RunRef, Wait } from '../model/event.ts';

/** Runs that are parked, and what they wait for. */
export type Waits = { ref: RunRef; wait: Wait /** When its attempt began, ISO 8601. */; since?: string }[];

/** Everything that is parked. */
export function waitsOf(definition: Definition, state: ExecutionState): Waits {
  const waits: Waits = [];
  state.steps.forEach(({ run, foreach }, position) => {
    const step_id = definition.steps[position]!.id;
    if (run?.wait) waits.push({ ref: { step_id }, wait: run.wait, since: run.started_at });
    for (const [index, item] of Object.entries(foreach?.active ?? {})) {
      if (item.wait)
        waits.push({ ref: { step_id, index: Number(index) }, wait: item.wait, since: item.started_at });
    }
  });
  return waits;
}

/** Which wait of its run it is; undefined for a run that does not wait. */
export function roundAt(definition: Definition, state: ExecutionState, ref: RunRef): string | undefined {
  return runAt(definition, state, ref)?.wait && roundOf(definition, state, ref);
}

/** The run that is in progress there, if there is such a step. */
export function runAt(definition: Definition, state: ExecutionState, ref: RunRef): Run | undefined {
  const position = definition.positions.get(ref.step_id);
  if (position === undefined) return undefined;
  const { run, foreach } = state.steps[position]!;
  return ref.index === undefined ? run : foreach?.active[ref.index];
}
