/**
 * Counts up a number in a workflow in competition with others: reads it, saves it one higher, and prints
 * `saved N` or `lost`. Arguments: folder, id, how far to count.
 */
import { writeSync } from 'node:fs';
import { hasCode } from '../../../errors.ts';
import { draftOf } from '../../testing/samples.ts';
import { createFileWorkflowStore } from '../workflow-store.ts';

const [folder = '', id = '', last = '1'] = process.argv.slice(2);
const store = createFileWorkflowStore({ folder });
await store.open();

for (;;) {
  const { rev, text } = (await store.get(id))!;
  const number = Number(/# (\d+)/.exec(text)?.[1]);
  if (number >= Number(last)) break;
  try {
    await store.save(draftOf(id, { note: String(number + 1) }), rev);
    writeSync(1, `saved ${number + 1}\n`);
  } catch (error) {
    if (!hasCode(error, 'REV_CONFLICT')) throw error;
    writeSync(1, 'lost\n');
  }
}
await store.close();
