import { splitEdge } from '../machine/definition.ts';
import { isRecord } from './path.ts';

/** One entry of a step's dependencies that names a step. */
export interface GraphEdge {
  /** Position of the step that it comes from; undefined when there is none with that id. */
  from: number | undefined;
  /** Id as it is written. */
  id: string;
  port?: string;
  /** Position in `dependencies`. */
  entry: number;
}

/** The steps of a document as a graph, as far as it can be made out: the document may be wrong anywhere. */
export interface Graph {
  /** Number of entries in `steps`. */
  size: number;
  /** By id, the first step that has it. */
  positions: ReadonlyMap<string, number>;
  /** Edges into each step. */
  edges: readonly (readonly GraphEdge[])[];
}

/** Makes the graph of a list of steps. */
export function createGraph(steps: readonly unknown[]): Graph {
  const positions = new Map<string, number>();
  steps.forEach((step, index) => {
    if (isRecord(step) && typeof step.id === 'string' && !positions.has(step.id))
      positions.set(step.id, index);
  });
  const edges = steps.map((step) => {
    if (!isRecord(step) || !Array.isArray(step.dependencies)) return [];
    return (step.dependencies as unknown[]).flatMap((text, entry): GraphEdge[] => {
      if (typeof text !== 'string') return [];
      const { step: id, port } = splitEdge(text);
      return [{ from: positions.get(id), id, port, entry }];
    });
  });
  return { size: steps.length, positions, edges };
}
