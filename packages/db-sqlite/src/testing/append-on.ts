/**
 * Creates executions `PREFIX-N` and appends to them without end, several at a time, and prints `{id, seq}` for each append that
 * was confirmed. Arguments: path, prefix, how many at a time.
 */
import { completion, creation, progress } from '@vwmp/adapter-tests/samples';
import { scriptStorage } from './drivers.ts';
import { report, told } from './report.ts';

const [path = '', prefix = '', width = '1'] = process.argv.slice(2);
const storage = scriptStorage(path);
let next = 0;

async function appendOn(): Promise<never> {
  for (;;) {
    const id = `${prefix}-${next++}`;
    await storage.executions.append(creation(id));
    report({ id, seq: 1 });
    await storage.executions.append(progress(id, 1, 3));
    report({ id, seq: 4 });
    await storage.executions.post({ id: `m-${id}`, execution_id: id, body: { id } });
    await storage.executions.append({ ...progress(id, 4), handled: [`m-${id}`] });
    report({ id, seq: 5 });
    await storage.executions.append(completion(id, 5));
    report({ id, seq: 6 });
  }
}

try {
  await storage.open();
  report({ open: true });
  await Promise.all(Array.from({ length: Number(width) }, appendOn));
} catch (error) {
  report({ failed: told(error) });
}
await storage.close();
