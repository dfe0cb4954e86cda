import { defineHandler, type Handler } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import { durationSchema } from '../shared/duration-schema.ts';
import { defaults } from './limits.ts';

/** `script.js`: JavaScript that can do nothing but compute. */
export const js: Handler = defineHandler({
  title: 'JavaScript',
  description:
    'Runs JavaScript in a sandbox: no files, no network, no clock, no chance, limits on memory and time. For the glue that expressions do not reach.',
  category: 'data',
  icon: 'braces',
  config: Type.Object({
    code: Type.String({
      minLength: 1,
      maxLength: 262_144,
      description: 'Body of an async function of `input`; what it returns is the output.',
      examples: ['return input.rows.filter((row) => row.total > 10)'],
    }),
    input: Type.Optional(
      Type.Unknown({ description: 'Any value; what the code sees as `input`.', default: null }),
    ),
    timeout: Type.Optional(
      durationSchema({ description: 'Ends the code after this time; at most 60s.', default: '1s' }),
    ),
    memory_mb: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 256,
        description: 'Memory that the code may use.',
        default: defaults.memoryMb,
      }),
    ),
    max_output_bytes: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 67_108_864,
        description: 'Size of the output as JSON.',
        default: defaults.maxOutputBytes,
      }),
    ),
  }),
  output: Type.Unknown({ description: 'What the code returned, as JSON; null for nothing.' }),
  load: () => import('./run.ts'),
});
