import { hasCode, VwmpError } from '../errors.ts';
import type { SecretSettings } from '../settings/read-settings.ts';
import { textOf } from './text-of.ts';

/** Where the key for what is kept encrypted comes from. */
export interface KeySource {
  /** The file that holds it; missing where the settings give the key, and where there is no place for a file. */
  readonly file?: string;
  /** For what was encrypted before: another key than that one is of no use. @returns undefined when there is none */
  read(): string | undefined;
  /**
   * For what is to be encrypted: the file is made on first use.
   *
   * @returns undefined when there is no place for it
   * @throws ENCRYPTION_KEY_MISSING as {@link KeySource.check}
   */
  readOrMake(): string | undefined;
  /**
   * Looks whether the key that the secrets were encrypted with is gone: one that is made on first use would open nothing of them, and
   * stand in its way when it is found.
   *
   * @throws ENCRYPTION_KEY_MISSING
   */
  check(): void;
}

/**
 * Where the key for secret parameters comes from: the settings, or, where everything lies on one machine, a file beside the
 * database that is made on first use and that only its owner can read. So a copy of the database gives no secret away,
 * and a single process needs no setting. Several machines would need the same one: for them there is no file.
 */
export function encryptionKeySource({ encryptionKey, database, secretsFile }: SecretSettings): KeySource {
  const { backend, path } = database;
  const given = (): string | undefined => encryptionKey;
  if (encryptionKey !== undefined || path === undefined || (backend !== 'sqlite' && backend !== 'file'))
    return { read: given, readOrMake: given, check() {} };
  const file = backend === 'sqlite' ? `${path}.key` : paths().join(path, 'encryption.key');
  let key: string | undefined;
  const source: KeySource = {
    file,
    read() {
      key ??= readKey(file);
      return key;
    },
    readOrMake() {
      if (source.read() === undefined) {
        source.check();
        key = makeKey(file);
      }
      return key;
    },
    check() {
      // In this order: who makes both makes the key first.
      if (!fileSystem().existsSync(secretsFile) || fileSystem().existsSync(file)) return;
      const what = `The secrets in ${secretsFile}`;
      const lost = `If it is lost, delete ${secretsFile} and set the secrets again. No new key is made before.`;
      throw keyLost(what, source, lost);
    },
  };
  return source;
}

/**
 * Decrypts with the key as it is, or else with and without a line feed at its end: a file that was written by hand has one,
 * and `$(cat FILE)` takes it away.
 *
 * @throws what the first attempt threw
 */
export function withKey<T>(key: string, decrypt: (key: string) => T): T {
  try {
    return decrypt(key);
  } catch (error) {
    for (const other of [key.trim(), `${key.trim()}\n`])
      try {
        return decrypt(other);
      } catch {
        // The first one is the one that was given.
      }
    throw error;
  }
}

/**
 * @param what - that cannot be read, as nobody has the key any more that it was encrypted with
 * @param more - what else there is to do
 */
export function keyLost(what: string, source: KeySource, more = ''): VwmpError {
  const { file } = source;
  const where = file === undefined ? 'VWMP_ENCRYPTION_KEY is not set' : `there is no file ${file}`;
  return keyMissing(
    `${what} cannot be read, as the key that they were encrypted with is not here: ${where}. ${keyAdvice(source)} ${more}`.trimEnd(),
  );
}

/** @param what - that is to be encrypted, where there was never a key */
export function noKey(what: string): VwmpError {
  return keyMissing(
    `${what}, and there is no key. Set VWMP_ENCRYPTION_KEY to a long random text, the same for every process.`,
  );
}

function keyMissing(message: string, cause?: unknown): VwmpError {
  return new VwmpError('ENCRYPTION_KEY_MISSING', message, { cause, retryable: false });
}

/** Looked up on first use: most programs never encrypt anything, and the module costs 1.4 MB. */
export function crypto(): typeof import('node:crypto') {
  return process.getBuiltinModule('node:crypto');
}

export function fileSystem(): typeof import('node:fs') {
  return process.getBuiltinModule('node:fs');
}

export function paths(): typeof import('node:path') {
  return process.getBuiltinModule('node:path');
}

/** For a message: the key that there is. */
export function whichKey({ file }: KeySource): string {
  return file === undefined ? 'VWMP_ENCRYPTION_KEY' : `the one in ${file}`;
}

/** What to do where a key is missing. */
export function keyAdvice({ file }: KeySource): string {
  return file === undefined
    ? 'Set VWMP_ENCRYPTION_KEY to it, the same for every process.'
    : `Put it back there, or set VWMP_ENCRYPTION_KEY to it.`;
}

function readKey(file: string): string | undefined {
  try {
    const key = fileSystem().readFileSync(file, 'utf8');
    if (key.trim() === '') throw new Error('the file is empty');
    return key;
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return undefined;
    throw unusable('read', file, cause);
  }
}

/** Several processes may come here at once: the first one's key is everyone's. */
function makeKey(file: string): string | undefined {
  const fs = fileSystem();
  const { randomBytes } = crypto();
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    // The key may be wanted before the database.
    fs.mkdirSync(paths().dirname(file), { recursive: true });
    fs.writeFileSync(draft, randomBytes(32).toString('base64url'), {
      mode: 0o600,
      flag: 'wx',
      flush: true,
    });
    try {
      // Linking fails when it is there, and never shows a file that is half written.
      fs.linkSync(draft, file);
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    } finally {
      fs.unlinkSync(draft);
    }
  } catch (cause) {
    throw unusable('made', file, cause);
  }
  return readKey(file);
}

function unusable(what: 'read' | 'made', file: string, cause: unknown): VwmpError {
  const how = what === 'made' ? 'Make the folder writable' : 'Make it readable';
  const message = `The key for secret parameters cannot be ${what} at ${file}: ${textOf(cause)}. ${how}, or set VWMP_ENCRYPTION_KEY.`;
  return keyMissing(message, cause);
}
