import { type OutputUnit, Validator } from '@cfworker/json-schema';
import type { JsonSchema } from '../model/json.ts';

/** A schema that is ready to be applied, again and again. */
export interface CompiledSchema {
  /** The copy that locations of keywords refer to. */
  readonly schema: JsonSchema;
  /** What does not match; each level of the schema adds its own entry around those below it. */
  validate(value: unknown): OutputUnit[];
}

const cache = new WeakMap<object, CompiledSchema>();

/** Prepares a schema once; the same object gives the same result. */
export function compileSchema(schema: JsonSchema): CompiledSchema {
  if (typeof schema === 'boolean') return compile(schema);
  const known = cache.get(schema);
  if (known) return known;
  const compiled = compile(schema);
  cache.set(schema, compiled);
  return compiled;
}

function compile(given: JsonSchema): CompiledSchema {
  // The validator writes into the schema, which may be frozen; the copy also drops TypeBox's symbols.
  const schema = JSON.parse(JSON.stringify(given)) as JsonSchema;
  // It interprets the schema: nothing is compiled to code, so that it runs under any content security policy.
  const validator = new Validator(schema as object, '2020-12', false);
  return { schema, validate: (value) => validator.validate(value).errors };
}
