import { createMemoryStorage } from '@vwmp/core/memory';
import type { KeyStore, Storage } from '@vwmp/core/ports';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createApiKey, hashOf, isHashOf, parseApiKey } from './api-key.ts';
import { type Authenticator, createAuthenticator, keyTrust } from './authenticate.ts';
import { readFixedKeys } from './fixed-keys.ts';
import type { Role } from './roles.ts';

let storage: Storage;
let now: number;

beforeEach(async () => {
  now = Date.parse('2030-01-01T00:00:00Z');
  storage = createMemoryStorage();
  await storage.open();
});
afterEach(async () => {
  await storage.close();
  vi.restoreAllMocks();
});

const authenticator = (auth: 'keys' | 'none' = 'keys', keys: KeyStore = storage.keys): Authenticator =>
  createAuthenticator({
    keys,
    auth,
    now: () => now,
    fixed: readFixedKeys([`ci:executor:${'k'.repeat(32)}`]),
  });
const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });
const iso = (at: number): string => new Date(at).toISOString();

async function newKey(role: Role = 'editor', expires_at?: string): Promise<string> {
  const { text, record } = createApiKey({
    ...{ name: 'someone', role, created_at: iso(now) },
    ...(expires_at !== undefined && { expires_at }),
  });
  await storage.keys.add(record);
  return text;
}

test('a key has 256 random bits, and only its hash is kept', async () => {
  const keys = Array.from({ length: 50 }, () =>
    createApiKey({ name: 'n', role: 'viewer', created_at: iso(now) }),
  );
  for (const { text, record } of keys) {
    const { id, secret } = parseApiKey(text)!;
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(record).toEqual({ id, name: 'n', role: 'viewer', hash: hashOf(secret), created_at: iso(now) });
    expect(JSON.stringify(record)).not.toContain(secret);
  }
  expect(new Set(keys.map(({ text }) => text)).size).toBe(50);
  expect(new Set(keys.map(({ record }) => record.id)).size).toBe(50);
});

test('whoever shows a key is who it belongs to', async () => {
  const text = await newKey('executor');
  const { id } = parseApiKey(text)!;
  const expected = { id, name: 'someone', role: 'executor' };
  const { authenticate } = authenticator();
  for (const headers of [bearer(text), { authorization: `bearer  ${text} ` }, new Headers(bearer(text))])
    expect(await authenticate(headers, '10.0.0.1')).toEqual(expected);
});

test('without a key nobody gets in, and a wrong one says nothing of what is wrong', async () => {
  const text = await newKey();
  const { id, secret } = parseApiKey(text)!;
  const { authenticate } = authenticator();
  await expect(authenticate({}, undefined)).rejects.toMatchObject({ code: 'API_KEY_MISSING' });
  const wrong = [
    '',
    'x',
    text.slice(0, -1),
    `${text}A`,
    text.toUpperCase(),
    `vwmp_${id}_${'A'.repeat(43)}`,
    `vwmp_${'a'.repeat(12)}_${secret}`,
    `vwmp_${id}_`,
    hashOf(secret),
    `vwmp_${id}_${hashOf(secret)}`,
    '__proto__',
    'k'.repeat(31),
  ];
  const messages = new Set<string>();
  for (const key of wrong) {
    const error = await authenticate(bearer(key), undefined).catch((thrown: unknown) => thrown);
    expect(error, key).toMatchObject({ code: 'API_KEY_INVALID' });
    messages.add((error as Error).message);
  }
  expect([...messages]).toEqual(['The API key is not known here.']);
  for (const authorization of ['Basic abc', text, `Token ${text}`, `Bearer ${text} ${text}`])
    await expect(authenticate({ authorization }, undefined)).rejects.toMatchObject({
      code: 'API_KEY_INVALID',
    });
  // A key in the address or in a cookie is none.
  await expect(authenticate({ cookie: text, 'x-api-key': text }, undefined)).rejects.toMatchObject({
    code: 'API_KEY_MISSING',
  });
});

