import { defineHandler, definePlugin } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';

type Nested = number | readonly Nested[];

const summarise = defineHandler({
  title: 'Summarise numbers',
  description: 'Counts and adds numbers; lists within lists are gone through.',
  config: Type.Object({
    values: Type.Unsafe<readonly Nested[]>({ type: 'array', description: 'Numbers, or lists of them.' }),
  }),
  output: Type.Object({ count: Type.Integer(), sum: Type.Number(), mean: Type.Number() }),
  execute({ config }) {
    const values = flatten(config.values);
    // In cents, so that 0.1 + 0.2 is 0.3.
    const cents = values.reduce((sum, value) => sum + Math.round(value * 100), 0);
    const mean = values.length === 0 ? 0 : Math.round(cents / values.length) / 100;
    return { count: values.length, sum: cents / 100, mean };
  },
});

function flatten(values: readonly Nested[]): number[] {
  return values.flatMap((value) => (typeof value === 'number' ? [value] : flatten(value)));
}

/** The plugin `stats`. */
export const stats = definePlugin({ name: 'stats', handlers: { summarise } });
