import { isMap } from 'yaml';
import type { JsonValue } from '../../model/json.ts';
import { defaultLimits, type Limits } from '../limits.ts';
import { findNode, findPair } from '../locate.ts';
import { type Normalised, normalise } from '../normalise.ts';
import { compose } from '../parse.ts';
import type { Path } from '../path.ts';
import { isSource, type Source } from '../source.ts';
import { toValue } from '../to-value.ts';
import { readText } from './apply.ts';
import {
  applySplices,
  endOf,
  type Item,
  indentAt,
  lineStart,
  nextLine,
  opensLine,
  type Splice,
  startOf,
} from './extent.ts';
import { spliceRemove, spliceSet } from './place.ts';
import { renderBlock, renderKey } from './render.ts';
import { isSame } from './target.ts';
import type { Text } from './text.ts';

/**
 * Writes an older document the way it would be written today: what its notes tell of is changed, every other
 * line stays.
 *
 * @returns the same text when there is nothing to change
 * @throws DOCUMENT_SYNTAX when the text cannot be read
 */
export function upgradeDocument(source: Source | string, options: { limits?: Partial<Limits> } = {}): string {
  const text = isSource(source) ? source.text : source;
  const limits: Limits = { ...defaultLimits, ...options.limits, size: Number.POSITIVE_INFINITY };
  const doc = readText(text, limits);
  const { value, root, changes } = normalise(doc.raw);
  if (changes.length === 0) return text;
  const expected = root.reduceRight<JsonValue>((inner, key) => ({ [key]: inner }), value);
  const splices = changes.flatMap((change) => spliceChange(doc, change, root, expected));
  const inner = read(applySplices(text, splices), expected, limits);
  if (root.length === 0) return inner ?? renderBlock(value, 0, doc.style) + doc.style.eol;
  const unwrapped = inner === undefined ? undefined : read(unwrap(readText(inner, limits)), value, limits);
  return unwrapped ?? renderBlock(value, 0, doc.style) + doc.style.eol;
}

/** The text, if it reads as expected. */
function read(text: string, expected: JsonValue, limits: Limits): string | undefined {
  const { yaml, faults } = compose(text, limits);
  return yaml && faults.length === 0 && isSame(toValue(yaml, limits).value, expected) ? text : undefined;
}

function spliceChange(doc: Text, change: Normalised, root: Path, expected: JsonValue): Splice[] {
  const path = [...root, ...change.path];
  if (change.change === 'value') return [spliceSet(doc, path, expected)];
  if (change.change === 'drop') return [spliceRemove(doc, path)];
  if (change.change === 'unwrap') return [];
  const { node } = findNode(doc.yaml, path.slice(0, -1));
  const pair = isMap(node) ? findPair(node, change.from) : undefined;
  if (!pair?.key.range) return [];
  return [
    {
      start: pair.key.range[0],
      end: pair.key.range[1],
      text: renderKey(String(path.at(-1)), true, doc.style),
    },
  ];
}

/** Takes the wrapper away and moves what is in it to the left. */
function unwrap(doc: Text): string {
  const { text, yaml } = doc;
  const { node, pair } = findNode(yaml, ['workflow']);
  if (!pair || !isMap(node) || node.items.length === 0) return text;
  if (node.flow)
    return applySplices(text, [{ start: startOf(pair), end: node.range?.[0] ?? 0, text: '' }]).replace(
      /^\{\s*(?=\{)([\s\S]*\})\s*\}(\s*)$/,
      '$1$2',
    );
  const item = startOf(node.items[0] as Item);
  const first = lineStart(text, item);
  const column = indentAt(text, item);
  if (!opensLine(text, startOf(pair))) return text;
  // Comments between the wrapper and what is in it stay.
  const begin = nextLine(text, startOf(pair));
  const end = nextLine(text, endOf(node, text));
  const pad = new RegExp(`^ {1,${column}}`, 'gm');
  const body = text.slice(Math.min(begin, first), end).replace(pad, '');
  return text.slice(0, lineStart(text, startOf(pair))) + body + text.slice(end);
}
