/**
 * Appends to the executions `PREFIX-0`, `PREFIX-1`, … without end and prints `ID SEQ` for each append that
 * was acknowledged, or the error that ended it. Arguments: folder, prefix, number of executions.
 */
import { writeSync } from 'node:fs';
import { creation, progress } from '../../testing/samples.ts';
import { createFileExecutionStore } from '../execution-store.ts';

const [folder = '', prefix = '', count = '1'] = process.argv.slice(2);
const store = createFileExecutionStore({ folder });
await store.open();

const appendOn = async (id: string): Promise<void> => {
  for (let seq = 0; ; seq += seq === 0 ? 1 : 3) {
    await store.append(seq === 0 ? creation(id) : progress(id, seq, 3));
    // Written at once: what stands in the pipe was acknowledged, whatever happens to this process.
    writeSync(1, `${id} ${seq === 0 ? 1 : seq + 3}\n`);
  }
};

try {
  await Promise.all(Array.from({ length: Number(count) }, (_, index) => appendOn(`${prefix}-${index}`)));
} catch (error) {
  const { code, message } = error as { code?: string; message: string };
  writeSync(1, `error ${JSON.stringify({ code, message })}\n`);
}
await store.close();
