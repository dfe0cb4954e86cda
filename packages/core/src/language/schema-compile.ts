import { format, type OutputUnit, Validator, work } from '@cfworker/json-schema';
import type { JsonSchema } from '../model/json.ts';
import { compilePattern, type Pattern, refusalOf } from './pattern.ts';

/**
 * A schema and a value together may be worse than each: references double the work at each level, `uniqueItems` compares
 * all with all. A value of 1 MB and an ordinary schema take some 100,000 steps; so many take a second.
 */
const stepLimit = 1_000_000;

Object.assign(format, {
  // The pattern that the library has for it tries every way to split a name: minutes for 40 characters.
  url: (text: string) => /^(?:https?|ftp):\/\/[^\s/?#]/i.test(text) && !/\s/.test(text) && URL.canParse(text),
  regex: (text: string) => refusalOf(text) === undefined,
});

/** A schema that is ready to be applied, again and again. */
export interface CompiledSchema {
  /** The copy that locations of keywords refer to. */
  readonly schema: JsonSchema;
  /**
   * What does not match; each level of the schema adds its own entry around those below it.
   *
   * @throws RangeError when it would take too many steps, or the value is too deep
   * @throws PatternRefused when a pattern of the schema cannot be used
   * @throws Error when a `$ref` leads nowhere
   */
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
  const patterns = new Map<string, Pattern>();
  return {
    schema,
    validate(value) {
      let left = stepLimit;
      // patches/ makes the library ask for both.
      work.step = (count) => {
        left -= count;
        if (left < 0) throw new RangeError('applying the schema takes too many steps');
      };
      work.pattern = (source) => {
        const pattern = patterns.get(source) ?? compilePattern(source);
        patterns.set(source, pattern);
        // A step of a pattern is a small one.
        return { test: (text) => pattern.test(text, (steps) => work.step(steps / 16)) };
      };
      return validator.validate(value).errors;
    },
  };
}