test('secrets are compared in a time that does not depend on them', () => {
  const crypto = process.getBuiltinModule('node:crypto');
  const compare = vi.spyOn(crypto, 'timingSafeEqual');
  expect(isHashOf(hashOf('a'), 'a')).toBe(true);
  expect(isHashOf(hashOf('a'), 'b')).toBe(false);
  expect(compare).toHaveBeenCalledTimes(2);
  expect(isHashOf('', 'b')).toBe(false);
});

test('keys that were revoked or have expired are refused', async () => {
  const text = await newKey('viewer', iso(now + 60_000));
  const { authenticate } = authenticator();
  await authenticate(bearer(text), undefined);
  now += 60_000;
  await expect(authenticate(bearer(text), undefined)).rejects.toThrow('has expired');
  const other = await newKey();
  await storage.keys.revoke(parseApiKey(other)!.id, iso(now));
  await expect(authenticate(bearer(other), undefined)).rejects.toThrow('was revoked');
});

test('a revoked key is refused after five seconds at the latest, with one question to the store until then', async () => {
  const text = await newKey();
  const get = vi.spyOn(storage.keys, 'get');
  const { authenticate } = authenticator();
  await Promise.all(Array.from({ length: 20 }, () => authenticate(bearer(text), undefined)));
  expect(get).toHaveBeenCalledTimes(1);
  await storage.keys.revoke(parseApiKey(text)!.id, iso(now));
  now += keyTrust;
  await expect(authenticate(bearer(text), undefined)).rejects.toMatchObject({ code: 'API_KEY_INVALID' });
  expect(get).toHaveBeenCalledTimes(2);
  expect(keyTrust).toBeLessThanOrEqual(5000);
});

test('made-up keys are not remembered, and push none out that is', async () => {
  const text = await newKey();
  const get = vi.spyOn(storage.keys, 'get');
  const { authenticate } = authenticator();
  await authenticate(bearer(text), undefined);
  for (let n = 0; n < 2000; n++) {
    const { text: made } = createApiKey({ name: 'n', role: 'admin', created_at: iso(now) });
    await expect(authenticate(bearer(made), undefined)).rejects.toMatchObject({ code: 'API_KEY_INVALID' });
  }
  get.mockClear();
  await authenticate(bearer(text), undefined);
  expect(get).not.toHaveBeenCalled();
});

test('nobody gets in while the store is away, and what it said then is not remembered', async () => {
  const text = await newKey();
  let away = true;
  const keys: KeyStore = {
    ...storage.keys,
    get: (id) => (away ? Promise.reject(new Error('away')) : storage.keys.get(id)),
  };
  const { authenticate } = authenticator('keys', keys);
  await expect(authenticate(bearer(text), undefined)).rejects.toThrow('away');
  away = false;
  expect((await authenticate(bearer(text), undefined)).name).toBe('someone');
});

test('the last use is noted once a minute', async () => {
  const text = await newKey();
  const { id } = parseApiKey(text)!;
  const used = vi.spyOn(storage.keys, 'used');
  const { authenticate } = authenticator();
  for (let n = 0; n < 12; n++) {
    await authenticate(bearer(text), undefined);
    now += 10_000;
  }
  expect(used).toHaveBeenCalledTimes(2);
  expect((await storage.keys.get(id))?.last_used_at).toBe(iso(Date.parse('2030-01-01T00:01:00Z')));
});

test('keys of the settings are as good as stored ones', async () => {
  const { authenticate } = authenticator();
  expect(await authenticate(bearer('k'.repeat(32)), undefined)).toEqual({
    ...{ id: 'env:ci', name: 'ci', role: 'executor' },
  });
});

test('without authentication everyone is "local", but for those who show a key', async () => {
  const text = await newKey('viewer');
  const { authenticate } = authenticator('none');
  const local = { id: 'local', name: 'local', role: 'admin' };
  expect(await authenticate({}, '127.0.0.1')).toEqual(local);
  expect(await authenticate({ authorization: 'Basic abc' }, '127.0.0.1')).toEqual(local);
  expect((await authenticate(bearer(text), '127.0.0.1')).role).toBe('viewer');
  await expect(authenticate(bearer(`vwmp_${'a'.repeat(12)}_x`), '127.0.0.1')).rejects.toMatchObject({
    code: 'API_KEY_INVALID',
  });
});
