/**
 * Lets `S` senders tell the execution `receiver` of each of their appends, while what it was told is handled, without end.
 * Prints `ID SEQ` for each append of a sender that was acknowledged. Arguments: folder, prefix, number of senders.
 */
import { writeSync } from 'node:fs';
import { hasCode } from '../../../errors.ts';
import { creation, progress } from '../../testing/samples.ts';
import { createFileExecutionStore } from '../execution-store.ts';

const [folder = '', prefix = '', count = '1'] = process.argv.slice(2);
const store = createFileExecutionStore({ folder });
await store.open();
const receiver = 'receiver';

const send = async (id: string): Promise<void> => {
  await store.append(creation(id));
  for (let seq = 1; ; seq++) {
    const message = { id: `${id}.${seq + 1}`, execution_id: receiver, body: { text: 'x'.repeat(200) } };
    await store.append({ ...progress(id, seq), messages: [message] });
    writeSync(1, `${id} ${seq + 1}\n`);
  }
};

const handle = async (): Promise<void> => {
  for (;;) {
    const waiting = await store.messages(receiver);
    const { seq } = (await store.get(receiver))!;
    const handled = waiting.slice(0, 3).map(({ id }) => id);
    try {
      await store.append({ ...progress(receiver, seq), handled });
    } catch (error) {
      // Another process handles, too.
      if (!hasCode(error, 'VERSION_CONFLICT')) throw error;
    }
  }
};

await Promise.all([handle(), ...Array.from({ length: Number(count) }, (_, n) => send(`${prefix}-${n}`))]);
