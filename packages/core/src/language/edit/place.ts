import { isMap, isScalar, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml';
import { VwmpError } from '../../errors.ts';
import type { JsonValue } from '../../model/json.ts';
import { type Found, findNode } from '../locate.ts';
import { type Path, valueAt } from '../path.ts';
import {
  behindColon,
  columnOf,
  endOf,
  type Item,
  indentAt,
  lineEnd,
  lineStart,
  nextLine,
  opensLine,
  type Splice,
  startOf,
} from './extent.ts';
import {
  type Quoting,
  renderBehindColon,
  renderBlock,
  renderEntry,
  renderInline,
  renderKey,
} from './render.ts';
import { isInFlow } from './target.ts';
import type { Text } from './text.ts';

const quotings: Readonly<Record<string, Quoting>> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
};

/**
 * Makes what is at `path` look like `expected` does there. What is not written yet is added to the nearest
 * collection around it; an alias on the way is replaced by what it stands for.
 */
export function spliceSet(doc: Text, path: Path, expected: JsonValue): Splice {
  const found = findNode(doc.yaml, path);
  if (found.depth === path.length)
    return spliceReplace(doc, found, path, valueAt(expected, path) as JsonValue);
  const at = path.slice(0, found.depth);
  const key = path[found.depth] as string | number;
  const value = valueAt(expected, [...at, key]) as JsonValue;
  if (isMap(found.node) && found.node.items.length > 0)
    return spliceEntry(doc, found.node, String(key), value);
  if (isSeq(found.node) && key === found.node.items.length && key > 0)
    return spliceItem(doc, found.node, key, value);
  return spliceReplace(doc, found, at, valueAt(expected, at) as JsonValue);
}

/** Writes `value` in place of a node. */
export function spliceReplace(doc: Text, found: Found, path: Path, value: JsonValue): Splice {
  const { text, yaml, style } = doc;
  const { node, pair } = found;
  const flow = style.json || isInFlow(yaml, path);
  const column = pair ? columnOf(text, startOf(pair)) : 0;
  if (!node?.range || isEmpty(node)) {
    const start = pair ? behindColon(pair, text) : (node?.range?.[0] ?? 0);
    if (flow) return { start, end: start, text: ` ${renderInline(value, true, style)}` };
    const written = pair
      ? renderBehindColon(value, column, style)
      : ` ${renderBlock(value, columnOf(text, start) + 1, style)}`;
    return { start, end: start, text: written };
  }
  const start = node.range[0];
  const end = endOf(node, text);
  const quoting = isScalar(node) && typeof node.value === 'string' ? quotings[node.type ?? ''] : undefined;
  if (flow) return { start, end, text: flowText(doc, value, start, end, quoting) };
  const wasBlock = isBlock(node);
  const isLong = typeof value === 'object' && value !== null && /\n/.test(renderBlock(value, 0, style));
  const single =
    typeof value === 'object' && value !== null && !renderBehindColon(value, 0, style).startsWith(' ');
  if (pair && (wasBlock !== single || single)) {
    if (wasBlock && single) return { start, end, text: renderBlock(value, columnOf(text, start), style) };
    // From a line to several, or back: anchors stay before the value, a comment stays on its line.
    const from = behindColon(pair, text);
    const gap = text.slice(from, start);
    const kept = gap.trim() === '' || !wasBlock ? gap.trimEnd() : '';
    if (!wasBlock) return { start: from, end, text: kept + renderBehindColon(value, column, style) };
    const comment = gap.trim() === '' ? '' : ` ${gap.trim()}`;
    const isComment = comment.startsWith(' #');
    const written = renderBehindColon(value, column, style);
    return { start: from, end, text: isComment ? written + comment : comment + written };
  }
  if (wasBlock || isLong)
    return { start, end, text: renderBlock(value, columnOf(text, start), style, quoting) };
  return { start, end, text: scalarText(doc, node, value, start, column, quoting) };
}

function scalarText(
  doc: Text,
  node: Node,
  value: JsonValue,
  start: number,
  column: number,
  quoting?: Quoting,
): string {
  const { text, style } = doc;
  if (isScalar(node) && node.type === 'BLOCK_FOLDED' && typeof value === 'string') {
    const folded = refold(text.slice(start, endOf(node, text)), String(node.value), value);
    if (folded !== undefined) return folded;
  }
  const literal = isScalar(node) && node.type === 'BLOCK_LITERAL';
  if (typeof value !== 'string' || !(literal || value.includes('\n')))
    return renderInline(value, false, style, quoting);
  const first = /^[^\n]*\n+( *)\S/.exec(text.slice(start))?.[1]?.length;
  const inner = literal && first ? first : column + style.indent;
  if (!literal) return renderBlock(value, inner, style, quoting);
  // A literal block stays one, also for a single line, as long as it can hold the text.
  const written = renderBlock(value.includes('\n') ? value : `${value}\n`, inner, style);
  return value.includes('\n') || !written.startsWith('|') ? written : written.replace('|', '|-');
}

/** A folded text of which only words change keeps its breaks; undefined where more changes. */
function refold(written: string, before: string, value: string): string | undefined {
  const header = /^>[^\n]*\n/.exec(written)?.[0] ?? written;
  const [old, now] = [before, value].map((each) => each.split(/(\s+)/)) as [string[], string[]];
  const isAlike = (part: string, at: number): boolean =>
    at % 2 === 0 ? (part === '') === (now[at] === '') : part === now[at];
  if (old.length !== now.length || !old.every(isAlike)) return undefined;
  let at = old[0] === '' ? 2 : 0;
  const body = written.slice(header.length).replaceAll(/\S+/g, () => {
    at += 2;
    return now[at - 2] ?? '';
  });
  return header + body;
}

