import type { Step, WorkflowDocument } from '@vwmp/core';

/** A step in its place. */
export interface GraphNode {
  readonly step: Step;
  /** From 1; one more than the deepest step that it depends on. */
  readonly level: number;
  readonly edges: readonly GraphEdge[];
}

/** A dependency. */
export interface GraphEdge {
  readonly from: string;
  readonly port?: string;
}

/** What a workflow looks like from above. Nodes stand in the order of the document. */
export interface Graph {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly levels: number;
}

/** @param document - a valid one: without circles */
export function toGraph(document: WorkflowDocument): Graph {
  const steps = new Map(document.steps.map((step) => [step.id, step]));
  const levels = levelsOf(steps);
  const nodes = new Map(
    document.steps.map((step): [string, GraphNode] => [
      step.id,
      { step, level: levels.get(step.id) ?? 1, edges: edgesOf(step) },
    ]),
  );
  return { nodes, levels: Math.max(...levels.values()) };
}

function edgesOf({ dependencies = [] }: Step): GraphEdge[] {
  return dependencies.map((text) => {
    const at = text.indexOf(':');
    return at < 0 ? { from: text } : { from: text.slice(0, at), port: text.slice(at + 1) };
  });
}

/** Without recursion: a chain of ten thousand steps is a valid workflow. */
function levelsOf(steps: ReadonlyMap<string, Step>): Map<string, number> {
  const levels = new Map<string, number>();
  const open = [...steps.keys()].reverse();
  while (open.length > 0) {
    const id = open.at(-1)!;
    const before = levels.has(id) ? [] : edgesOf(steps.get(id)!).map(({ from }) => from);
    const missing = before.filter((each) => !levels.has(each));
    if (missing.length > 0) {
      open.push(...missing);
      continue;
    }
    open.pop();
    if (!levels.has(id)) levels.set(id, 1 + Math.max(0, ...before.map((each) => levels.get(each) ?? 0)));
  }
  return levels;
}
