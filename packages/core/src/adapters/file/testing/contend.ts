/**
 * Appends to one execution in competition with others, until it has so many events, and prints `won SEQ` or
 * `lost` for each try, once all contenders are there. Arguments: folder, id, number of events, number of contenders.
 */
import { mkdirSync, readdirSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { hasCode } from '../../../errors.ts';
import { progress } from '../../testing/samples.ts';
import { createFileExecutionStore } from '../execution-store.ts';

const [folder = '', id = '', last = '1', contenders = '1'] = process.argv.slice(2);
const store = createFileExecutionStore({ folder });
await store.open();

// Whoever is alone loses nothing.
const there = join(folder, 'contenders');
mkdirSync(there, { recursive: true });
writeFileSync(join(there, String(process.pid)), '');
while (readdirSync(there).length < Number(contenders)) await new Promise((resolve) => setTimeout(resolve, 5));

for (;;) {
  const seq = (await store.get(id))!.seq;
  if (seq >= Number(last)) break;
  try {
    await store.append(progress(id, seq));
    writeSync(1, `won ${seq + 1}\n`);
  } catch (error) {
    if (!hasCode(error, 'VERSION_CONFLICT')) throw error;
    writeSync(1, 'lost\n');
  }
}
await store.close();
