import { setTimeout as delay } from 'node:timers/promises';

/** Waits for a condition that no event announces, such as the end of someone else's process. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  ms = 5_000,
): Promise<void> {
  const end = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Waited ${ms} ms in vain: ${what}`);
    await delay(10);
  }
}
