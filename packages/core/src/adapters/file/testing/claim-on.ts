/**
 * Claims what is ready and gives it back, until everything has been claimed so often. Prints `ID EPOCH` for each claim.
 * Arguments: folder, worker, number of claims of each execution.
 */
import { writeSync } from 'node:fs';
import { progress } from '../../testing/samples.ts';
import { createFileExecutionStore } from '../execution-store.ts';

const [folder = '', worker = '', most = '1'] = process.argv.slice(2);
const store = createFileExecutionStore({ folder });
await store.open();
await store.heartbeat(worker, 600_000);

for (;;) {
  const ids = await store.ready(Date.now(), 100);
  if (ids.length === 0 && (await store.nextReady()) === undefined) break;
  for (const id of ids) {
    const claimed = await store.claim(id, worker, Date.now());
    if (!claimed) continue;
    const { epoch, seq } = claimed;
    writeSync(1, `${id} ${epoch}\n`);
    const more = epoch <= Number(most);
    await store.append({ ...progress(id, seq, 1, epoch), owner: null, wake_at: more ? undefined : null });
  }
}
await store.retire(worker);
await store.close();
