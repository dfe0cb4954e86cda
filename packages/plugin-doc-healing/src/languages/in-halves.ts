import type { ToolFailure } from './run-tool.ts';
import { notChecked, type Verdict } from './verdict.ts';

type Ask = (texts: readonly string[]) => Promise<readonly Verdict[] | ToolFailure>;

/** It takes so long to wait for a program that does not end that few of its failures are looked into. */
const maxWaits = 4;

/** Asks a program about all texts at once, and about halves of them where it fails: one may be more than it can stand. */
export async function checkInHalves(texts: readonly string[], ask: Ask): Promise<Verdict[]> {
  let waits = 0;
  const check = async (some: readonly string[]): Promise<readonly Verdict[]> => {
    const told = await ask(some);
    if (!('missing' in told)) return told;
    const isWaitedFor = told.missing.endsWith('took too long') && ++waits >= maxWaits;
    // It fails at nothing, too, where it only has the name of a program.
    const isHopeless = some.length < 2 || isWaitedFor || (some === texts && 'missing' in (await ask([])));
    if (isHopeless) return some.map(() => notChecked(told.missing));
    const half = some.length >> 1;
    return [...(await check(some.slice(0, half))), ...(await check(some.slice(half)))];
  };
  return [...(await check(texts))];
}
