import type { Duration } from '../model/workflow.ts';
import { type Schema, Type } from '../schema.ts';

/** Schema of a {@link Duration} in the config of a handler. */
export const durationSchema: Schema<Duration> = Type.Unsafe<Duration>({
  description: 'Such as 250ms, 10s, 5m, 2h, 1d, or a number of milliseconds.',
  anyOf: [
    { type: 'string', pattern: '^\\d+(\\.\\d+)?(ms|s|m|h|d)$' },
    { type: 'number', minimum: 0 },
  ],
});
