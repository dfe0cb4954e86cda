import { describe, test } from 'vitest';
import type { Case } from './suite.ts';

/** Makes a test of each case. */
export function register(name: string, cases: readonly Case[]): void {
  describe(name, () => {
    for (const each of cases) test(each.name, each.run);
  });
}
