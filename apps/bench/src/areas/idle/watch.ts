import { setTimeout as pass } from 'node:timers/promises';
import { type Usage, usageOf } from '../modes/proc.ts';

/** Something has settled that has used no more than this much of a core for so long. */
const calm = { cpu: 2, span: 3000 };

/** Waits until a process has nothing left of its start to do. */
export async function settle(pid: number): Promise<void> {
  for (let tries = 0; tries < 40; tries++) {
    const before = usageOf(pid).cpu;
    await pass(calm.span);
    if (usageOf(pid).cpu - before <= calm.cpu) return;
  }
  throw new Error(`The process ${pid} does not become idle.`);
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
