import { isAlias, isCollection, isMap, isNode, isScalar, type Node, type Pair, type YAMLSeq } from 'yaml';
import type { JsonValue } from '../../model/json.ts';
import { type Path, valueAt } from '../path.ts';
import type { Splice } from './extent.ts';
import { renderInline } from './render.ts';
import type { Text } from './text.ts';

/**
 * Writes out the aliases of what a splice changes, so that their places keep the value that they had: an
 * edit changes what it names and nothing else.
 */
export function spliceAliases(doc: Text, splice: Splice): Splice[] {
  const anchors = new Map<string, { node: Node; path: Path }>();
  const splices: Splice[] = [];
  const visit = (node: Node | null | undefined, path: Path): void => {
    if (!isNode(node)) return;
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      const [start, end] = node.range ?? [0, 0];
      if (!target?.node.range || (start >= splice.start && end <= splice.end)) return;
      const [from, , to] = target.node.range;
      if (splice.start > to || splice.end < from) return;
      const value = valueAt(doc.raw, target.path) as JsonValue;
      splices.push({ start, end, text: renderInline(value, true, doc.style) });
      return;
    }
    if (node.anchor !== undefined) anchors.set(node.anchor, { node, path });
    if (!isCollection(node)) return;
    if (isMap(node)) {
      for (const pair of node.items as Pair<Node, Node | null>[]) {
        const key = isScalar(pair.key)
          ? typeof pair.key.value === 'string'
            ? pair.key.value
            : (pair.key.source ?? '')
          : '';
        visit(pair.value, [...path, key]);
      }
    } else {
      for (const [index, item] of (node as YAMLSeq<Node>).items.entries()) visit(item, [...path, index]);
    }
  };
  visit(doc.yaml.contents as Node | null, []);
  return splices;
}
