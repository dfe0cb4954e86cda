import type { JsonSchema, JsonValue, Parameter } from '@vwmp/core';
import { parameterSchema } from '@vwmp/core/language';
import { isObject } from '../document/index.ts';

type Shape = Record<string, unknown>;

/** The schema of what an execution is given, with what only people need of it: the labels of options, room for long texts. */
export function formSchema(parameters: readonly Parameter[]): JsonSchema {
  const schema = parameterSchema(parameters) as unknown as Shape & { properties: Record<string, Shape> };
  const properties = { ...schema.properties };
  for (const { name, type, options } of parameters) {
    const own = properties[name];
    if (type === 'text') properties[name] = { ...own, format: 'text' };
    if (!options?.some((option) => isObject(option) && option.label !== undefined)) continue;
    const choice = { oneOf: options.map((option) => labelled(option as JsonValue)) };
    const { enum: _, ...rest } = own ?? {};
    properties[name] = type === 'array' ? { ...own, items: choice } : { ...rest, ...choice };
  }
  return { ...schema, properties } as unknown as JsonSchema;
}

function labelled(option: JsonValue): Record<string, JsonValue> {
  if (!isObject(option) || option.value === undefined) return { const: option };
  return { const: option.value, ...(option.label !== undefined && { title: option.label }) };
}
