import type { JsonValue } from '../model/json.ts';
import { crypto } from './encryption-key.ts';

const ivLength = 12;
const tagLength = 16;

/** What is shorter was not encrypted here, in bytes. */
export const shortest: number = ivLength + tagLength;

/**
 * Derives a key by HKDF-SHA-256 (RFC 5869).
 *
 * @param purpose - a key for one thing is none for another
 */
export function deriveKey(secret: string, purpose: string): Uint8Array {
  return new Uint8Array(crypto().hkdfSync('sha256', secret, '', purpose, 32));
}

/**
 * Encrypts JSON with AES-256-GCM (NIST SP 800-38D).
 *
 * @param about - is not kept, and needed again
 * @returns as base64
 */
export function encrypt(content: object, key: Uint8Array, about = ''): string {
  const iv = crypto().randomBytes(ivLength);
  const cipher = crypto().createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(about));
  const text = Buffer.concat([cipher.update(JSON.stringify(content), 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64');
}

/** @throws when it was encrypted with another key or about something else, or changed since */
export function decrypt(bytes: Uint8Array, key: Uint8Array, about = ''): JsonValue {
  const decipher = crypto()
    .createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivLength))
    .setAAD(Buffer.from(about))
    .setAuthTag(bytes.subarray(ivLength, shortest));
  const text = [decipher.update(bytes.subarray(shortest)), decipher.final()];
  return JSON.parse(Buffer.concat(text).toString('utf8')) as JsonValue;
}
