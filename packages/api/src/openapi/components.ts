import type { Schema } from '@vwmp/core/schema';

export type Json = { [key: string]: unknown };

/** The schemas that the document has under a name. */
export interface Components {
  /** A reference to a schema with a name; what has none stands where it is. */
  refer(schema: Schema): Json;
  /** The schema itself, with references to what in it has a name. */
  inline(schema: Schema): Json;
  schemas(): Json;
}

/** Collects what has a name, which `named` puts into `title`. */
export function createComponents(): Components {
  const known = new Map<string, Json>();

  const copy = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(copy);
    if (typeof value !== 'object' || value === null) return value;
    const { title } = value as { title?: unknown };
    return typeof title === 'string' ? refer(value as Schema) : copyObject(value);
  };
  // Symbols, by which builders know their schemas, are left behind.
  const copyObject = (value: object): Json =>
    Object.fromEntries(Object.entries(value).map(([key, each]) => [key, copy(each)]));
  const refer = (schema: Schema): Json => {
    const { title } = schema;
    if (typeof title !== 'string') return copyObject(schema);
    if (!known.has(title)) {
      // Before its parts: it may be among them.
      known.set(title, {});
      const { title: _, ...rest } = schema as Json;
      known.set(title, copyObject(rest));
    }
    return { $ref: `#/components/schemas/${title}` };
  };

  return {
    refer,
    inline(schema) {
      const { title: _, ...rest } = schema as Json;
      return copyObject(rest);
    },
    schemas: () => Object.fromEntries([...known].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
