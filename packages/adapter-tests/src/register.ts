import { describe, test } from 'vitest';
import { type Case, defaultPatience } from './suite.ts';

/**
 * Makes a test of each case. It may take longer than vitest gives a test: a case that waits in vain says for what, and would be
 * ended before it does.
 *
 * @param name - of the subject of the cases
 * @param options - with the patience of the subject, in milliseconds: what the cases wait for comes on top of what they do
 */
export function register(
  name: string,
  cases: readonly Case[],
  { patience = defaultPatience }: { patience?: number },
): void {
  const timeout = 60_000 + 2 * patience;
  describe(name, () => {
    for (const each of cases) test(each.name, { timeout }, each.run);
  });
}
