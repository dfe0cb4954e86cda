import { isExact } from 'json-text';
import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import type { JsonValue } from '../model/json.ts';
import type { ProblemCode } from '../model/problem.ts';
import { isUnsafeKey } from './keys.ts';
import type { Limits } from './limits.ts';
import type { Path } from './path.ts';

/** Something in the YAML that has no place in a plain value. */
export interface ValueFault {
  code: ProblemCode;
  path: Path;
  offset: number;
  message: string;
}

class Stop extends Error {}

/** More of them say nothing new. */
const faultLimit = 10_000;

/**
 * The plain value of a parsed document: aliases and merge keys filled in, every fault reported. The
 * package's own conversion searches the whole document for every alias and builds what an alias bomb asks for.
 */
export function toValue(yaml: Document.Parsed, limits: Limits): { value?: JsonValue; faults: ValueFault[] } {
  const faults: ValueFault[] = [];
  const anchors = new Map<string, Node>();
  const targets = new Map<Node, Node>();
  const open = new Set<Node>();
  let expanded = 0;
  let inAlias = 0;

  const fault = (code: ProblemCode, path: Path, node: Node | undefined, message: string): void => {
    // Through an alias the same place is met again and again.
    if (inAlias === 0 && faults.length < faultLimit)
      faults.push({ code, path, offset: node?.range?.[0] ?? 0, message });
  };
  const stop = (path: Path, node: Node, message: string): never => {
    faults.push({ code: 'LIMIT', path, offset: node.range?.[0] ?? 0, message });
    throw new Stop();
  };

  const convert = (node: Node | null | undefined, path: Path, depth: number): JsonValue => {
    if (!node) return null;
    if (inAlias > 0 && ++expanded > limits.aliases) {
      stop(path, node, `The aliases of the document expand to more than ${limits.aliases} values.`);
    }
    if (isAlias(node)) return convertAlias(node, path, depth);
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    if (isScalar(node)) return convertScalar(node.value, node.source, node, path);
    if (depth >= limits.depth)
      stop(path, node, `The document is nested more than ${limits.depth} levels deep.`);
    open.add(node);
    let value: JsonValue = null;
    if (isMap(node)) value = convertMap(node, path, depth + 1);
    else if (isSeq(node)) {
      value = node.items.map((item, index) => {
        // `[a: 1]` holds a mapping with one entry.
        return convert(item as Node, [...path, index], depth + 1);
      });
    }
    open.delete(node);
    return value;
  };

  const convertAlias = (node: Node & { source: string }, path: Path, depth: number): JsonValue => {
    // An anchor may be used again for something else: what counts is the last one before the alias.
    let target = targets.get(node);
    if (!target && inAlias === 0) {
      target = anchors.get(node.source);
      if (target) targets.set(node, target);
    }
    if (!target) {
      fault('SYNTAX', path, node, `The alias "*${node.source}" has no anchor "&${node.source}" before it.`);
      return null;
    }
    if (open.has(target)) {
      fault('SYNTAX', path, node, `The alias "*${node.source}" stands inside of what it stands for.`);
      return null;
    }
    inAlias++;
    const value = convert(target, path, depth);
    inAlias--;
    return value;
  };

  const convertScalar = (value: unknown, source: string | undefined, node: Node, path: Path): JsonValue => {
    if (typeof value === 'string' || typeof value === 'boolean' || value === null || value === undefined)
      return value ?? null;
    if (typeof value !== 'number') {
      fault(
        'VALUE',
        path,
        node,
        `The value ${source ?? ''} has no form in JSON. Write it as text, in quotes.`,
      );
      return null;
    }
    if (!Number.isFinite(value)) {
      fault(
        'VALUE',
        path,
        node,
        `${source ?? value} is not a number that JSON can hold. Write it as text, in quotes.`,
      );
      return null;
    }
    if (source !== undefined && isLost(source, value)) {
      fault(
        'VALUE',
        path,
        node,
        `${source} has more digits than a number can keep. Write it as text, in quotes.`,
      );
    }
    return Object.is(value, -0) ? 0 : value;
  };

  const convertMap = (map: YAMLMap, path: Path, depth: number): JsonValue => {
    const own: [string, JsonValue][] = [];
    const seen = new Set<string>();
    const merged: Node[] = [];
    for (const pair of map.items as Pair<Node | null, Node | null>[]) {
      const key = keyOf(pair.key, path);
      if (key === undefined) continue;
      if (key === '<<' && isScalar(pair.key) && pair.key.type === 'PLAIN') {
        if (pair.value) merged.push(pair.value);
        continue;
      }
      if (isUnsafeKey(key)) {
        fault(
          'UNSAFE_KEY',
          [...path, key],
          pair.key ?? undefined,
          `The key "${key}" is not allowed anywhere, since it could reach the prototype of objects. Choose another name.`,
        );
        continue;
      }
      if (seen.has(key)) {
        fault(
          'DUPLICATE_KEY',
          [...path, key],
          pair.key ?? undefined,
          `The key "${key}" stands twice in the same mapping. Remove one of them.`,
        );
        continue;
      }
      seen.add(key);
      own.push([key, convert(pair.value, [...path, key], depth)]);
    }
    // Merged keys come first, as if they had been written where `<<` usually stands; own keys win.
    const result: Record<string, JsonValue> = {};
    for (const node of merged) mergeInto(result, node, seen, path, depth);
    for (const [key, value] of own) result[key] = value;
    return result;
  };

  const mergeInto = (
    result: Record<string, JsonValue>,
    node: Node,
    seen: Set<string>,
    path: Path,
    depth: number,
  ): void => {
    const value = convert(node, path, depth - 1);
    const list = Array.isArray(value) ? (value as JsonValue[]) : [value];
    for (const entry of list) {
      if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
        fault(
          'TYPE',
          [...path, '<<'],
          node,
          'The key "<<" merges mappings: its value must be an alias of one, or a list of such aliases.',
        );
        return;
      }
      for (const [key, inner] of Object.entries(entry)) {
        if (!seen.has(key) && !Object.hasOwn(result, key)) result[key] = inner;
      }
    }
  };

  const keyOf = (key: Node | null, path: Path): string | undefined => {
    let node = key;
    if (isAlias(node)) node = anchors.get(node.source) ?? null;
    if (isScalar(node)) {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
      // `1:` and `true:` are the keys "1" and "true", as they would be in JSON.
      if (typeof node.value === 'string') return node.value;
      if (node.value !== null && node.value !== undefined) return node.source ?? String(node.value);
    }
    fault('TYPE', path, key ?? undefined, 'A key must be text.');
    return undefined;
  };

  try {
    return { value: convert(yaml.contents, [], 0), faults };
  } catch (error) {
    if (error instanceof Stop) return { faults };
    throw error;
  }
}

/** `0x1F` and `0o17` are whole numbers, too. */
function isLost(source: string, value: number): boolean {
  return /^0[xo]/.test(source) ? !Number.isSafeInteger(value) : !isExact(source, value);
}
