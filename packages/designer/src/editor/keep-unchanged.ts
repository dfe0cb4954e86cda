import type { Graph } from '../graph/index.ts';

/** Takes nodes and edges that did not change from the graph before, so that what shows them need not look again. */
export function keepUnchanged(before: Graph, now: Graph): Graph {
  return { nodes: same(before.nodes, now.nodes), edges: same(before.edges, now.edges), groups: now.groups };
}

function same<T extends { readonly id: string }>(before: readonly T[], now: readonly T[]): readonly T[] {
  const known = new Map(before.map((each) => [each.id, each]));
  const kept = now.map((each) => {
    const old = known.get(each.id);
    return old && JSON.stringify(old) === JSON.stringify(each) ? old : each;
  });
  return kept.length === before.length && kept.every((each, at) => each === before[at]) ? before : kept;
}
