/**
 * A worker in competition with others: claims what is ready and carries it to its end, one event at a time. Prints each event that was
 * confirmed, and how it ended. Arguments: path, name, how many executions there are.
 */
import { completion, progress } from '@vwmp/adapter-tests/samples';
import { hasCode } from '@vwmp/core';
import { scriptStorage } from './drivers.ts';
import { report, told } from './report.ts';

const [path = '', worker = '', total = '0'] = process.argv.slice(2);
const storage = scriptStorage(path);
await storage.open();
const { executions } = storage;
await executions.heartbeat(worker, 600_000);

/** @returns false when somebody else has it */
async function carryOn(id: string): Promise<boolean> {
  const claimed = await executions.claim(id, worker, Date.now());
  if (!claimed) return false;
  let { seq } = claimed;
  for (; seq < 4; seq++) {
    await executions.append({ ...progress(id, seq), epoch: claimed.epoch });
    report({ id, seq: seq + 1 });
  }
  await executions.append({ ...completion(id, seq), epoch: claimed.epoch });
  report({ id, seq: seq + 1 });
  return true;
}

try {
  for (;;) {
    const ready = await executions.ready(Date.now(), 20);
    // Whoever begins at another place gets into fewer others' way.
    ready.sort(() => Math.random() - 0.5);
    await Promise.all(ready.slice(0, 5).map(carryOn));
    const { count } = await executions.list({ status: ['success'], limit: 1 });
    if (count >= Number(total)) break;
  }
  report({ done: true });
} catch (error) {
  report({ failed: told(error), locked: hasCode(error, 'SQLITE_BUSY') });
}
await storage.close();
