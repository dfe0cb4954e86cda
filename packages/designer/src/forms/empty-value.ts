import type { JsonSchema, JsonValue } from '@vwmp/core';
import { valueAt } from '../document/index.ts';
import { type FieldKind, kindOf } from './field-kind.ts';

/** What a new item is before anything is typed. */
export function emptyOf(schema: JsonSchema): JsonValue {
  const kind: FieldKind = kindOf(schema);
  if (kind.kind === 'choice') return kind.options[0] ?? '';
  if (kind.kind === 'boolean') return false;
  if (kind.kind === 'number') return Number(valueAt(schema, ['minimum']) ?? 0);
  if (kind.kind === 'list') return [];
  if (kind.kind === 'map') return {};
  if (kind.kind !== 'object') return '';
  return Object.fromEntries(
    kind.properties
      .filter(([name]) => kind.required.includes(name))
      .map(([name, each]) => [name, emptyOf(each)]),
  );
}
