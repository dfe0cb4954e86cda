// Values without a schema, as people write them: YAML, in which JSON is fine too.
import type { JsonValue } from '@vwmp/core';
import { editDocument, parseDocument } from '@vwmp/core/language';

/** A value as YAML. */
export function showValue(value: JsonValue | undefined): string {
  if (value === undefined) return '';
  // What is read as itself needs no quotes: a text with an expression in it is to be written on.
  if (typeof value === 'string' && !value.includes('\n') && isSelf(value)) return value;
  const text = editDocument('value: 0\n', [{ set: ['value'], value }]);
  const body = text.slice('value:'.length);
  if (!body.startsWith('\n')) return body.trim();
  const lines = body.slice(1).trimEnd().split('\n');
  const indent = Math.min(
    ...lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length),
  );
  return lines.map((line) => line.slice(indent)).join('\n');
}

/** What a text means; undefined for an empty one. */
export function readValue(text: string): { value: JsonValue | undefined } | { error: string } {
  if (text.trim() === '') return { value: undefined };
  const indented = text.replace(/^/gm, '  ');
  const source = parseDocument(`value:\n${indented}\n`);
  const problem = source.problems[0];
  if (problem) return { error: problem.message };
  return { value: (source.value as { value: JsonValue }).value };
}

function isSelf(text: string): boolean {
  const read = readValue(text);
  return 'value' in read && read.value === text;
}
