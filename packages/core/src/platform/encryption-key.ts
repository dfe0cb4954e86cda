import { VwmpError } from '../errors.ts';
import type { Settings } from '../settings/settings.ts';

/**
 * Where the key for secret parameters comes from: the settings, or, where everything lies on one machine, a file beside the
 * database that is made on first use and that only its owner can read. So a copy of the database gives no secret away,
 * and a single process needs no setting.
 *
 * @returns a function that gives the key, or undefined when several machines would need the same one
 */
export function encryptionKeySource({ encryptionKey, database }: Settings): () => string | undefined {
  if (encryptionKey !== undefined) return () => encryptionKey;
  const { backend, path } = database;
  if (path === undefined || (backend !== 'sqlite' && backend !== 'file')) return () => undefined;
  const file =
    backend === 'sqlite' ? `${path}.key` : process.getBuiltinModule('node:path').join(path, 'encryption.key');
  let key: string | undefined;
  return () => {
    key ??= readOrMake(file);
    return key;
  };
}

/** Several processes may come here at once: the first one's key is everyone's. */
function readOrMake(file: string): string {
  const fs = process.getBuiltinModule('node:fs');
  const { randomBytes } = process.getBuiltinModule('node:crypto');
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    if (!fs.existsSync(file)) {
      fs.writeFileSync(draft, randomBytes(32).toString('base64url'), {
        mode: 0o600,
        flag: 'wx',
        flush: true,
      });
      try {
        // Linking fails when it is there, and never shows a file that is half written.
        fs.linkSync(draft, file);
      } catch (error) {
        if ((error as { code?: unknown }).code !== 'EEXIST') throw error;
      } finally {
        fs.unlinkSync(draft);
      }
    }
    return fs.readFileSync(file, 'utf8');
  } catch (cause) {
    const message = `The key for secret parameters cannot be read or made at ${file}: ${cause instanceof Error ? cause.message : String(cause)}. Make the folder writable, or set VWMP_ENCRYPTION_KEY.`;
    throw new VwmpError('ENCRYPTION_KEY_MISSING', message, { cause, retryable: false });
  }
}
