import { scan, skipQuoted } from '../../expressions/scan.ts';
import { splitEdge } from '../../machine/definition.ts';
import type { JsonObject, JsonValue } from '../../model/json.ts';
import { isRecord, type Path } from '../path.ts';

/** Keys whose text is an expression even without `${}`. */
const bare: ReadonlySet<string> = new Set(['when', 'foreach', 'until']);

/** A text of the document that a rename changes. */
export interface Change {
  path: Path;
  value: string;
}

/** Everything that has to change when a step gets another id: the id, edges from it, expressions that read it. */
export function renameChanges(document: JsonValue, from: string, to: string): Change[] {
  const changes: Change[] = [];
  const walk = (value: JsonValue | undefined, path: Path): void => {
    if (typeof value === 'string') {
      const now = renameInText(value, from, to, bare.has(String(path.at(-1))));
      if (now !== value) changes.push({ path, value: now });
    } else if (Array.isArray(value))
      (value as JsonValue[]).forEach((each, index) => void walk(each, [...path, index]));
    else if (isRecord(value))
      for (const [key, each] of Object.entries(value as JsonObject)) walk(each, [...path, key]);
  };
  if (!isRecord(document)) return changes;
  walk(document.output, ['output']);
  if (!Array.isArray(document.steps)) return changes;
  (document.steps as JsonValue[]).forEach((step, index) => {
    if (!isRecord(step)) return;
    for (const [key, value] of Object.entries(step)) {
      const path = ['steps', index, key];
      if (key === 'id') {
        if (value === from) changes.push({ path, value: to });
      } else if (key === 'dependencies' && Array.isArray(value)) {
        (value as JsonValue[]).forEach((text, entry) => {
          if (typeof text !== 'string') return;
          const { step: id, port } = splitEdge(text);
          if (id === from)
            changes.push({ path: [...path, entry], value: port === undefined ? to : `${to}:${port}` });
        });
      } else if (key !== 'name' && key !== 'description' && key !== 'handler') walk(value, path);
    }
  });
  return changes;
}

function renameInText(text: string, from: string, to: string, isBare: boolean): string {
  if (!text.includes(from)) return text;
  if (isBare && !text.includes('${')) return renameInExpression(text, from, to);
  const scanned = scan(text);
  if ('unclosed' in scanned) return text;
  let result = '';
  let at = 0;
  for (const part of scanned.parts) {
    if (!('expression' in part)) continue;
    result += text.slice(at, part.offset) + renameInExpression(part.expression, from, to);
    at = part.offset + part.expression.length;
  }
  return result + text.slice(at);
}

const dotted = /steps\s*\.\s*(\??)\s*([A-Za-z_]\w*)/y;
const indexed = /steps\s*\[\s*(\??)\s*(?:"([^"\\]*)"|'([^'\\]*)')\s*\]/y;
const older = /step-outputs(?:\.([A-Za-z_][\w-]*)|\[(?:"([^"\\]*)"|'([^'\\]*)')\])/y;

function renameInExpression(text: string, from: string, to: string): string {
  let result = '';
  let copied = 0;
  const isWord = /^[A-Za-z_]\w*$/.test(to);
  for (let at = 0; at < text.length; at++) {
    const behind = skipQuoted(text, at);
    if (behind > at) {
      at = behind - 1;
      continue;
    }
    // "x.steps.a" is a key of something else.
    if (text[at] !== 's' || /[\w-]/.test(text[at - 1] ?? '') || /\.\s*$/.test(text.slice(0, at))) continue;
    const match = [dotted, indexed, older]
      .map((pattern) => matchAt(pattern, text, at))
      .find((each) => each !== null);
    if (!match) continue;
    const isOlder = match[0].startsWith('step-');
    const id = isOlder ? (match[1] ?? match[2] ?? match[3]) : (match[2] ?? match[3]);
    if (id !== from) continue;
    const root = isOlder ? 'step-outputs' : 'steps';
    const optional = isOlder ? '' : (match[1] ?? '');
    const named = !match[0].endsWith(']') && (isWord || isOlder);
    result += `${text.slice(copied, at)}${root}${named ? `.${optional}${to}` : `[${optional}'${to}']`}`;
    copied = at + match[0].length;
    at = copied - 1;
  }
  return result + text.slice(copied);
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
