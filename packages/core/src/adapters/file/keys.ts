import { hashOf } from './hash.ts';
import { node } from './node.ts';
import { putValue, readValue, removeFile } from './small-file.ts';

/** Which execution was created with an idempotency key: a file for each key, which may be out of date. */
export interface Keys {
  /** The id of the execution that used the key last. Whether it still has it, only its history knows. */
  read(workflowId: string, key: string): Promise<string | undefined>;
  put(workflowId: string, key: string, id: string): Promise<void>;
  /** Forgets that `id` used the key. */
  remove(workflowId: string, key: string, id: string): Promise<void>;
}

/** Makes the keys of one folder. Who puts or removes one holds the lock of all. */
export function createKeys(folder: string): Keys {
  const pathOf = (workflowId: string, key: string): string => {
    const hash = hashOf(`${workflowId.length}:${workflowId}${key}`);
    return node.path.join(folder, hash.slice(0, 2), `${hash.slice(2, 42)}.json`);
  };

  const read: Keys['read'] = async (workflowId, key) => await readValue<string>(pathOf(workflowId, key));

  return {
    read,
    put: (workflowId, key, id) => putValue(pathOf(workflowId, key), id, { durable: true }),
    async remove(workflowId, key, id) {
      if ((await read(workflowId, key)) === id) await removeFile(pathOf(workflowId, key));
    },
  };
}
