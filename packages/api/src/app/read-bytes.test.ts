import { once } from 'node:events';
import { connect } from 'node:net';
import type { Platform } from '@vwmp/core/platform';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPlatform, save } from '../live/testing/platform.ts';
import { createServer } from '../server/create-server.ts';
import type { AnsweredRequest } from './app.ts';
import { readBytes } from './read-bytes.ts';

let platform: Platform;
beforeAll(async () => {
  platform = await openPlatform({}, { VWMP_API_PORT: '0' });
  await save(platform, {
    ...{ id: 'hooked', name: 'Hooked', triggers: [{ webhook: 'hook', signature: 'none' }] },
    steps: [{ id: 'a', handler: 'core.set', config: { value: 1 } }],
  });
});
afterAll(() => platform.close());

const execute = '/api/vwmp/workflows/hooked/execute/';
const json = 'Content-Type: application/json\r\n';

test.each([
  ['chunks that are none', '/webhooks/hook', `${json}Transfer-Encoding: chunked\r\n\r\nZZ\r\n`],
  ['chunks that break off', execute, `${json}Transfer-Encoding: chunked\r\n\r\n5\r\n{"a`],
  ['a length that does not come', execute, `${json}Content-Length: 100\r\n\r\n{"a`],
  ['a length that does not come to a webhook', '/webhooks/hook', `${json}Content-Length: 100\r\n\r\n{`],
])('%s: a mistake of the client, and no failure of the server', async (_what, path, rest) => {
  const answered: AnsweredRequest[] = [];
  const logged: string[] = [];
  const told = Promise.withResolvers<void>();
  const server = createServer(platform, platform.settings, {
    logger: { log: (level, message) => void (level === 'error' && logged.push(message)) },
    onRequest: (request) => {
      answered.push(request);
      told.resolve();
    },
  });
  const { port } = await server.listen();
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.end(`POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${rest}`);
  await told.promise;
  socket.destroy();
  await server.close();
  expect(answered.map(({ status }) => status)).toEqual([400]);
  expect(logged).toEqual([]);
});

test.each(['all at once', 'in pieces'])(
  'a body that comes %s is read whole, up to its limit and no further',
  async (how) => {
    const text = '{"parameters": {}}';
    const pieces = how === 'in pieces' ? [text.slice(0, 5), text.slice(5, 9), text.slice(9)] : [text];
    const read = (limit: number) => {
      const body = ReadableStream.from(pieces.map((piece) => Buffer.from(piece)));
      const init: RequestInit & { duplex: 'half' } = { method: 'POST', body, duplex: 'half' };
      return readBytes(new Request('http://localhost', init), limit);
    };
    expect(Buffer.from(await read(text.length)).toString()).toBe(text);
    await expect(read(text.length - 1)).rejects.toMatchObject({ code: 'BODY_TOO_LARGE' });
  },
);
