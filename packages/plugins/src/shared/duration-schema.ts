import { type Schema, Type } from '@vwmp/core/schema';

/** Schema of a time span: a duration of the workflow language, or milliseconds. */
export function durationSchema(options: { description: string; default?: string }): Schema<string | number> {
  return Type.Unsafe<string | number>({
    ...options,
    anyOf: [
      { type: 'string', pattern: '^\\d+(\\.\\d+)?(ms|s|m|h|d)$' },
      { type: 'number', minimum: 0 },
    ],
  });
}
