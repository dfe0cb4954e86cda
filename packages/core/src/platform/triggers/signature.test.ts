import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { signatureFault } from './signature.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const sign = (secret: string | Uint8Array, text: string, form: 'hex' | 'base64' = 'hex'): string =>
  createHmac('sha256', secret).update(text).digest(form);

function check(
  scheme: string | undefined,
  headers: Record<string, string>,
  body: string,
  secret: string,
  now = Date.now(),
): string | undefined {
  return signatureFault(scheme, { headers, body: bytes(body), now }, secret);
}

describe('GitHub', () => {
  // The example of its documentation.
  const secret = "It's a Secret to Everybody";
  const body = 'Hello, World!';
  const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';

  test('what is signed as its documentation says is right', () => {
    expect(check(undefined, { 'x-hub-signature-256': signature }, body, secret)).toBeUndefined();
    expect(check('github', { 'x-hub-signature-256': signature }, body, secret)).toBeUndefined();
  });

  test.each([
    ['is missing', {}],
    ['is empty', { 'x-hub-signature-256': '' }],
    ['has no algorithm', { 'x-hub-signature-256': signature.slice(7) }],
    ['is of another algorithm', { 'x-hub-signature-256': signature.replace('sha256', 'sha1') }],
    ['is cut', { 'x-hub-signature-256': signature.slice(0, -1) }],
    ['is longer', { 'x-hub-signature-256': `${signature}0` }],
    ['is no hex', { 'x-hub-signature-256': signature.replace('757', 'zzz') }],
    ['stands in another header', { 'x-hub-signature': signature }],
  ])('a signature that %s is wrong', (_name, headers) => {
    expect(check('github', headers, body, secret)).toMatch(/^has/);
  });
});

describe('another header', () => {
  test.each([
    ['hex', (s: string) => sign('key', s)],
    ['hex after sha256=', (s: string) => `sha256=${sign('key', s)}`],
    ['Base64', (s: string) => sign('key', s, 'base64')],
    ['Base64 after sha256=', (s: string) => `sha256=${sign('key', s, 'base64')}`],
  ])('may have the signature in %s', (_name, make) => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (body, other) => {
        const headers = { 'x-gitea-signature': make(body) };
        expect(check('X-Gitea-Signature', headers, body, 'key')).toBeUndefined();
        if (other !== body) expect(check('X-Gitea-Signature', headers, other, 'key')).toMatch(/^has/);
        expect(check('X-Gitea-Signature', headers, body, 'other')).toMatch(/^has/);
      }),
    );
  });
});

describe('Standard Webhooks', () => {
  // The example that its libraries are tested with.
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const body = '{"test": 2432232314}';
  const sent = 1_614_265_330;
  const headers = {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': String(sent),
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  };
  const now = sent * 1000;

  test('the published example is right, with the prefix of the secret and without', () => {
    expect(check(undefined, headers, body, secret, now)).toBeUndefined();
    expect(check('standard', headers, body, secret.slice(6), now)).toBeUndefined();
  });

  test('one right signature among several is enough', () => {
    const several = `v1a,xxx v1,${'A'.repeat(43)}= ${headers['webhook-signature']} v2,yyy`;
    expect(
      check('standard', { ...headers, 'webhook-signature': several }, body, secret, now),
    ).toBeUndefined();
  });

  test.each([
    ['another id', { 'webhook-id': 'msg_other' }],
    ['another time', { 'webhook-timestamp': String(sent + 1) }],
    ['no time', { 'webhook-timestamp': 'now' }],
    ['another version', { 'webhook-signature': headers['webhook-signature'].replace('v1', 'v2') }],
    ['no signature', { 'webhook-signature': '' }],
    ['half a signature', { 'webhook-signature': headers['webhook-signature'].slice(0, 20) }],
  ])('%s is wrong', (_name, change) => {
    expect(check('standard', { ...headers, ...change }, body, secret, now)).toMatch(/^has/);
  });

  test('each of the headers is needed, and another body is wrong', () => {
    for (const name of Object.keys(headers)) {
      const { [name as 'webhook-id']: _, ...rest } = headers;
      expect(check('standard', rest, body, secret, now)).toMatch(/^has not all/);
    }
    expect(check('standard', headers, '{"test": 1}', secret, now)).toMatch(/^has a wrong/);
  });

  test('a copy that comes five minutes later, or earlier, is refused', () => {
    for (const seconds of [-300, 0, 300])
      expect(check('standard', headers, body, secret, now + seconds * 1000)).toBeUndefined();
    for (const seconds of [-301, 301, 1e9])
      expect(check('standard', headers, body, secret, now + seconds * 1000)).toMatch(
        /^was sent .* it may be a copy$/,
      );
  });

  test('what GitHub would sign with the same secret says nothing here', () => {
    const github = { 'x-hub-signature-256': `sha256=${sign(secret, body)}` };
    expect(check(undefined, github, body, secret, now)).toMatch(/^has not all/);
  });
});
