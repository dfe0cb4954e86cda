import type { KeyRecord } from '@vwmp/core/ports';
import type { Role } from './roles.ts';

/** Looked up on first use: most processes never see a key, and the module costs 1.4 MB. */
const crypto = (): typeof import('node:crypto') => process.getBuiltinModule('node:crypto');

const form = /^vwmp_([a-z0-9]{12})_([A-Za-z0-9_-]{43})$/;
const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

export interface NewKey {
  name: string;
  role: Role;
  /** ISO 8601. */
  created_at: string;
  expires_at?: string;
}

/** Makes a key: what its owner gets, once, and what is kept. `vwmp_ID_SECRET`, with 256 random bits in the secret. */
export function createApiKey(given: NewKey): { text: string; record: KeyRecord } {
  const { randomBytes, randomInt } = crypto();
  const id = Array.from({ length: 12 }, () => alphabet[randomInt(alphabet.length)]).join('');
  const secret = randomBytes(32).toString('base64url');
  const { name, role, created_at, expires_at } = given;
  const record = {
    ...{ id, name, role, hash: hashOf(secret), created_at },
    ...(expires_at !== undefined && { expires_at }),
  };
  return { text: `vwmp_${id}_${secret}`, record };
}

/** The parts of a key; undefined for what is none. */
export function parseApiKey(text: string): { id: string; secret: string } | undefined {
  const [, id, secret] = form.exec(text) ?? [];
  return id !== undefined && secret !== undefined ? { id, secret } : undefined;
}

/**
 * SHA-256, once. A slow hash (scrypt, Argon2) makes up for secrets that can be guessed; nobody guesses 256 random bits, and it would
 * cost every request a tenth of a second.
 */
export function hashOf(secret: string): string {
  return crypto().createHash('sha256').update(secret).digest('base64url');
}

/** Whether a hash is that of a secret, in a time that says nothing of how much of it is right. */
export function isHashOf(hash: string, secret: string): boolean {
  const expected = Buffer.from(hash);
  const given = Buffer.from(hashOf(secret));
  return expected.length === given.length && crypto().timingSafeEqual(expected, given);
}
