import type { Graph } from './graph.ts';

/** Steps that can reach each other belong together; every other step is alone. */
export interface Components {
  /** Component of each step. Numbers grow downstream: what a step depends on has a smaller one, or its own. */
  readonly of: Int32Array;
  /** Members by component. */
  readonly members: readonly (readonly number[])[];
  /** True when the component is a circle: of several steps, or of one that depends on itself. */
  isCircle(component: number): boolean;
}

/**
 * Tarjan's algorithm with a stack of its own: a chain of 100,000 steps must not overflow that of the
 * process. One pass gives the circles and the order for everything that follows the edges.
 */
export function findComponents(graph: Graph): Components {
  const { size, edges } = graph;
  const of = new Int32Array(size).fill(-1);
  const order = new Int32Array(size).fill(-1);
  const low = new Int32Array(size);
  const next = new Int32Array(size);
  const open: number[] = [];
  const members: number[][] = [];
  let count = 0;
  const enter = (step: number, path: number[]): void => {
    order[step] = low[step] = count++;
    open.push(step);
    path.push(step);
  };
  for (let root = 0; root < size; root++) {
    if (order[root] !== -1) continue;
    const path: number[] = [];
    enter(root, path);
    while (path.length > 0) {
      const step = path.at(-1)!;
      const edge = edges[step]![next[step]!];
      if (edge) {
        next[step]!++;
        const { from } = edge;
        if (from === undefined) continue;
        if (order[from] === -1) enter(from, path);
        else if (of[from] === -1) low[step] = Math.min(low[step]!, order[from]!);
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[step]!);
      if (low[step] !== order[step]) continue;
      const component: number[] = [];
      for (let member = open.pop()!; ; member = open.pop()!) {
        of[member] = members.length;
        component.push(member);
        if (member === step) break;
      }
      members.push(component.sort((a, b) => a - b));
    }
  }
  const isCircle = (component: number): boolean => {
    const [first, second] = members[component]!;
    return second !== undefined || edges[first!]!.some(({ from }) => from === first);
  };
  return { of, members, isCircle };
}

/** A shortest way from a step back to itself along its dependencies, itself at both ends. */
export function circleThrough(graph: Graph, components: Components, start: number): number[] {
  const component = components.of[start];
  const cameFrom = new Map<number, number>();
  let front = [start];
  while (front.length > 0) {
    const following: number[] = [];
    for (const step of front) {
      for (const { from } of graph.edges[step]!) {
        if (from === start) {
          const way = [start];
          for (let at: number | undefined = step; at !== undefined && at !== start; at = cameFrom.get(at))
            way.push(at);
          return [...way, start].reverse();
        }
        if (from === undefined || cameFrom.has(from) || components.of[from] !== component) continue;
        cameFrom.set(from, step);
        following.push(from);
      }
    }
    front = following;
  }
  return [start, start];
}
