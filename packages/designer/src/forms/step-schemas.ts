import type { JsonSchema } from '@vwmp/core';

const duration: JsonSchema = { anyOf: [{ type: 'string' }, { type: 'number' }], examples: ['30s'] };

/** Forms of the keys of a step, in the words of the language. */
export const stepSchemas: Readonly<
  Record<
    'join' | 'enabled' | 'required' | 'concurrency' | 'repeat' | 'retry' | 'timeout' | 'compensate' | 'queue',
    JsonSchema
  >
> = {
  join: {
    enum: ['all', 'any', 'done'],
    default: 'all',
    description: 'all or any of its edges are live; done: all before it have settled.',
  },
  enabled: {
    type: 'boolean',
    default: true,
    description: 'Off: it is skipped, and what follows goes on as if it had succeeded.',
  },
  required: { type: 'boolean', default: true, description: 'No: its failure does not fail the execution.' },
  concurrency: { type: 'integer', minimum: 1, default: 1, description: 'How many items run at a time.' },
  repeat: {
    type: 'object',
    description: 'Runs again until a condition holds.',
    properties: {
      until: { type: 'string', description: 'An expression that sees output; true ends it.' },
      max: { type: 'integer', minimum: 1, default: 100, description: 'No more runs than these.' },
      delay: { ...duration, default: 0, description: 'Between two runs.' },
    },
  },
  retry: {
    type: 'object',
    description: 'Whether and when a failed attempt is repeated.',
    properties: {
      attempts: { type: 'integer', minimum: 1, default: 1, description: 'In total, the first included.' },
      delay: { ...duration, default: '1s', description: 'Before the second attempt.' },
      backoff: { enum: ['fixed', 'exponential'], default: 'fixed', description: 'How delays grow.' },
      factor: { type: 'number', minimum: 1, default: 2, description: 'By which an exponential delay grows.' },
      max: { ...duration, default: '1h', description: 'No delay is longer.' },
      jitter: { type: 'boolean', default: false, description: 'Spreads each delay over its upper half.' },
      on: {
        type: 'array',
        items: { type: 'string' },
        description: 'Only errors with these codes; any when empty.',
      },
    },
  },
  timeout: { ...duration, description: 'Such as 30s or 5m. An attempt that takes longer fails.' },
  compensate: {
    type: 'object',
    description: 'Undoes the step when the execution fails or is cancelled later.',
    properties: {
      handler: { type: 'string', examples: ['http.request'] },
      config: { description: 'Input of that handler.' },
    },
  },
  queue: { type: 'string', description: 'The named queue whose workers run it.', examples: ['default'] },
};
