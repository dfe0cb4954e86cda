import { hasCode, VwmpError } from '../errors.ts';
import type { SecretSource } from '../ports/secret-source.ts';
import type { SecretSettings } from '../settings/read-settings.ts';
import { decrypt, deriveKey, encrypt, shortest } from './cipher.ts';
import {
  crypto,
  encryptionKeySource,
  fileSystem,
  keyLost,
  noKey,
  paths,
  whichKey,
  withKey,
} from './encryption-key.ts';
import { textOf } from './text-of.ts';

/** Secrets that are kept in a file, encrypted, names included. */
export interface SecretFile extends SecretSource {
  /**
   * @throws ENCRYPTION_KEY_MISSING, ENCRYPTION_KEY_WRONG, STORE_CORRUPT; STORE_FULL, STORE_UNAVAILABLE where nothing can be written;
   * VALUE_INVALID for a name that none can have
   */
  set(name: string, value: string): Promise<void>;
  /** Sorted names. @throws as {@link SecretFile.set} */
  names(): string[];
  /** @returns false when there is none of this name @throws as {@link SecretFile.set} */
  remove(name: string): Promise<boolean>;
}

const version = 'vwmp-secrets-v1';
const nameForm = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;
/** How often the file is looked at, in milliseconds: a change counts after this time at the latest. */
const lookPause = 1000;

/**
 * The file of secrets that the settings name: `vwmp secrets` writes it, platforms read it. It is read when a secret is first asked for,
 * and again when it was changed. The file is encrypted as a whole: it tells nothing but its length, and nothing of it can be exchanged.
 */
export function createSecretFile(settings: SecretSettings): SecretFile {
  const path = settings.secretsFile;
  const source = encryptionKeySource(settings);
  let derived: Uint8Array | undefined;
  let known: Readonly<Record<string, string>> = {};
  let seen = '';
  let looked = Number.NEGATIVE_INFINITY;

  const keyToEncrypt = (): Uint8Array => {
    const secret = source.readOrMake();
    if (secret === undefined) throw noKey(`The secrets in ${path} are to be encrypted`);
    return deriveKey(secret, version);
  };

  const toText = (secrets: Readonly<Record<string, string>>): string =>
    `${version}\n${encrypt(secrets, derived ?? keyToEncrypt(), version)}\n`;

  const fromText = (text: string): Record<string, string> => {
    const [head, body = ''] = text.split('\n');
    const bytes = Buffer.from(body, 'base64');
    if (head !== version || bytes.length < shortest) {
      const message = `${path} is no file of secrets, or is damaged. Restore it from a backup, or delete it and set the secrets again.`;
      throw new VwmpError('STORE_CORRUPT', message, { details: { path }, retryable: false });
    }
    // A new one would decrypt nothing, and stand in the way of the right one.
    const given = source.read();
    if (given === undefined) throw keyLost(`The secrets in ${path}`, source);
    try {
      return withKey(given, (secret) => {
        const key = deriveKey(secret, version);
        const secrets = decrypt(bytes, key, version);
        // What it is changed to is encrypted with the same one.
        derived = key;
        return Object.assign(Object.create(null), secrets) as Record<string, string>;
      });
    } catch (cause) {
      const message = `The secrets in ${path} cannot be read: they were encrypted with another key than ${whichKey(source)}, or the file was changed. Set VWMP_ENCRYPTION_KEY to the key that they were set with.`;
      throw new VwmpError('ENCRYPTION_KEY_WRONG', message, { cause, retryable: false });
    }
  };

  /** What is in the file now; nothing when there is none. */
  const read = (): Readonly<Record<string, string>> => {
    const fs = fileSystem();
    try {
      const { mtimeMs, size, ino } = fs.statSync(path);
      const version = `${mtimeMs}:${size}:${ino}`;
      if (version !== seen) {
        known = fromText(fs.readFileSync(path, 'utf8'));
        seen = version;
      }
      // Not where there is none, as at most starts: what tells the time takes 1.2 MB to load.
      looked = performance.now();
    } catch (error) {
      seen = '';
      if (!hasCode(error, 'ENOENT') && !hasCode(error, 'ENOTDIR')) throw unreadable(error, path);
      known = {};
      derived = undefined;
    }
    return known;
  };

  /** One process at a time changes it, and whoever reads it sees what was there before or all of the new. */
  const change = async <T>(how: (secrets: Record<string, string>) => T): Promise<T> => {
    const fs = fileSystem();
    const { makeFolder, touching, withLock } = await import('../adapters/file/lock.ts');
    const write = async (): Promise<T> => {
      // Whatever is known: another process may have changed it a moment ago.
      seen = '';
      const secrets: Record<string, string> = Object.assign(Object.create(null), read());
      const result = how(secrets);
      const draft = `${path}.${process.pid}.${crypto().randomBytes(4).toString('hex')}`;
      try {
        // A file without a secret would still ask for its key.
        if (Object.keys(secrets).length === 0) fs.rmSync(path, { force: true });
        else {
          fs.writeFileSync(draft, toText(secrets), { mode: 0o600, flag: 'wx', flush: true });
          fs.renameSync(draft, path);
        }
      } finally {
        fs.rmSync(draft, { force: true });
      }
      looked = Number.NEGATIVE_INFINITY;
      return result;
    };
    return touching('write the secrets', path, async () => {
      await makeFolder(paths().dirname(path));
      return withLock(`${path}.lock`, write);
    });
  };

  return {
    get(name) {
      const secrets = performance.now() - looked < lookPause ? known : read();
      return secrets[name] ?? secrets[name.toUpperCase()];
    },
    async set(name, value) {
      if (!nameForm.test(name) || name === '__proto__') {
        const message = `A secret has a name of letters, digits and "_" that does not begin with a digit, up to 128 of them.`;
        throw new VwmpError('VALUE_INVALID', message, { retryable: false });
      }
      await change((secrets) => {
        secrets[name] = value;
      });
    },
    names: () => Object.keys(read()).sort(),
    async remove(name) {
      if (!Object.hasOwn(read(), name)) return false;
      return change((secrets) => delete secrets[name]);
    },
  };
}

/**
 * Looks whether the file of secrets can be read with the key of these settings, where there is one. A platform says so with the first
 * secret that it needs, and makes no other key before; a program that is to end at once instead asks before.
 *
 * @throws ENCRYPTION_KEY_MISSING, ENCRYPTION_KEY_WRONG
 */
export function checkEncryptionKey(settings: SecretSettings): void {
  encryptionKeySource(settings).check();
  try {
    createSecretFile(settings).names();
  } catch (error) {
    // What else is wrong with the file is up to whoever needs a secret.
    if (/^ENCRYPTION_KEY_/.test((error as VwmpError).code)) throw error;
  }
}

function unreadable(error: unknown, path: string): unknown {
  if (error instanceof VwmpError) return error;
  const message = `The secrets in ${path} cannot be read: ${textOf(error)}.`;
  return new VwmpError('STORE_UNAVAILABLE', message, { cause: error, details: { path } });
}

/** Asks several sources in turn. @throws VALUE_INVALID for what is no source, such as a mapping */
export function firstOf(...sources: readonly (SecretSource | undefined)[]): SecretSource {
  if (sources.some((source) => source && !source.get))
    throw new VwmpError('VALUE_INVALID', 'The option "secrets" has no function "get". Give a Map.');
  return {
    get(name) {
      for (const source of sources) {
        const secret = source?.get(name);
        if (secret !== undefined) return secret;
      }
      return undefined;
    },
    names: () => [...new Set(sources.flatMap((source) => source?.names?.() ?? []))],
  };
}
