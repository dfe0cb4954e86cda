/**
 * Appends until there is no room, makes room by removing a file, and goes on. Prints what it was told, whether everything that
 * was confirmed is there, and what the check says. Arguments: path, file to be removed, or "-" for none.
 */
import { rmSync } from 'node:fs';
import { creation, progress } from '@vwmp/adapter-tests/samples';
import type { Append, Storage } from '@vwmp/core';
import { scriptStorage } from './drivers.ts';
import { report, told } from './report.ts';

const [path = '', ballast = '-'] = process.argv.slice(2);
const storage = scriptStorage(path);
await storage.open();
const confirmed = new Map<string, number>();

/** Appends for several executions at a time, as a busy worker does. @returns the first error */
async function round(n: number): Promise<unknown> {
  const appends = Array.from({ length: 8 }, (_, index) => large(`e${n}-${index}`));
  const outcomes = await Promise.allSettled(appends.map((append) => storage.executions.append(append)));
  for (const [index, { status }] of outcomes.entries())
    if (status === 'fulfilled') confirmed.set(appends[index]!.summary.id, 1);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  return failed?.reason;
}

function large(id: string): Append {
  const append = creation(id);
  return { ...append, events: append.events.map((event) => ({ ...event, trigger: 'x'.repeat(20_000) })) };
}

async function isAllThere({ executions }: Storage): Promise<boolean> {
  for (const [id, seq] of confirmed) if ((await executions.get(id))?.seq !== seq) return false;
  return true;
}

let n = 0;
let error: unknown;
while (!error && n < 10_000) error = await round(n++);
report({ rounds: n, ...told(error) });
report({ there: await isAllThere(storage) });
// It stays full, and says so each time.
report(told(await round(n++)));
// Where no execution fits any more, the one page that a ping writes may, a few times.
let silence: unknown;
for (let tries = 0; !silence && tries < 1000; tries++)
  silence = await storage.ping().catch((thrown: unknown) => thrown);
report(told(silence));
if (ballast !== '-') {
  rmSync(ballast);
  report({ again: (await round(n++)) ?? 'well' });
  const id = confirmed.keys().next().value!;
  await storage.executions.append(progress(id, 1));
  confirmed.set(id, 2);
  await storage.ping();
}
await storage.close();

const next = scriptStorage(path);
await next.open().catch((thrown: unknown) => report(told(thrown)));
report({ there: await isAllThere(next), problems: await next.maintenance!.check() });
await next.close();
