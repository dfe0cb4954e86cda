import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createHttpServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, createServer } from 'node:http2';
import { type AddressInfo, connect as connectTo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { getRequestListener } from '@hono/node-server';
import type { Platform } from '@vwmp/core/platform';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openPlatform } from '../live/testing/platform.ts';
import { createApp } from './lazy-app.ts';

let platform: Platform;
beforeAll(async () => {
  platform = await openPlatform();
});
afterAll(() => platform.close());

const document = {
  id: 'mounted',
  name: 'Mounted',
  steps: [{ id: 'a', handler: 'core.set', config: { value: 1 } }],
};

test('mounted in a server of HTTP/2, where no header says that there is a body, it reads the body', async () => {
  const app = createApp(platform);
  const server = createServer(getRequestListener((request, env) => app.fetch(request, env)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  try {
    const request = client.request({
      ...{ ':method': 'POST', ':path': '/api/vwmp/workflows/', ':authority': '127.0.0.1' },
      'content-type': 'application/json',
    });
    const answered = once(request, 'response') as Promise<[{ ':status': number }]>;
    request.write(JSON.stringify(document).slice(0, 20));
    request.end(JSON.stringify(document).slice(20));
    const [headers] = await answered;
    expect({ status: headers[':status'], body: JSON.parse(await text(request)) as unknown }).toMatchObject({
      status: 201,
      body: { id: 'mounted' },
    });
  } finally {
    client.close();
    server.close();
  }
});

test('a request that a program makes itself has its host in the address alone', async () => {
  const app = createApp(platform);
  const post = { method: 'POST', headers: { 'content-type': 'application/json' } };
  const body = JSON.stringify({ ...document, id: 'own' });
  expect((await app.request('/api/vwmp/workflows/', { ...post, body })).status).toBe(201);
  expect((await app.request(new Request('http://localhost/api/vwmp/workflows/own/'))).status).toBe(200);
  expect((await app.fetch(new Request('http://localhost/docs'))).status).toBe(200);
  const strange = await app.request('http://flows.example.com/api/vwmp/workflows/');
  expect(await strange.json()).toMatchObject({ error: { code: 'HOST_REFUSED' } });
});

test('without keys it answers nobody on another machine, whatever host they name', async () => {
  const app = createApp(platform);
  const ask = (remoteAddress: string): Promise<Response> =>
    app.fetch(new Request('http://localhost/api/vwmp/workflows/'), {
      incoming: { headers: { host: 'localhost' }, socket: { remoteAddress } },
    });
  for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1'])
    expect((await ask(address)).status, address).toBe(200);
  for (const address of ['10.0.0.7', '::ffff:10.0.0.7', '2001:db8::1']) {
    const answer = await ask(address);
    expect(answer.status, address).toBe(403);
    expect(await answer.json()).toMatchObject({ error: { code: 'HOST_REFUSED' } });
  }
});

test('without keys it lets in nobody whose connection is gone before it was looked at', async () => {
  const statuses: number[] = [];
  const app = createApp(platform, { onRequest: ({ status }) => void statuses.push(status) });
  await app.request('/api/vwmp/queues/');
  const answered = Promise.withResolvers<void>();
  const listener = getRequestListener(app.fetch);
  const server = createHttpServer((request, response) => {
    // Nobody was told of it yet, and the system has forgotten where the connection came from.
    client.resetAndDestroy();
    expect(request.socket.destroyed).toBe(false);
    Promise.resolve(listener(request, response)).then(() => answered.resolve(), answered.reject);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connectTo((server.address() as AddressInfo).port, '127.0.0.1');
  client.on('error', () => undefined);
  try {
    client.write('GET /api/vwmp/queues/ HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await answered.promise;
    expect(statuses).toEqual([200, 403]);
  } finally {
    client.destroy();
    server.close();
    server.closeAllConnections();
  }
});

test('without keys it lets in who comes over a Unix socket', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vwmp-mounted-'));
  const socketPath = process.platform === 'win32' ? `\\\\.\\pipe\\${basename(folder)}` : join(folder, 'api');
  const server = createHttpServer(getRequestListener(createApp(platform).fetch));
  server.listen(socketPath);
  await once(server, 'listening');
  try {
    const asked = get({ socketPath, path: '/api/vwmp/queues/', headers: { host: 'localhost' } });
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    answer.resume();
    expect(answer.statusCode).toBe(200);
  } finally {
    server.close();
    server.closeAllConnections();
    await rm(folder, { recursive: true });
  }
});

test('without keys it lets in nobody when it is not told how a request came', async () => {
  const app = createApp(platform);
  const listener = getRequestListener((request) => app.fetch(request));
  const server = createHttpServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const answer = await fetch(
      `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/vwmp/workflows/`,
    );
    expect(answer.status).toBe(403);
    const message = expect.stringContaining('not told that the call is from this machine');
    expect(await answer.json()).toMatchObject({ error: { code: 'HOST_REFUSED', message } });
    // What somebody else around it passes on says nothing.
    const own = await app.fetch(new Request('http://localhost/api/vwmp/workflows/'), { own: true });
    expect(own.status).toBe(403);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test('a server that lets callers in by itself shows a key for them', async () => {
  const guarded = await openPlatform(
    {},
    { VWMP_API_AUTH: 'keys', VWMP_API_KEYS: `shop:viewer:${'k'.repeat(32)}` },
  );
  try {
    const app = createApp(guarded);
    const request = new Request('http://localhost/api/vwmp/me/', { headers: { cookie: 'session=1' } });
    const headers = new Headers(request.headers);
    headers.set('authorization', `Bearer ${'k'.repeat(32)}`);
    const answer = await app.fetch(new Request(request, { headers }));
    expect(await answer.json()).toMatchObject({ authentication: 'key', role: 'viewer' });
  } finally {
    await guarded.close();
  }
});

test('a body that the server around it has read already is said to be so', async () => {
  const app = createApp(platform);
  const listener = getRequestListener((request, env) => app.fetch(request, env));
  const parseFirst = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    await text(request);
    await listener(request, response);
  };
  const server = createHttpServer((request, response) => void parseFirst(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/vwmp/workflows/`;
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(document) });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: { code: 'REQUEST_INVALID', message: expect.stringContaining('Mount the API before the parser') },
    });
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test('what the answer does not say is on the console of a program that gives no logger', async () => {
  const told = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const failing = vi
    .spyOn(platform.storage.executions, 'list')
    .mockRejectedValue(new TypeError('broken on purpose'));
  try {
    const answer = await createApp(platform).request('/api/vwmp/executions/');
    expect(answer.status).toBe(500);
    expect(String(told.mock.calls[0]?.[0])).toContain('broken on purpose');
  } finally {
    failing.mockRestore();
    told.mockRestore();
  }
});

test('what the audit log could not take is on the console of a program that gives no logger', async () => {
  const told = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const failing = vi.spyOn(platform.storage.audit, 'add').mockRejectedValue(new Error('no room'));
  try {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ ...document, id: 'noted' });
    const answer = await createApp(platform).request('/api/vwmp/workflows/', {
      ...{ method: 'POST', headers, body },
    });
    expect(answer.status).toBe(201);
    expect(String(told.mock.calls[0]?.[0])).toMatch(
      /the audit log does not have it.*workflow\.created.*no room/,
    );
  } finally {
    failing.mockRestore();
    told.mockRestore();
  }
});
