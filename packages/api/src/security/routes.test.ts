import type { Platform } from '@vwmp/core/platform';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { VwmpApp } from '../app/app.ts';
import { createHonoApp } from '../app/create-app.ts';
import type { Route } from '../app/route.ts';
import { type OperationName, operations, splitOperation } from '../contract/index.ts';
import { openPlatform } from '../live/testing/platform.ts';
import { routes } from '../routes/index.ts';
import { createApiKey } from './api-key.ts';
import { type Role, roles } from './roles.ts';

let platform: Platform;
let app: VwmpApp;
const keys = new Map<Role, string>();

beforeAll(async () => {
  platform = await openPlatform({}, { VWMP_API_AUTH: 'keys', VWMP_API_RATE: 'off' });
  for (const role of roles) {
    const { text, record } = createApiKey({ name: role, role, created_at: new Date().toISOString() });
    await platform.storage.keys.add(record);
    keys.set(role, text);
  }
  app = createHonoApp(platform);
});
afterAll(() => platform.close());

/** What it says to somebody with this key: 0 unless it is about who may. */
async function refusal(name: OperationName, key: string | undefined): Promise<number> {
  const { method, path } = splitOperation(name);
  const { status } = await app.request(path.replace(/\{\w+\}/g, 'nothing'), {
    method,
    headers: {
      host: 'localhost',
      'content-type': 'application/json',
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
    },
    ...(method !== 'GET' && method !== 'DELETE' && { body: '{}' }),
  });
  return status === 401 || status === 403 ? status : 0;
}

describe.each(Object.keys(operations) as OperationName[])('%s', (name) => {
  const { role: needed } = routes[name] as unknown as Route;

  test('is for nobody without a key, and for those whose role may', async () => {
    expect(await refusal(name, undefined)).toBe(401);
    expect(await refusal(name, 'vwmp_aaaaaaaaaaaa_x')).toBe(401);
    for (const role of roles) {
      const may = roles.indexOf(role) >= roles.indexOf(needed);
      expect(await refusal(name, keys.get(role)), role).toBe(may ? 0 : 403);
    }
  });

  test('changes nothing for viewers, and documents nothing for executors', () => {
    const { method } = splitOperation(name);
    if (method !== 'GET' && name !== 'validateWorkflow') expect(needed).not.toBe('viewer');
    if (/^(create|replace|delete|update)/.test(name)) expect(['editor', 'admin']).toContain(needed);
    if (/Keys?$|^listAudit|^(pause|resume)Queue|^retryDeadLetter/.test(name)) expect(needed).toBe('admin');
  });
});

test('a key that was created works, is shown once, and is refused when it was revoked', async () => {
  const send = async (method: string, path: string, body?: unknown) => {
    const headers = {
      host: 'localhost',
      authorization: `Bearer ${keys.get('admin')}`,
      'content-type': 'application/json',
    };
    const response = await app.request(`/api/vwmp${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, text: await response.text() };
  };
  const created = await send('POST', '/keys/', { name: 'robot', role: 'executor', expires: '1h' });
  expect(created.status).toBe(201);
  const { key, ...shown } = JSON.parse(created.text) as { id: string; key: string };
  expect(shown).toMatchObject({ name: 'robot', role: 'executor', expires_at: expect.any(String) });
  expect(await refusal('executeWorkflow', key)).toBe(0);
  expect(await refusal('createWorkflow', key)).toBe(403);
  const list = await send('GET', '/keys/');
  expect(list.text).toContain('robot');
  expect(list.text).not.toMatch(/hash|vwmp_/);
  expect(list.text).not.toContain(key.slice(18));
  expect((await send('POST', `/keys/${shown.id}/revoke/`)).status).toBe(200);
  // Another app, as another process would be: this one may believe what it knows for five seconds.
  const other = createHonoApp(platform);
  const response = await other.request('/api/vwmp/workflows/', {
    headers: { host: 'localhost', authorization: `Bearer ${key}` },
  });
  expect(response.status).toBe(401);
  for (const expires of ['', 'soon', '-1d', '0s', '99999999999d'])
    expect((await send('POST', '/keys/', { name: 'x', role: 'viewer', expires })).status, expires).toBe(400);
  for (const name of ['', ' ', 'a\nb', 'x'.repeat(65)])
    expect((await send('POST', '/keys/', { name, role: 'viewer' })).status, name).toBe(400);
});
