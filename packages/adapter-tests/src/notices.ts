import type { Lifecycle } from '@vwmp/core/ports';
import { expect, test } from 'vitest';
import type { Case, Subject } from './suite.ts';

/**
 * A test that a case of a suite fails for an adapter that was broken on purpose. A suite that passes such an
 * adapter proves nothing.
 *
 * @param flaw - completes "an adapter that …"
 * @param noticed - the name of the case that notices it
 */
export function notices(flaw: string, noticed: string, cases: readonly Case[]): void {
  test(`an adapter that ${flaw} is noticed`, async () => {
    const found = cases.filter(({ name }) => name.includes(noticed));
    expect(found.map(({ name }) => name)).toHaveLength(1);
    const failure = await found[0]!.run().then(
      () => undefined,
      (error: unknown) => error as Error,
    );
    expect(failure).toBeDefined();
    // That would be a mistake in what breaks the adapter.
    expect(['TypeError', 'SyntaxError', 'ReferenceError'], String(failure)).not.toContain(failure?.name);
  });
}

/** What is wrong with an adapter, the case that notices it, and what breaks it. */
export type FlawOf<T> = [flaw: string, noticed: string, breakIt: (adapter: T) => Partial<T>];

/** Makes a test of each flaw. */
export function noticesAll<T extends Lifecycle>(
  make: () => T,
  suite: (subject: Subject<T>) => readonly Case[],
  flaws: readonly FlawOf<T>[],
): void {
  for (const [flaw, noticed, breakIt] of flaws) {
    const place = async () => ({ make: () => patched(make(), breakIt) });
    notices(flaw, noticed, suite({ patience: 500, place }));
  }
}

/** An adapter of which some methods are replaced. */
export function patched<T extends object>(adapter: T, breakIt: (adapter: T) => Partial<T>): T {
  return { ...adapter, ...breakIt(adapter) };
}

/** True for an error with a code. */
export function isRefusal(error: unknown, ...codes: string[]): boolean {
  return codes.includes(String((error as { code?: unknown }).code));
}
