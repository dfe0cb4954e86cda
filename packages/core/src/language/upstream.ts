import type { Components } from './components.ts';
import type { Graph } from './graph.ts';

/** A step that wants to read another one. */
export interface Read {
  reader: number;
  target: number;
}

/** How many targets one pass over the edges follows: the bits of a number. */
const width = 32;

/**
 * Which of the reads are not upstream of their readers. The sets of all that is upstream would take
 * 12 MB for 10,000 steps as bits, and 100 million entries as sets; so the steps that are read are followed
 * downstream, 32 at a time. A read of a direct dependency, which most are, costs nothing.
 */
export function findSideways(graph: Graph, components: Components, reads: Iterable<Read>): Read[] {
  const open = [...reads].filter(
    ({ reader, target }) => !graph.edges[reader]!.some(({ from }) => from === target),
  );
  const readsOf = new Map<number, Read[]>();
  for (const read of open) {
    const list = readsOf.get(read.target);
    if (list) list.push(read);
    else readsOf.set(read.target, [read]);
  }
  const targets = [...readsOf.keys()];
  const sideways: Read[] = [];
  for (let first = 0; first < targets.length; first += width) {
    const some = targets.slice(first, first + width);
    const reached = follow(graph, components, some);
    some.forEach((target, bit) => {
      for (const read of readsOf.get(target)!) {
        if ((reached[read.reader]! & (1 << bit)) === 0) sideways.push(read);
      }
    });
  }
  return sideways;
}

/** For each step, the targets upstream of it, as bits. */
function follow(graph: Graph, components: Components, targets: readonly number[]): Int32Array {
  const own = new Map(targets.map((target, bit) => [target, 1 << bit]));
  const reached = new Int32Array(graph.size);
  // Components are numbered downstream: everything a step depends on is done before it.
  components.members.forEach((members) => {
    let bits = 0;
    for (const member of members) {
      for (const { from } of graph.edges[member]!) {
        if (from !== undefined) bits |= reached[from]! | (own.get(from) ?? 0);
      }
    }
    // In a circle everything is upstream of everything; the circle itself is what is wrong.
    if (members.length > 1) for (const member of members) bits |= own.get(member) ?? 0;
    for (const member of members) reached[member] = bits;
  });
  return reached;
}
