/**
 * Fills a disk up to some room with executions that have ended and a file beside them, and removes them all. Prints how many there were
 * and what became of them, or what it was told. Arguments: path, another file on its disk, how many bytes stay free.
 */
import { statfsSync, writeFileSync } from 'node:fs';
import { completion, creation } from '@vwmp/adapter-tests/samples';
import type { Append } from '@vwmp/core';
import { scriptStorage } from './drivers.ts';
import { report, told } from './report.ts';

const [path = '', ballast = '', left = '0'] = process.argv.slice(2);
const many = 200;

function large(id: string): Append {
  const append = creation(id);
  return { ...append, events: append.events.map((event) => ({ ...event, trigger: 'x'.repeat(20_000) })) };
}

const filling = scriptStorage(path);
await filling.open();
for (let n = 0; n < many; n++) {
  await filling.executions.append(large(`e${n}`));
  await filling.executions.append(completion(`e${n}`, 1, { at: n }));
}
await filling.close();
const { bavail, bsize } = statfsSync(path);
writeFileSync(ballast, Buffer.alloc(bavail * bsize - Number(left)));

const storage = scriptStorage(path);
await storage.open();
const removed = await storage.executions.prune({ max_count: 0 }, Date.now(), many).catch(told);
report({ many, removed, problems: await storage.maintenance!.check() });
await storage.close();
