import { isSeq } from 'yaml';
import { VwmpError } from '../../errors.ts';
import type { JsonValue } from '../../model/json.ts';
import type { Limits } from '../limits.ts';
import { findNode } from '../locate.ts';
import { normalise } from '../normalise.ts';
import { compose } from '../parse.ts';
import { isRecord, type Path, valueAt } from '../path.ts';
import { copyPlain } from '../plain.ts';
import { stepIdPattern } from '../step-id.ts';
import { toValue } from '../to-value.ts';
import { spliceAliases } from './aliases.ts';
import type { Edit } from './change.ts';
import { applySplices, type Splice } from './extent.ts';
import { spliceItem, spliceRemove, spliceReplace, spliceSet } from './place.ts';
import { renameChanges } from './rename.ts';
import { renderBlock } from './render.ts';
import { detectStyle } from './style.ts';
import { isSame, resolvePath, withChange } from './target.ts';
import type { Text } from './text.ts';

/** Reads a text for editing. @throws DOCUMENT_SYNTAX */
export function readText(text: string, limits: Limits): Text {
  const { yaml, faults } = compose(text, limits);
  const read = yaml && faults.length === 0 ? toValue(yaml, limits) : undefined;
  const fault = faults[0] ?? read?.faults[0];
  if (!yaml || read?.value === undefined || fault) {
    const reason = fault?.message ?? 'it cannot be parsed.';
    throw new VwmpError('DOCUMENT_SYNTAX', `The document cannot be edited: ${reason}`, { retryable: false });
  }
  return { text, yaml, raw: read.value, style: detectStyle(text) };
}

/** Applies one edit to a text. */
export function applyEdit(doc: Text, edit: Edit, limits: Limits): string {
  const { root } = normalise(doc.raw);
  if ('value' in edit) refuseUnsafe(edit.value, limits);
  if ('rename' in edit) return applyRename(doc, edit.rename, edit.to, root, limits);
  if ('set' in edit) return applySet(doc, resolvePath(edit.set, root, doc.raw, doc.yaml), edit.value, limits);
  if ('remove' in edit) {
    const path = resolvePath(edit.remove, root, doc.raw, doc.yaml);
    if (valueAt(doc.raw, path) === undefined) throw missing(path, 'remove');
    const expected = withChange(doc.raw, path, () => undefined) as JsonValue;
    return settle(doc, expected, path, limits, () => [spliceRemove(doc, path)]);
  }
  return applyInsert(doc, resolvePath(edit.insert, root, doc.raw, doc.yaml), edit.value, limits);
}

/** @throws UNSAFE_KEY, VALUE_INVALID */
function refuseUnsafe(value: unknown, limits: Limits): void {
  const [fault] = copyPlain(value, limits).faults;
  if (!fault) return;
  const code = fault.code === 'UNSAFE_KEY' ? fault.code : 'VALUE_INVALID';
  throw new VwmpError(code, `The value cannot be written into the document: ${fault.message}`, {
    retryable: false,
  });
}

function applySet(doc: Text, path: Path, value: JsonValue, limits: Limits): string {
  const before = valueAt(doc.raw, path) as JsonValue | undefined;
  if (before !== undefined && isSame(before, value)) return doc.text;
  const steps = isRecord(before) || Array.isArray(before) ? differences(before, value, path) : undefined;
  if (steps) {
    let text = doc.text;
    for (const step of steps) {
      const now = readText(text, limits);
      if (step.kind === 'set') text = applySet(now, step.path, step.value, limits);
      else if (step.kind === 'insert') text = applyInsert(now, step.path, step.value, limits);
      else {
        const expected = withChange(now.raw, step.path, () => undefined) as JsonValue;
        text = settle(now, expected, step.path, limits, () => [spliceRemove(now, step.path)]);
      }
    }
    return text;
  }
  const expected = withChange(doc.raw, path, () => value) as JsonValue;
  return settle(doc, expected, path, limits, () => [spliceSet(doc, path, expected)]);
}

function applyInsert(doc: Text, path: Path, value: JsonValue, limits: Limits): string {
  const parent = path.slice(0, -1);
  const index = path.at(-1);
  const before = valueAt(doc.raw, parent) ?? [];
  if (typeof index !== 'number' && index !== '0') throw missing(path, 'insert');
  if (!Array.isArray(before) || Number(index) > before.length) throw missing(path, 'insert');
  const list = [...(before as JsonValue[])];
  list.splice(Number(index), 0, value);
  const expected = withChange(doc.raw, parent, () => list) as JsonValue;
  return settle(doc, expected, parent, limits, () => {
    const { node, depth } = findNode(doc.yaml, parent);
    const isWritten = depth === parent.length && isSeq(node) && node.items.length > 0;
    return [isWritten ? spliceItem(doc, node, Number(index), value) : spliceSet(doc, parent, expected)];
  });
}

