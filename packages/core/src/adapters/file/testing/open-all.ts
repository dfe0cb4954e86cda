/** Opens the stores of a folder and prints the code and message of each that fails. Argument: folder. */
import { writeSync } from 'node:fs';
import { createFileStore } from '../index.ts';

for (const store of Object.values(createFileStore({ folder: process.argv[2]! }))) {
  try {
    await store.open();
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    writeSync(1, `${JSON.stringify({ code, message })}\n`);
  }
  await store.close();
}
