import { VwmpError } from '../errors.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import type { SecretSettings } from '../settings/read-settings.ts';
import { decrypt, deriveKey, encrypt } from './cipher.ts';
import {
  crypto,
  encryptionKeySource,
  type KeySource,
  keyAdvice,
  keyLost,
  noKey,
  whichKey,
  withKey,
} from './encryption-key.ts';

/** What the history of an execution must not show. */
export interface Sealed {
  /** As they were given, where the history shows `***`. */
  parameters: JsonObject;
  /** As it was given, where the history shows `***` in it. */
  trigger?: JsonValue;
  /** What is to be replaced by `***`. */
  secrets: string[];
}

/** Encrypts and decrypts what must outlive the process and must not be read. */
export interface Sealer {
  /** @throws ENCRYPTION_KEY_MISSING */
  seal(content: Sealed): string;
  /** Makes no key. @throws ENCRYPTION_KEY_MISSING; ENCRYPTION_KEY_WRONG when it was sealed with another key, or changed since */
  open(sealed: string): Sealed;
  /** The same for the same text, and of no use to whoever does not have the key. @throws ENCRYPTION_KEY_MISSING */
  digest(text: string): string;
}

const version = 'v1';

/**
 * Seals under a key that is derived from the one of the settings.
 *
 * @param source - asked on first use; what it gives is long and random: whoever has it and the database can read the secrets
 */
export function createSealer(source: KeySource): Sealer {
  let derived: Uint8Array | undefined;
  const derive = (secret: string): Uint8Array => deriveKey(secret, 'vwmp sealed parameters');
  const keyToSeal = (): Uint8Array => {
    const secret = source.readOrMake();
    if (secret === undefined)
      throw noKey('The execution has secret parameters, which are kept encrypted until it ends');
    derived ??= derive(secret);
    return derived;
  };
  return {
    seal: (content) => `${version}.${encrypt(content, keyToSeal())}`,
    digest: (text) => crypto().createHmac('sha256', keyToSeal()).update(text).digest('base64url'),
    open(sealed) {
      // A new one would open nothing, and stand in the way of the right one.
      const given = source.read();
      if (given === undefined) throw keyLost('Secret parameters', source);
      try {
        const [prefix, body = ''] = sealed.split('.');
        if (prefix !== version) throw new Error(`unknown version ${prefix}`);
        const bytes = Buffer.from(body, 'base64');
        return withKey(given, (secret) => {
          const key = secret === given ? keyToSeal() : derive(secret);
          return decrypt(bytes, key) as unknown as Sealed;
        });
      } catch (cause) {
        const message = `Secret parameters cannot be read: ${whichKey(source)} is not the key that they were encrypted with. ${keyAdvice(source)}`;
        throw new VwmpError('ENCRYPTION_KEY_WRONG', message, { cause, retryable: false });
      }
    },
  };
}

/**
 * Looks whether something sealed can be opened by a platform of these settings.
 *
 * @throws ENCRYPTION_KEY_MISSING, ENCRYPTION_KEY_WRONG
 */
export function checkSealed(settings: SecretSettings, sealed: string): void {
  createSealer(encryptionKeySource(settings)).open(sealed);
}
