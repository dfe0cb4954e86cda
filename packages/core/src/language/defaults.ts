import type { JsonSchema, JsonValue } from '../model/json.ts';
import { toJson } from '../values/to-json.ts';
import { isRecord } from './path.ts';

/** Whether a schema has a default anywhere that {@link fillDefaults} looks. */
const known = new WeakMap<object, boolean>();

/**
 * Fills in the defaults of a schema where a property is missing: those of its own properties, of objects in these and in
 * lists. What stands below `anyOf` and its like is left alone, as it may not be meant.
 *
 * @param value - frozen; the same is returned when nothing is missing
 */
export function fillDefaults(schema: JsonSchema, value: JsonValue): JsonValue {
  if (!isRecord(schema) || !hasDefaults(schema)) return value;
  if (Array.isArray(value)) {
    const items = value.map((item: JsonValue) => fillDefaults(schema.items as JsonSchema, item));
    return items.some((item, index) => item !== value[index]) ? Object.freeze(items) : value;
  }
  if (!isRecord(value) || !isRecord(schema.properties)) return value;
  const filled: Record<string, JsonValue> = {};
  for (const [key, property] of Object.entries(schema.properties)) {
    if (!isRecord(property)) continue;
    if (Object.hasOwn(value, key)) {
      const inner = fillDefaults(property as JsonSchema, value[key] as JsonValue);
      if (inner !== value[key]) filled[key] = inner;
    } else if (property.default !== undefined) filled[key] = toJson(property.default);
  }
  return Object.keys(filled).length === 0 ? value : (Object.freeze({ ...value, ...filled }) as JsonValue);
}

function hasDefaults(schema: Record<string, unknown>): boolean {
  const answer = known.get(schema);
  if (answer !== undefined) return answer;
  // A schema that holds itself ends here.
  known.set(schema, false);
  const inner = [schema.items, ...(isRecord(schema.properties) ? Object.values(schema.properties) : [])];
  const found = inner.some((each) => isRecord(each) && (each.default !== undefined || hasDefaults(each)));
  known.set(schema, found);
  return found;
}
