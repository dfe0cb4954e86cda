/** Opens the stores of a folder and prints the code and message of each that fails. Argument: folder. */
import { writeSync } from 'node:fs';
import {
  createFileAuditStore,
  createFileExecutionStore,
  createFileStorage,
  createFileWorkflowStore,
} from '../index.ts';

const options = { folder: process.argv[2]! };
const stores = [
  createFileWorkflowStore(options),
  createFileExecutionStore(options),
  createFileAuditStore(options),
  createFileStorage(options),
];
for (const store of stores) {
  try {
    await store.open();
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    writeSync(1, `${JSON.stringify({ code, message })}\n`);
  }
  await store.close();
}
