import { setTimeout as pass } from 'node:timers/promises';
import { type Usage, usageOf } from '../modes/proc.ts';

/** Waits until a process has used no more than so much of a core for so long. */
async function calm(
  pid: number,
  { cpu, span, tries }: { cpu: number; span: number; tries: number },
): Promise<void> {
  for (let n = 0; n < tries; n++) {
    const before = usageOf(pid).cpu;
    await pass(span);
    if (usageOf(pid).cpu - before <= cpu) return;
  }
  throw new Error(`The process ${pid} does not become idle.`);
}

/** Waits until a process has nothing left of its start to do. */
export function settle(pid: number): Promise<void> {
  return calm(pid, { cpu: 2, span: 3000, tries: 40 });
}

/**
 * Waits until V8 has tidied up, too: after a collection it looks every 8 s whether memory can be given back, and collects up to three
 * times, 105 s apart, 40 ms of CPU each. Then it rests until there is work again.
 */
export function rest(pid: number): Promise<void> {
  return calm(pid, { cpu: 10, span: 130_000, tries: 6 });
}

/** What each of several processes uses in the same minute. @param seconds - of it that are watched; the rest is reckoned */
export async function perMinute(pids: readonly number[], seconds: number): Promise<Usage[]> {
  const before = pids.map(usageOf);
  await pass(seconds * 1000);
  return pids.map((pid, i) => {
    const now = usageOf(pid);
    const share = 60 / seconds;
    return { wakes: (now.wakes - before[i]!.wakes) * share, cpu: (now.cpu - before[i]!.cpu) * share };
  });
}
