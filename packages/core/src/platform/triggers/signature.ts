/** What a delivery is checked with. */
export interface Signed {
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes as they came. */
  readonly body: Uint8Array;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const gitHubHeader = 'x-hub-signature-256';
/** Begins the secrets of Standard Webhooks; the rest is their key in Base64. */
const standardPrefix = 'whsec_';
/** So far the clock of the sender may be off, and so old a delivery may be, in seconds. */
const tolerance = 300;

/**
 * Says what is wrong with the signature of a delivery; undefined when it is right. All comparisons take the same time wherever they
 * differ.
 *
 * - `github`: `X-Hub-Signature-256`, which is `sha256=` and the HMAC-SHA-256 of the body in hex
 *   (https://docs.github.com/webhooks, "Validating webhook deliveries")
 * - `standard`: Standard Webhooks (https://www.standardwebhooks.com), with the time at which it was sent
 * - any other: the header of that name, with the HMAC-SHA-256 of the body in hex or Base64, after `sha256=` or not
 *
 * @param scheme - undefined: {@link schemeOf} says which
 */
export function signatureFault(
  scheme: string | undefined,
  signed: Signed,
  secret: string,
): string | undefined {
  const chosen = schemeOf(scheme, secret);
  if (chosen === 'standard') return standardFault(signed, secret);
  const name = chosen === 'github' ? gitHubHeader : chosen.toLowerCase();
  const given = signed.headers[name];
  const right = isOneOf(hmac(secret, [signed.body]), [decode(given, chosen !== 'github')]);
  if (right) return undefined;
  return given === undefined
    ? `has no header ${chosen === 'github' ? 'X-Hub-Signature-256' : chosen}`
    : wrong;
}

/** The scheme that a trigger means: without one `standard` for a secret that begins with `whsec_`, else `github`. */
export function schemeOf(scheme: string | undefined, secret: string): string {
  return scheme ?? (secret.startsWith(standardPrefix) ? 'standard' : 'github');
}

/** The header that a scheme reads, in lower case: it is not passed on. */
export function signatureHeader(scheme: string | undefined): string {
  return scheme === undefined || scheme === 'github' ? gitHubHeader : scheme.toLowerCase();
}

const wrong = 'has a wrong signature';

function standardFault({ headers, body, now }: Signed, secret: string): string | undefined {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers;
  if (id === undefined || timestamp === undefined || signatures === undefined)
    return 'has not all of the headers webhook-id, webhook-timestamp and webhook-signature';
  if (!/^\d{1,12}$/.test(timestamp)) return 'has a webhook-timestamp that is no number of seconds';
  const key = Buffer.from(
    secret.startsWith(standardPrefix) ? secret.slice(standardPrefix.length) : secret,
    'base64',
  );
  // While a sender changes its secret there are several; those that begin otherwise are made in other ways.
  const given = signatures
    .split(' ')
    .filter((each) => each.startsWith('v1,'))
    .slice(0, 20);
  const expected = hmac(key, [Buffer.from(`${id}.${timestamp}.`), body]);
  if (
    !isOneOf(
      expected,
      given.map((each) => decode(each.slice(3), true)),
    )
  )
    return wrong;
  // Said only to whoever knows the secret.
  const off = Math.abs(now / 1000 - Number(timestamp));
  return off > tolerance
    ? `was sent ${Math.round(off)} seconds before or after it came: it may be a copy`
    : undefined;
}

/** @returns 32 bytes, or none when it is no signature */
function decode(text = '', base64: boolean): Uint8Array {
  const bare = text.replace(/^sha256=/i, base64 ? '' : '$&');
  const hex = (base64 ? /^([0-9a-f]{64})$/i : /^sha256=([0-9a-f]{64})$/i).exec(bare)?.[1];
  if (hex !== undefined) return Buffer.from(hex, 'hex');
  return base64 && /^[A-Za-z0-9+/]{43}=$/.test(bare) ? Buffer.from(bare, 'base64') : new Uint8Array();
}

function hmac(key: string | Uint8Array, parts: readonly Uint8Array[]): Uint8Array {
  const { createHmac } = process.getBuiltinModule('node:crypto');
  const hash = createHmac('sha256', key);
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function isOneOf(expected: Uint8Array, given: readonly Uint8Array[]): boolean {
  const { timingSafeEqual } = process.getBuiltinModule('node:crypto');
  let found = false;
  for (const each of given) {
    const isDigest = each.length === expected.length;
    // Also without a readable signature the comparison takes place.
    if (timingSafeEqual(expected, isDigest ? each : new Uint8Array(expected.length)) && isDigest)
      found = true;
  }
  return found;
}
