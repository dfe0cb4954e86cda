/** Anything that JSON can hold. */
export type JsonValue = string | number | boolean | null | JsonArray | JsonObject;
export type JsonArray = readonly JsonValue[];
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** A JSON Schema (2020-12) as plain data. */
export type JsonSchema = boolean | { readonly [keyword: string]: unknown };
