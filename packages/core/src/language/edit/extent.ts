import { isMap, isNode, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';

/** Replaces `text.slice(start, end)` by `text`. */
export interface Splice {
  start: number;
  end: number;
  text: string;
}

/** Applies splices that do not overlap. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  let result = '';
  let at = 0;
  for (const splice of [...splices].sort((a, b) => a.start - b.start)) {
    if (splice.start < at) throw new RangeError('Two edits overlap.');
    result += text.slice(at, splice.start) + splice.text;
    at = splice.end;
  }
  return result + text.slice(at);
}

/** An entry of a collection: a pair of a mapping or an item of a list. */
export type Item = Pair<Node, Node | null> | Node;

/** Where an entry begins: at its key, or at its value behind anchors and tags. */
export function startOf(item: Item): number {
  const node = isNode(item) ? item : item.key;
  return node.range?.[0] ?? 0;
}

/**
 * Where the text of a node ends. Not what the parser calls its end: that of a block collection takes in
 * the comments and empty lines behind it.
 */
export function endOf(item: Item | null, text: string): number {
  if (item === null) return 0;
  if (!isNode(item)) {
    const value = item.value as Node | null;
    if (value?.range && (value.range[1] > value.range[0] || hasItems(value))) return endOf(value, text);
    return behindColon(item, text);
  }
  const [start, end] = item.range ?? [0, 0];
  if ((isMap(item) || isSeq(item)) && !item.flow) {
    const last = (item as YAMLMap | YAMLSeq).items.at(-1) as Item | undefined;
    return last === undefined ? end : endOf(last, text);
  }
  if (isScalar(item) && (item.type === 'BLOCK_LITERAL' || item.type === 'BLOCK_FOLDED')) {
    // With "+" the empty lines behind it belong to it.
    const header = text.slice(start, lineEnd(text, start));
    return /^[|>]\d?\+/.test(header)
      ? trimOneBreak(text, end)
      : start + text.slice(start, end).trimEnd().length;
  }
  return end;
}

function hasItems(node: Node): boolean {
  return (isMap(node) || isSeq(node)) && node.items.length > 0;
}

function trimOneBreak(text: string, end: number): number {
  if (text[end - 1] !== '\n') return end;
  return text[end - 2] === '\r' ? end - 2 : end - 1;
}

/** Offset behind the colon of an entry. */
export function behindColon(pair: Pair<Node, Node | null>, text: string): number {
  const from = pair.key.range?.[1] ?? 0;
  const colon = text.indexOf(':', from);
  return colon < 0 ? from : colon + 1;
}

/** Offset at which the line of `offset` begins. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Offset at which the line of `offset` ends, before its line break. */
export function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  if (newline < 0) return text.length;
  return newline > offset && text[newline - 1] === '\r' ? newline - 1 : newline;
}

/** Offset behind the line break that ends the line of `offset`. */
export function nextLine(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline < 0 ? text.length : newline + 1;
}

/** Characters before `offset` on its line. */
export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** True when only spaces stand before `offset` on its line. */
export function opensLine(text: string, offset: number): boolean {
  return text.slice(lineStart(text, offset), offset).trim() === '';
}

/** Spaces at the beginning of the line of `offset`. */
export function indentAt(text: string, offset: number): number {
  return /^ */.exec(text.slice(lineStart(text, offset)))![0].length;
}
