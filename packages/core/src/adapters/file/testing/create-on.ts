/**
 * Creates executions with idempotency keys that others use, too, and prints `KEY ID` for each: the execution that has
 * the key. Ends when told to by the end of its input. Arguments: folder, name, number of keys.
 */
import { writeSync } from 'node:fs';
import { creation } from '../../testing/samples.ts';
import { createFileExecutionStore } from '../execution-store.ts';

const [folder = '', name = '', count = '1'] = process.argv.slice(2);
const store = createFileExecutionStore({ folder });
await store.open();

for (let n = 0; n < Number(count); n++) {
  const key = `key-${n}`;
  const id = `${name}-${n}`;
  try {
    await store.append({ ...creation(id), origin: { idempotency_key: key } });
    writeSync(1, `${key} ${id}\n`);
  } catch (error) {
    const { code, details } = error as { code?: string; details?: { execution_id: string } };
    if (code !== 'ALREADY_EXISTS') throw error;
    writeSync(1, `${key} ${details!.execution_id}\n`);
  }
}
await store.close();