function applyRename(doc: Text, from: string, to: string, root: Path, limits: Limits): string {
  const document = valueAt(doc.raw, root) as JsonValue;
  const steps = isRecord(document) && Array.isArray(document.steps) ? (document.steps as JsonValue[]) : [];
  const has = (id: string): boolean => steps.some((step) => isRecord(step) && step.id === id);
  if (!has(from))
    throw new VwmpError('NOT_FOUND', `There is no step "${from}" to rename.`, { retryable: false });
  if (from === to) return doc.text;
  if (has(to))
    throw new VwmpError('ALREADY_EXISTS', `There is a step "${to}" already.`, { retryable: false });
  if (!new RegExp(`^(?:${stepIdPattern})$`).test(to)) {
    throw new VwmpError(
      'VALUE_INVALID',
      `"${to}" is no id for a step: it has letters, digits, "_" and "-", a letter or "_" first.`,
      { retryable: false },
    );
  }
  const changes = renameChanges(document, from, to).map(({ path, value }) => ({
    path: [...root, ...path],
    value,
  }));
  let expected = doc.raw;
  for (const { path, value } of changes) expected = withChange(expected, path, () => value) as JsonValue;
  return settle(doc, expected, [...root, 'steps'], limits, () => {
    const splices = new Map<number, Splice>();
    for (const { path } of changes) {
      const splice = spliceSet(doc, path, expected);
      splices.set(splice.start, splice);
    }
    return [...splices.values()];
  });
}

/**
 * Makes the splices and checks that the result reads as expected. Where the text is stranger than they
 * can cope with, ever larger parts around are written anew; a wrong document is never returned.
 */
function settle(doc: Text, expected: JsonValue, path: Path, limits: Limits, make: () => Splice[]): string {
  const attempt = (splices: () => Splice[]): string | undefined => {
    let text: string;
    try {
      text = applySplices(doc.text, splices());
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
    const { yaml, faults } = compose(text, limits);
    const read = yaml && faults.length === 0 ? toValue(yaml, limits) : undefined;
    return read && read.faults.length === 0 && isSame(read.value, expected) ? text : undefined;
  };
  const withAliases = (splices: Splice[]): Splice[] => [
    ...splices,
    ...splices.flatMap((splice) => spliceAliases(doc, splice)),
  ];
  let result = attempt(make) ?? attempt(() => withAliases(make()));
  for (let depth = path.length; result === undefined && depth > 0; depth--) {
    const around = path.slice(0, depth);
    const found = findNode(doc.yaml, around);
    const value = valueAt(expected, around) as JsonValue | undefined;
    if (found.depth !== depth || value === undefined) continue;
    result = attempt(() => withAliases([spliceReplace(doc, found, around, value)]));
  }
  result ??= attempt(() => [
    { start: 0, end: doc.text.length, text: renderBlock(expected, 0, doc.style) + doc.style.eol },
  ]);
  if (result !== undefined) return result;
  throw new VwmpError(
    'VALUE_INVALID',
    `The value for "${path.join('.')}" cannot be written into the document.`,
    { retryable: false },
  );
}

type Difference = { kind: 'set' | 'insert'; path: Path; value: JsonValue } | { kind: 'remove'; path: Path };

/** What turns one collection into the other, piece by piece; undefined when they are of different kinds or share nothing. */
function differences(before: JsonValue, after: JsonValue, path: Path): Difference[] | undefined {
  if (isRecord(before) && isRecord(after)) {
    const shared = Object.keys(after).some((key) => Object.hasOwn(before, key));
    if (!shared) return undefined;
    return [
      ...Object.entries(after)
        .filter(([key, value]) => !(Object.hasOwn(before, key) && isSame(before[key], value)))
        .map(([key, value]): Difference => ({ kind: 'set', path: [...path, key], value })),
      ...Object.keys(before)
        .filter((key) => !Object.hasOwn(after, key))
        .map((key): Difference => ({ kind: 'remove', path: [...path, key] })),
    ];
  }
  if (!Array.isArray(before) || !Array.isArray(after) || before.length === 0 || after.length === 0)
    return undefined;
  const [old, now] = [before as JsonValue[], after as JsonValue[]];
  let start = 0;
  while (start < Math.min(old.length, now.length) && isSame(old[start], now[start])) start++;
  let same = 0;
  const most = Math.min(old.length, now.length) - start;
  while (same < most && isSame(old[old.length - 1 - same], now[now.length - 1 - same])) same++;
  const [oldEnd, nowEnd] = [old.length - same, now.length - same];
  const steps: Difference[] = [];
  for (let index = start; index < Math.max(oldEnd, nowEnd); index++) {
    if (index >= nowEnd) steps.push({ kind: 'remove', path: [...path, nowEnd] });
    else steps.push({ kind: index < oldEnd ? 'set' : 'insert', path: [...path, index], value: now[index]! });
  }
  return steps;
}

function missing(path: Path, what: string): VwmpError {
  return new VwmpError('NOT_FOUND', `There is nothing at "${path.join('.')}" to ${what}.`, {
    retryable: false,
  });
}
