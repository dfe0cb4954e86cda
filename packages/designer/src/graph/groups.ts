/** Branches that run beside each other: what lies between a step that forks and the one that joins them again. */
export interface Group {
  readonly fork: string;
  readonly join: string;
  /** Without fork and join. */
  readonly members: readonly string[];
}

interface Link {
  readonly from: string;
  readonly to: string;
}

/** Groups with fewer steps say nothing, and more would be half of the picture. */
const least = 2;
const most = 60;

/**
 * Finds groups of parallel branches: a fork through which every way to the join leads, and a join through which every
 * way from the fork leads. Outer groups first. Nothing is found in a graph with a circle.
 */
export function findGroups(nodes: readonly { readonly id: string }[], edges: readonly Link[]): Group[] {
  const ids = nodes.map(({ id }) => id);
  const links = edges.map(({ from, to }) => [from, to] as const);
  const order = sort(ids, links);
  if (!order) return [];
  const next = neighbours(links);
  const back = neighbours(links.map(([from, to]) => [to, from] as const));
  const above = dominators(order, back);
  const below = dominators([...order].reverse(), next);
  const rank = new Map(order.map((id, at) => [id, at]));
  return order.flatMap((fork): Group[] => {
    if (new Set(next.get(fork)).size < 2) return [];
    const join = below.get(fork);
    if (join === undefined || above.get(join) !== fork) return [];
    const members = between(fork, join, next);
    if (members.length < least || members.length > most) return [];
    return [{ fork, join, members: members.sort((a, b) => rank.get(a)! - rank.get(b)!) }];
  });
}

function neighbours(links: readonly (readonly [string, string])[]): Map<string, string[]> {
  const map = new Map<string, string[]>();
  for (const [from, to] of links) {
    const list = map.get(from);
    if (list) list.push(to);
    else map.set(from, [to]);
  }
  return map;
}

/** Every node behind those before it, or undefined when there is a circle. */
function sort(ids: readonly string[], links: readonly (readonly [string, string])[]): string[] | undefined {
  const next = neighbours(links);
  const waiting = new Map(ids.map((id) => [id, 0]));
  for (const [, to] of links) waiting.set(to, (waiting.get(to) ?? 0) + 1);
  const order = ids.filter((id) => waiting.get(id) === 0);
  for (let at = 0; at < order.length; at++)
    for (const to of next.get(order[at]!) ?? []) {
      const left = waiting.get(to)! - 1;
      waiting.set(to, left);
      if (left === 0) order.push(to);
    }
  return order.length === ids.length ? order : undefined;
}

/** By node: the nearest one through which every way to it leads; undefined where ways begin at several nodes. */
function dominators(
  order: readonly string[],
  before: ReadonlyMap<string, readonly string[]>,
): Map<string, string | undefined> {
  const depth = new Map<string, number>();
  const nearest = new Map<string, string | undefined>();
  for (const id of order) {
    let common: string | undefined | null = null;
    for (const from of before.get(id) ?? []) common = common === null ? from : meet(common, from);
    const above = common ?? undefined;
    nearest.set(id, above);
    depth.set(id, above === undefined ? 0 : depth.get(above)! + 1);
  }
  return nearest;

  function meet(a: string | undefined, b: string | undefined): string | undefined {
    let [one, two] = [a, b];
    while (one !== two) {
      if (one === undefined || two === undefined) return undefined;
      if (depth.get(one)! >= depth.get(two)!) one = nearest.get(one);
      else two = nearest.get(two);
    }
    return one;
  }
}

function between(fork: string, join: string, next: ReadonlyMap<string, readonly string[]>): string[] {
  const seen = new Set<string>([fork, join]);
  const open = [fork];
  for (let id = open.pop(); id !== undefined; id = open.pop())
    for (const to of next.get(id) ?? [])
      if (!seen.has(to)) {
        seen.add(to);
        open.push(to);
        if (seen.size > most + 2) return [];
      }
  seen.delete(fork);
  seen.delete(join);
  return [...seen];
}
