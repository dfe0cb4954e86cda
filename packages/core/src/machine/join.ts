import type { SkipReason } from '../model/execution.ts';
import type { Definition, Edge, StepDefinition } from './definition.ts';
import type { ExecutionState } from './state.ts';

/** What is to become of a step whose dependencies have all settled: run it, or skip it and why. */
export type Decision = 'run' | SkipReason;

/** Decides a step by its edges alone; its condition comes later. */
export function decideJoin(definition: Definition, state: ExecutionState, step: StepDefinition): Decision {
  if (!step.enabled) return 'disabled';
  if (step.join === 'done' || step.edges.length === 0) return 'run';
  const live = step.edges.filter((edge) => isLive(definition, state, edge)).length;
  const runs = step.join === 'any' ? live > 0 : live === step.edges.length;
  return runs ? 'run' : skipReason(definition, state, step);
}

/**
 * A succeeded step is live on its plain edge and on the port that it emitted; a failed one on
 * `error` and, when it is optional, on its plain edge; a disabled one on its plain edge.
 */
function isLive(definition: Definition, state: ExecutionState, edge: Edge): boolean {
  const source = state.steps[edge.from]!;
  switch (source.status) {
    case 'success':
      return edge.port === undefined || edge.port === source.port;
    case 'failed':
      return edge.port === 'error' || (edge.port === undefined && !definition.steps[edge.from]!.required);
    case 'skipped':
      return edge.port === undefined && source.reason === 'disabled';
    default:
      return false;
  }
}

function skipReason(definition: Definition, state: ExecutionState, step: StepDefinition): SkipReason {
  const dead = step.edges.filter((edge) => !isLive(definition, state, edge));
  return dead.some((edge) => state.steps[edge.from]!.status === 'failed')
    ? 'upstream_failed'
    : 'upstream_skipped';
}
