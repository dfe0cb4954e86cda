import { EvaluationError } from '@marcbachmann/cel-js';
import { Failure } from './failure.ts';
import { cel } from './parse.ts';

type Call = (values: readonly unknown[]) => unknown;

const names = ['a', 'b', 'c', 'd'];
const prepared = new Map<string, Call>();

/**
 * Lets cel-js itself do what is rare here: `bridge('a.getHours(b)')` applies it to two values. Whole
 * numbers go in as CEL ints and come back as numbers. The texts come from our own tables, so the
 * cache is bounded.
 */
export function bridge(text: string): Call {
  const known = prepared.get(text);
  if (known) return known;
  const evaluate = cel.parse(text);
  const call: Call = (values) => {
    const context: Record<string, unknown> = {};
    values.forEach((value, index) => {
      context[names[index] as string] = Number.isInteger(value) ? BigInt(value as number) : value;
    });
    try {
      return toNumber(evaluate(context));
    } catch (error) {
      // RangeError: an impossible date or time zone.
      if (error instanceof EvaluationError) throw new Failure(error.summary);
      if (error instanceof RangeError || error instanceof SyntaxError) throw new Failure(error.message);
      throw error;
    }
  };
  prepared.set(text, call);
  return call;
}

function toNumber(value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  if (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER) {
    throw new Failure('the result is a whole number beyond 2^53, which JSON cannot hold exactly');
  }
  return Number(value);
}
