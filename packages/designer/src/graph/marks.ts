import type { Problem } from '@vwmp/core';

/** Problems by where they show. */
export interface Marks {
  /** All of them, in the order of the document. */
  readonly all: readonly Problem[];
  /** By id of the step, or `#2` where it has none. */
  readonly ofStep: ReadonlyMap<string, readonly Problem[]>;
  /** What concerns no step. */
  readonly ofWorkflow: readonly Problem[];
}

export const noMarks: Marks = { all: [], ofStep: new Map(), ofWorkflow: [] };

/** Sorts problems by the steps that they are about. */
export function markSteps(problems: readonly Problem[], ids: readonly string[]): Marks {
  const ofStep = new Map<string, Problem[]>();
  const ofWorkflow: Problem[] = [];
  const known = new Set(ids);
  for (const problem of problems) {
    const id = stepIn(problem.path, known);
    if (id === undefined) ofWorkflow.push(problem);
    else ofStep.set(id, [...(ofStep.get(id) ?? []), problem]);
  }
  return { all: problems, ofStep, ofWorkflow };
}

/** The step that a path leads to; a step without an id of its own is named by its position. */
function stepIn(path: string, known: ReadonlySet<string>): string | undefined {
  const name = /^steps\.([^.]+)/.exec(path)?.[1];
  if (name === undefined) return undefined;
  if (known.has(name)) return name;
  return known.has(`#${name}`) ? `#${name}` : undefined;
}

/**
 * Problems of one field of a step: of exactly that field, or also of what is in it.
 *
 * @param field - dotted, inside of the step: `retry.attempts`
 */
export function problemsAt(
  problems: readonly Problem[],
  step: string,
  field: string,
  inside = false,
): readonly Problem[] {
  const path = `steps.${step.replace(/^#/, '')}.${field}`;
  return problems.filter((each) => isAt(each.path, path, inside));
}

/** Whether a path is another one, or also in it. */
export function isAt(path: string, other: string, inside: boolean): boolean {
  return path === other || (inside && path.startsWith(`${other}.`));
}