/** A value in a flow collection; in JSON over several lines it is laid out like the rest. */
function flowText(doc: Text, value: JsonValue, start: number, end: number, quoting?: Quoting): string {
  const { text, style } = doc;
  const laidOut = style.json && typeof value === 'object' && value !== null && Object.keys(value).length > 0;
  if (laidOut && (text.slice(start, end).includes('\n') || (end === start && opensLine(text, start)))) {
    return renderBlock(value, indentAt(text, start), style);
  }
  return renderInline(value, true, style, quoting);
}

/** Adds `key: value` behind the last entry of a mapping. */
function spliceEntry(doc: Text, map: YAMLMap, key: string, value: JsonValue): Splice {
  const { text, style } = doc;
  const last = map.items.at(-1) as Item;
  if (map.flow) {
    const { at, before } = behindLast(doc, map);
    const column = indentAt(text, startOf(last));
    const many = style.json && before.includes('\n') && typeof value === 'object' && value !== null;
    const shown = many ? renderBlock(value, column, style) : renderInline(value, true, style);
    return { start: at, end: at, text: `${before}${renderKey(key, true, style)}: ${shown}` };
  }
  const column = columnOf(text, startOf(map.items[0] as Item));
  const at = lineEnd(text, endOf(last, text));
  return {
    start: at,
    end: at,
    text: style.eol + ' '.repeat(column) + renderEntry(key, value, column, style),
  };
}

/** Puts `value` before the entry at `index` of a list that has entries, or behind its last. */
export function spliceItem(doc: Text, list: YAMLSeq, index: number, value: JsonValue): Splice {
  const { text, style } = doc;
  const items = list.items as Item[];
  if (list.flow) {
    const next = items[index];
    const { at, before, between } = behindLast(doc, list);
    const many = style.json && between.includes('\n') && typeof value === 'object' && value !== null;
    const shown = many
      ? renderBlock(value, indentAt(text, startOf(items[0]!)), style)
      : renderInline(value, true, style);
    if (!next) return { start: at, end: at, text: before + shown };
    return { start: startOf(next), end: startOf(next), text: shown + between };
  }
  const dash = dashOf(items[0]!, text);
  const column = columnOf(text, dash);
  const shown = `- ${renderBlock(value, column + 2, style)}`;
  if (index === 0) return { start: dash, end: dash, text: shown + style.eol + ' '.repeat(column) };
  const at = lineEnd(text, endOf(items[index - 1]!, text));
  return { start: at, end: at, text: style.eol + ' '.repeat(column) + shown };
}

/** Where an entry behind the last one of a flow collection goes, and what stands between two entries. */
function behindLast(
  { text, style }: Text,
  collection: YAMLMap | YAMLSeq,
): { at: number; before: string; between: string } {
  const items = collection.items as Item[];
  const last = items.at(-1)!;
  const end = endOf(last, text);
  const between = opensLine(text, startOf(last))
    ? `,${style.eol}${' '.repeat(indentAt(text, startOf(last)))}`
    : ', ';
  const comma = /^\s*,/.exec(text.slice(end, collection.range?.[1]))?.[0];
  if (comma === undefined) return { at: end, before: between, between };
  return { at: end + comma.length, before: between.slice(1), between };
}

/** Takes an entry out of its collection. */
export function spliceRemove(doc: Text, path: Path): Splice {
  const { text, yaml } = doc;
  const found = findNode(yaml, path);
  const collection = found.parent;
  if (found.depth !== path.length || !(isMap(collection) || isSeq(collection))) {
    throw new VwmpError('NOT_FOUND', `There is nothing at "${path.join('.')}" to remove.`, {
      retryable: false,
    });
  }
  const items = collection.items as Item[];
  const item = found.pair ?? (found.node as Item);
  const index = items.indexOf(item);
  const next = items[index + 1];
  if (items.length === 1) {
    const parentPath = path.slice(0, -1);
    return spliceReplace(doc, findNode(yaml, parentPath), parentPath, isMap(collection) ? {} : []);
  }
  if (collection.flow) {
    if (next) return { start: startOf(item), end: startOf(next), text: '' };
    return { start: endOf(items[index - 1]!, text), end: endOf(item, text), text: '' };
  }
  const begin = found.pair ? startOf(item) : dashOf(item, text);
  if (!opensLine(text, begin) && next) {
    return { start: begin, end: found.pair ? startOf(next) : dashOf(next, text), text: '' };
  }
  const end = endOf(item, text);
  if (nextLine(text, end) === text.length && !text.endsWith('\n')) {
    return { start: lineEnd(text, Math.max(0, lineStart(text, begin) - 2)), end: text.length, text: '' };
  }
  return { start: lineStart(text, begin), end: nextLine(text, end), text: '' };
}

function dashOf(item: Item, text: string): number {
  return text.lastIndexOf('-', startOf(item) - 1);
}

function isBlock(node: Node): boolean {
  return (isMap(node) || isSeq(node)) && !node.flow;
}

function isEmpty(node: Node): boolean {
  return isScalar(node) && node.range !== undefined && node.range !== null && node.range[0] === node.range[1];
}
