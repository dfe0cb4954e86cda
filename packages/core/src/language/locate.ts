import { type Document, isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap } from 'yaml';
import { olderSpelling } from './older.ts';
import type { Path } from './path.ts';

/** A node with the entry of the mapping that holds it. */
export interface Found {
  node: Node | null;
  /** When the last segment is a key of a mapping. */
  pair?: Pair<Node, Node | null>;
  /** The collection that holds it. */
  parent?: Node;
  /** How many segments of the path were found. */
  depth: number;
}

/**
 * Follows a path through the parsed text as far as it is written there: not through aliases and merged
 * keys. Keys that were normalised are found under their older spelling.
 */
export function findNode(yaml: Document.Parsed, path: Path): Found {
  let found: Found = { node: yaml.contents as Node | null, depth: 0 };
  for (const segment of path) {
    const { node } = found;
    if (isSeq(node) && typeof segment === 'number' && segment < node.items.length) {
      found = { node: node.items[segment] as Node, parent: node, depth: found.depth + 1 };
    } else if (isMap(node)) {
      const pair = findPair(node, String(segment)) ?? findPair(node, olderSpelling(String(segment)));
      if (!pair) return found;
      found = { node: pair.value, pair, parent: node, depth: found.depth + 1 };
    } else return found;
  }
  return found;
}

/** The entry of a mapping with that key, compared as text. */
export function findPair(map: YAMLMap, key: string | undefined): Pair<Node, Node | null> | undefined {
  if (key === undefined) return undefined;
  for (const pair of map.items as Pair<Node, Node | null>[]) {
    if (isScalar(pair.key) && (pair.key.value === key || (pair.key.source ?? String(pair.key.value)) === key))
      return pair;
  }
  return undefined;
}

/** Offset in the text of what was found; with `key`, of its key. */
export function offsetOf(found: Found, key: boolean): number {
  if (key && found.pair?.key.range) return found.pair.key.range[0];
  const range = found.node?.range;
  // An entry without a value ("config:") has an empty node after the colon: its key says more.
  if (found.pair?.key.range && (!range || range[0] === range[1])) return found.pair.key.range[0];
  return range?.[0] ?? 0;
}

/**
 * Offset in the text of a character of a text value, when it is written as it is: no escapes, not
 * folded. Otherwise where the value begins.
 */
export function offsetInText(text: string, node: Scalar, offset: number): number {
  const [start, end] = node.range ?? [0, 0];
  if (typeof node.value !== 'string') return start;
  const written = text.slice(start, end);
  if (written === node.value) return start + offset;
  if ((written[0] === '"' || written[0] === "'") && written.slice(1, -1) === node.value)
    return start + 1 + offset;
  if (node.type !== 'BLOCK_LITERAL') return start;
  // Each line of a literal block is written as it is behind the same indentation.
  const before = node.value.slice(0, offset).split('\n');
  const lines = written.split('\n').slice(1);
  const indent = /^ */.exec(lines.find((line) => line.trim() !== '') ?? '')![0].length;
  const line = lines[before.length - 1];
  if (line === undefined) return start;
  const skipped = lines.slice(0, before.length - 1).reduce((sum, each) => sum + each.length + 1, 0);
  return start + written.indexOf('\n') + 1 + skipped + Math.min(indent, line.length) + before.at(-1)!.length;
}
