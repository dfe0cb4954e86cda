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
    if (/Keys?$|^listAudit|^(pause|resume)Queue|^(retry|discard)DeadLetter/.test(name))
      expect(needed).toBe('admin');
  });
});

test('everyone learns who they are, and what their key is good for', async () => {
  const ask = async (key: string | undefined, on = app) => {
    const response = await on.request('/api/vwmp/me/', {
      headers: { host: 'localhost', ...(key !== undefined && { authorization: `Bearer ${key}` }) },
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  for (const role of roles) {
    const key = { id: keys.get(role)!.slice(5, 17), name: role };
    expect(await ask(keys.get(role))).toEqual({ status: 200, body: { authentication: 'key', role, key } });
  }
  const now = Date.now();
  const [created_at, expires_at] = [now, now + 60_000].map((at) => new Date(at).toISOString()) as [
    string,
    string,
  ];
  const guest = createApiKey({ name: 'guest', role: 'viewer', created_at, expires_at });
  await platform.storage.keys.add(guest.record);
  const { body } = await ask(guest.text);
  expect(body.key).toEqual({ id: guest.record.id, name: 'guest', expires_at });
  expect((await ask(`${guest.text.slice(0, -1)}!`)).body.error).toMatchObject({ code: 'API_KEY_INVALID' });

  const fixed = 'k'.repeat(32);
  const settings = { VWMP_API_AUTH: 'keys', VWMP_API_KEYS: `local:editor:${fixed}` };
  const open = await openPlatform({}, settings);
  const openApp = createHonoApp(open);
  expect((await ask(undefined, openApp)).body).toMatchObject({ error: { code: 'API_KEY_MISSING' } });
  const own = { id: 'env:local', name: 'local' };
  expect((await ask(fixed, openApp)).body).toEqual({ authentication: 'key', role: 'editor', key: own });
  await open.close();
});

test('where no key is needed, whoever shows none may do everything, and a key is still itself', async () => {
  const fixed = 'k'.repeat(32);
  const open = await openPlatform({}, { VWMP_API_KEYS: `ops:executor:${fixed}` });
  const client = createHonoApp(open);
  const headers = { host: 'localhost' };
  const nobody = await client.request('/api/vwmp/me', { headers });
  expect(await nobody.json()).toEqual({ authentication: 'none', role: 'admin' });
  const named = await client.request('/api/vwmp/me', {
    headers: { ...headers, authorization: `Bearer ${fixed}` },
  });
  const ops = { id: 'env:ops', name: 'ops' };
  expect(await named.json()).toEqual({ authentication: 'key', role: 'executor', key: ops });
  const { text, record } = createApiKey({ name: 'ci', role: 'viewer', created_at: new Date().toISOString() });
  await open.storage.keys.add(record);
  const shown = await client.request('/api/vwmp/me', {
    headers: { ...headers, authorization: `Bearer ${text}` },
  });
  const key = { id: record.id, name: 'ci' };
  expect(await shown.json()).toEqual({ authentication: 'key', role: 'viewer', key });
  await open.close();
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

test.each<[Role, string]>([
  ['executor', 'executor'],
  ['editor', 'editor'],
  ['admin', 'Ana'],
])('a decision that a key of the role %s sends in the name of Ana is one of %s', async (role, by) => {
  const { execution_id: id } = await platform.start({
    name: 'Ask',
    steps: [{ id: 'ask', handler: 'core.approval', config: { prompt: 'Go?' } }],
  });
  const send = (path: string, init: RequestInit = {}) =>
    app.request(`/api/vwmp/executions/${id}${path}`, {
      ...init,
      headers: {
        host: 'localhost',
        authorization: `Bearer ${keys.get(role)}`,
        'content-type': 'application/json',
      },
    });
  await expect.poll(async () => (await send('/approvals/ask/')).status).toBe(200);
  const body = JSON.stringify({ approved: true, by: 'Ana' });
  expect((await send('/approvals/ask/', { method: 'POST', body })).status).toBe(202);
  const { steps } = await platform.wait(id);
  expect(steps.ask?.output).toMatchObject({ approved: true, by });
  const [noted] = (await platform.storage.audit.list({ limit: 1 })).results;
  expect(noted).toMatchObject({
    actor: expect.stringContaining(role),
    action: 'approval.decided',
    details: { by },
  });
});
