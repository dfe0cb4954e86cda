import type { Dialect } from '../query/dialect.ts';
import type { Runner } from '../query/steps.ts';
import type { Gate } from './gate.ts';

/** What every store of a storage works with. */
export interface StoreParts {
  gate: Gate;
  runner: Runner;
  dialect: Dialect;
}
