import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Platform } from '@vwmp/core/platform';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPlatform } from '../live/testing/platform.ts';
import { createWorld } from '../testing/world.ts';
import { createServer } from './create-server.ts';

let platform: Platform;
beforeAll(async () => {
  platform = await openPlatform({}, { VWMP_API_PORT: '0' });
  await createWorld(platform);
});
afterAll(() => platform.close());

const withPort = (port: number) => ({
  ...platform.settings,
  api: { ...platform.settings.api, port },
});

test('a port that is taken is said to be, and is free again once the other has closed', async () => {
  const first = createServer(platform);
  const { port } = await first.listen();
  const second = createServer(platform, withPort(port));
  await expect(second.listen()).rejects.toMatchObject({
    code: 'ADDRESS_IN_USE',
    message: expect.stringContaining(`127.0.0.1:${port}`) as string,
  });
  await second.close();
  await first.close();
  await first.close();
  const third = createServer(platform, withPort(port));
  expect((await third.listen()).port).toBe(port);
  await third.close();
  await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
});

test('it ends what it was asked before it closes, and keeps no idle connection', async () => {
  const server = createServer(platform);
  const { url } = await server.listen();
  await (await fetch(`${url}/api/vwmp/workflows/`)).text();
  const { execution_id } = await platform.start('waits');
  const waiting = fetch(`${url}/api/vwmp/workflows/waits/execute/?wait=1m`, { method: 'POST' });
  for (;;) {
    const { results } = await platform.storage.executions.list({ workflow_id: 'waits', status: ['waiting'] });
    const other = results.find(({ id }) => id !== execution_id && id > execution_id);
    if (!other) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      continue;
    }
    const closed = server.close(60_000);
    await platform.signal(other.id, 'go');
    expect(await (await waiting).json()).toMatchObject({ id: other.id, status: 'success' });
    await closed;
    break;
  }
  expect(server.active).toBe(0);
});

