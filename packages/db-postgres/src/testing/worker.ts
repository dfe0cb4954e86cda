// A process of the tests: works on executions of a database until all have ended. Arguments: URL, its name, how many there are.
import { completion, progress } from '@vwmp/adapter-tests/samples';
import type { ExecutionRecord } from '@vwmp/core/ports';
import { createPostgresStorage } from '../storage.ts';

const [url, worker, total] = process.argv.slice(2) as [string, string, string];
const lease = 1500;
const storage = createPostgresStorage({ url });
await storage.open();
const { executions } = storage;
const renew = () => executions.heartbeat(worker, lease);
await renew();
const beat = setInterval(() => renew().catch(() => undefined), lease / 4);

for (;;) {
  const { count } = await executions.list({ status: ['success'], limit: 1 });
  if (count >= Number(total)) break;
  // Others see the same ones: each goes to whoever comes first.
  const ready = await executions.ready(Date.now(), 32);
  const claimed = await Promise.all(ready.map((id) => executions.claim(id, worker, Date.now())));
  await Promise.all(claimed.map((record) => record && carryOn(record)));
  if (ready.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
}
clearInterval(beat);
await executions.retire(worker);
await storage.close();

async function carryOn({ id, epoch, seq }: ExecutionRecord): Promise<void> {
  try {
    for (let at = seq; at < 4; at++) await executions.append({ ...progress(id, at), epoch });
    await executions.append({ ...completion(id, 4), epoch });
  } catch (error) {
    // A later owner has it: this one was taken for dead.
    const { code } = error as { code?: string };
    if (code !== 'FENCED' && code !== 'VERSION_CONFLICT') throw error;
  }
}
