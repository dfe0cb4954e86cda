/**
 * Checks the signature that GitHub and others send as `X-Hub-Signature-256`: `sha256=` and the HMAC-SHA-256 of the body in hex
 * (https://docs.github.com/webhooks, "Validating webhook deliveries"). Takes the same time wherever they differ.
 *
 * @param body - the bytes as they came
 */
export function isSigned(body: Uint8Array, signature: string | undefined, secret: string): boolean {
  const { createHmac, timingSafeEqual } = process.getBuiltinModule('node:crypto');
  const expected = createHmac('sha256', secret).update(body).digest();
  const given = /^sha256=([0-9a-f]{64})$/i.exec(signature ?? '')?.[1];
  // Also without a readable signature the comparison takes place.
  const bytes = Buffer.from(given ?? '00'.repeat(expected.length), 'hex');
  return timingSafeEqual(expected, bytes) && given !== undefined;
}