test('what does not end in time is cut off', async () => {
  const server = createServer(platform);
  const { port } = await server.listen();
  const socket = connect(port, '127.0.0.1');
  const answer = text(socket);
  answer.catch(() => {});
  socket.write('POST /api/vwmp/executions/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{');
  while (server.active === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  await server.close(1);
  expect(await answer.catch(() => '')).toBe('');
});

test('who waits for an execution that does not end in time is told which it is', async () => {
  const server = createServer(platform);
  const { url } = await server.listen();
  const waiting = fetch(`${url}/api/vwmp/workflows/waits/execute/?wait=5m`, { method: 'POST' });
  while (server.active === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  const closed = server.close(2000);
  const answer = await waiting;
  expect(answer.status).toBe(202);
  const { execution_id } = (await answer.json()) as { execution_id: string };
  expect(await platform.execution(execution_id)).toBeDefined();
  await closed;
});

test('an answer that is on its way when the server begins to end says that its connection ends', async () => {
  const server = createServer(platform);
  const { port } = await server.listen();
  const socket = connect(port, '127.0.0.1');
  const answer = text(socket);
  socket.write(
    'POST /api/vwmp/workflows/validate/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{',
  );
  while (server.active === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  const closed = server.close(60_000);
  socket.write('}');
  expect(await answer).toMatch(/^HTTP\/1\.1 \d+ .*\r\nconnection: close\r\n/is);
  await closed;
});

test('of requests that were sent one behind the other each is answered, and the last one says that the connection ends', async () => {
  const server = createServer(platform);
  const { port } = await server.listen();
  const socket = connect(port, '127.0.0.1');
  const answers = text(socket);
  const host = 'HTTP/1.1\r\nHost: localhost\r\nContent-Length:';
  socket.write(`POST /api/vwmp/workflows/waits/execute/?wait=5m ${host} 0\r\n\r\n`);
  socket.write(`GET /readyz ${host} 0\r\n\r\n`);
  socket.write(`POST /api/vwmp/workflows/validate/ ${host} 2\r\n\r\n{`);
  while (server.active < 3) await new Promise((resolve) => setTimeout(resolve, 2));
  const closed = server.close(2000);
  socket.write('}');
  const all = (await answers).split(/(?=HTTP\/1\.1 \d)/);
  expect(all.map((each) => /^connection: (\S+)/im.exec(each)?.[1])).toEqual([
    'keep-alive',
    'keep-alive',
    'close',
  ]);
  await closed;
});

test('a start right behind a probe is answered while the server ends', async () => {
  const server = createServer(platform);
  const { port } = await server.listen();
  const socket = connect(port, '127.0.0.1');
  const answers = text(socket);
  await once(socket, 'connect');
  // It has to be there: what connects later is refused.
  await fetch(`http://127.0.0.1:${port}/healthz`);
  const closed = server.close(60_000);
  await new Promise((resolve) => setTimeout(resolve, 20));
  const host = 'HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n';
  socket.write(`GET /healthz ${host}POST /api/vwmp/workflows/waits/execute/ ${host}`);
  expect((await answers).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 202']);
  await closed;
});

test('a request that was on its way when the server began to end is answered', async () => {
  const server = createServer(platform);
  const { port } = await server.listen();
  const socket = connect(port, '127.0.0.1');
  const answer = text(socket);
  await once(socket, 'connect');
  // It has to be there: what connects later is refused.
  await fetch(`http://127.0.0.1:${port}/healthz`);
  const closed = server.close(60_000);
  await new Promise((resolve) => setTimeout(resolve, 50));
  socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
  expect(await answer).toMatch(/^HTTP\/1\.1 200 /);
  await closed;
});

test('who follows events goes elsewhere, and a connection over which nothing was asked is closed', async () => {
  const server = createServer(platform);
  const { url, port } = await server.listen();
  const { execution_id } = await platform.start('waits');
  const silent = connect(port, '127.0.0.1');
  const silence = text(silent);
  const headers = { accept: 'text/event-stream' };
  const stream = await fetch(`${url}/api/vwmp/executions/${execution_id}/events/`, { headers });
  const ended = stream.text();
  // Far longer than the test may take.
  await server.close(3_600_000);
  expect(await ended).not.toContain('workflow_completed');
  expect(await silence).toBe('');
});

test.each([
  ['no HTTP', 'hello\r\n\r\n', /^HTTP\/1\.1 400 /],
  [
    'headers without end',
    `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
    /^HTTP\/1\.1 431 /,
  ],
  [
    'two lengths',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
    /^HTTP\/1\.1 400 /,
  ],
  [
    'length and chunks',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    /^HTTP\/1\.1 400 /,
  ],
])('%s is answered in a line', async (_what, sent, expected) => {
  const server = createServer(platform);
  const { port } = await server.listen();
  const socket = connect(port, '127.0.0.1');
  socket.write(sent);
  expect(await text(socket)).toMatch(expected);
  await server.close();
});

test('it can be started and ended many times, and leaves nothing', async () => {
  const listening = (): number =>
    process.getActiveResourcesInfo().filter((each) => each === 'TCPServerWrap').length;
  const before = listening();
  for (let round = 0; round < 30; round++) {
    const server = createServer(platform);
    const { url } = await server.listen();
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    if (round % 10 === 0) expect((await fetch(`${url}/api/vwmp/queues/`)).status).toBe(200);
    await server.close();
  }
  expect(listening()).toBeLessThanOrEqual(before + 1);
});

test('a request that offers to go on with another protocol is answered as it is', async () => {
  const server = createServer(platform);
  const { port } = await server.listen();
  const socket = connect(port, '127.0.0.1');
  const lines = [
    'GET /api/vwmp/workflows/ HTTP/1.1',
    'Host: localhost',
    'Connection: Upgrade, close',
    'Upgrade: h2c',
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n`);
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 /);
  await server.close();
});
