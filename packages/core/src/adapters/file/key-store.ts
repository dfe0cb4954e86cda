import { VwmpError } from '../../errors.ts';
import type { KeyRecord, KeyStore } from '../../ports/key-store.ts';
import type { Gate } from '../memory/gate.ts';
import { keyExists, listKeys, revoked, used } from '../memory/key-store.ts';
import { createExclusive } from './exclusive.ts';
import { node } from './node.ts';
import { putValue } from './small-file.ts';
import { isSystemError, touching } from './unavailable.ts';

/** Keeps API keys in one file: there are few of them. */
export function keyFileOf(own: string, gate: Gate): KeyStore {
  const path = node.path.join(own, 'keys.json');
  const exclusive = createExclusive(node.path.join(own, 'keys.lock'));

  /** A file that says nothing is not the same as none: whoever takes it for no keys at all lets everyone in. */
  const read = async (): Promise<KeyRecord[]> => {
    let text: string;
    try {
      text = await node.fs.readFile(path, 'utf8');
    } catch (error) {
      if (isSystemError(error, 'ENOENT')) return [];
      throw error;
    }
    try {
      return JSON.parse(text) as KeyRecord[];
    } catch (cause) {
      const message = `The API keys in ${path} cannot be read: the file is damaged. Restore it from a backup; if there is none, delete it and create new keys.`;
      throw new VwmpError('STORE_CORRUPT', message, { cause, details: { path }, retryable: false });
    }
  };

  /** Changes one key, all or nothing. @returns how it is then; undefined when there is none */
  const change = (
    aim: string,
    id: string,
    how: (key: KeyRecord) => KeyRecord,
  ): Promise<KeyRecord | undefined> =>
    gate.run(() =>
      touching(`${aim} an API key`, path, () =>
        exclusive(async (check) => {
          const keys = await read();
          const index = keys.findIndex((key) => key.id === id);
          const key = keys[index];
          if (!key) return undefined;
          const changed = how(key);
          await check();
          await putValue(path, keys.with(index, changed), { durable: true });
          return changed;
        }),
      ),
    );

  return {
    open: gate.open,
    close: gate.close,
    add(key) {
      const given = structuredClone(key);
      return gate.run(() =>
        touching('add an API key', path, () =>
          exclusive(async (check) => {
            const keys = await read();
            if (keys.some(({ id }) => id === given.id)) throw keyExists(given.id);
            await check();
            await putValue(path, [...keys, given], { durable: true });
          }),
        ),
      );
    },
    get: (id) =>
      gate.run(() =>
        touching('read the API keys', path, async () => (await read()).find((key) => key.id === id)),
      ),
    list: (query) =>
      gate.run(() => touching('read the API keys', path, async () => listKeys(await read(), query))),
    revoke: (id, at) => change('revoke', id, (key) => revoked(key, at)),
    async used(id, at) {
      await change('note the use of', id, (key) => used(key, at));
    },
  };
}
