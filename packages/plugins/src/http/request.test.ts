import { once } from 'node:events';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createContext } from '../testing/context.ts';
import { failure } from '../testing/failure.ts';
import { startServer } from '../testing/server.ts';
import type { HttpOptions } from './options.ts';
import { createRequest, type RequestConfig, type RequestOutput } from './request.ts';

function request(
  config: RequestConfig,
  options: HttpOptions & { signal?: AbortSignal } = {},
): Promise<RequestOutput> {
  const { signal, ...settings } = options;
  return createRequest(settings)(createContext(config, { signal })) as Promise<RequestOutput>;
}

/** A server below HTTP: does with the socket what it wants as soon as something arrived. */
async function startTcp(onData: (socket: Socket, received: number) => void): Promise<string> {
  const sockets = new Set<Socket>();
  let received = 0;
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', () => onData(socket, ++received));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('what is sent', () => {
  it('gets JSON', async () => {
    const server = await startServer((_, response) => {
      response.setHeader('content-type', 'application/json; charset=utf-8').end('{"a":[1,"ä"]}');
    });
    const output = await request({ url: `${server.url}/x?a=1`, query: { b: ['1', 2], c: null, d: 'ü &' } });
    expect(output).toMatchObject({ status: 200, body: { a: [1, 'ä'] } });
    expect(output.url).toBe(`${server.url}/x?a=1&b=1&b=2&d=%C3%BC+%26`);
    expect(output.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(server.requests[0]).toMatchObject({ method: 'GET', url: '/x?a=1&b=1&b=2&d=%C3%BC+%26', body: '' });
    expect(server.requests[0]?.headers).not.toHaveProperty('idempotency-key');
  });

  it.each([
    [{ a: 1 }, '{"a":1}', 'application/json'],
    [[1, null], '[1,null]', 'application/json'],
    [null, 'null', 'application/json'],
    [false, 'false', 'application/json'],
    ['plain ü', 'plain ü', 'text/plain; charset=utf-8'],
    ['', '', 'text/plain; charset=utf-8'],
  ])('sends the body %j', async (body, text, type) => {
    const server = await startServer((_, response) => void response.end());
    await request({ url: server.url, method: 'POST', body });
    expect(server.requests[0]).toMatchObject({ body: text });
    expect(server.requests[0]?.headers).toMatchObject({
      'content-type': type,
      'content-length': String(Buffer.byteLength(text)),
      'idempotency-key': 'exec-1:step',
    });
  });

  it.each(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'POST', 'PUT', 'PATCH'])(
    'says how long the body of %s is, so that none of it is read as the next request',
    async (method) => {
      const server = await startServer((message, response) => void response.end(`answer to ${message.url}`));
      const execute = createRequest({});
      const body = 'GET /smuggled?ü HTTP/1.1\r\nhost: x\r\n\r\n';
      await execute(createContext<RequestConfig>({ url: `${server.url}/one`, method, body }));
      expect(await execute(createContext<RequestConfig>({ url: `${server.url}/two` }))).toMatchObject({
        body: 'answer to /two',
      });
      expect(server.requests.map(({ url }) => url)).toEqual(['/one', '/two']);
      expect(server.requests[0]).toMatchObject({ method, body });
      expect(server.requests[0]?.headers).toMatchObject({
        'content-length': String(Buffer.byteLength(body)),
      });
      expect(server.requests[0]?.headers).not.toHaveProperty('transfer-encoding');
      expect(server.requests[1]?.headers).not.toHaveProperty('content-length');
    },
  );

  it.each(['GET', 'DELETE'])('says that the body of %s is empty', async (method) => {
    const server = await startServer((_, response) => void response.end());
    await request({ url: server.url, method, body: '' });
    expect(server.requests[0]?.headers).toMatchObject({ 'content-length': '0' });
  });

  it('lets the config decide about headers', async () => {
    const server = await startServer((_, response) => void response.end());
    const headers = {
      'Content-Type': 'text/csv',
      'IDEMPOTENCY-KEY': 'mine',
      'X-Number': 7,
      Accept: 'text/html',
    };
    await request({ url: server.url, method: 'PUT', body: 'a;b', headers });
    expect(server.requests[0]?.headers).toMatchObject({
      'content-type': 'text/csv',
      'idempotency-key': 'mine',
      'x-number': '7',
      accept: 'text/html',
    });
    await request({ url: server.url, method: 'DELETE', idempotency: false });
    expect(server.requests[1]?.headers).not.toHaveProperty('idempotency-key');
  });

  it('moves credentials from the url to the header, and nowhere else', async () => {
    const server = await startServer((_, response) => void response.writeHead(404).end('gone'));
    const url = server.url.replace('//', '//user:p%40ss%3Aword@');
    const error = await failure(request({ url: `${url}/path?token=abc` }));
    expect(server.requests[0]?.headers.authorization).toBe(`Basic ${btoa('user:p@ss:word')}`);
    expect(JSON.stringify([error.message, error.details])).not.toMatch(/p%40ss|p@ss|token=abc|dXNlc/);
    expect(error.message).toContain(`GET ${server.url}/path answered 404 Not Found`);
    const output = await request({ url, ok: [404] });
    expect(output.url).not.toContain('user');
  });

  it.each([
    [{ 'X-A': 'a\r\nX-B: b' }],
    [{ 'X-A': 'a\n' }],
    [{ 'X-A': 'a\0b' }],
    [{ 'X-A': '\u010a' }],
    [{ 'X-A\r\nX-B': 'b' }],
    [{ 'X A': 'b' }],
    [{ '': 'b' }],
    [{ 'Transfer-Encoding': 'chunked' }],
    [{ 'content-length': '3' }],
    [{ 'Content-Length ': '3' }],
    [{ 'content-length': '3', 'Content-Length': '4' }],
    [{ 'Proxy-Connection': 'keep-alive' }],
    [{ Host: 'a\r\ncontent-length: 3' }],
    [{ Connection: 'upgrade' }],
    [{ 'X-A': 'a', 'x-a': 'b' }],
  ])('refuses the headers %j', async (headers) => {
    const server = await startServer((_, response) => void response.end());
    const error = await failure(request({ url: server.url, headers: headers as never }));
    expect(error).toMatchObject({ code: 'HTTP_HEADER_INVALID', retryable: false });
    expect(server.requests).toEqual([]);
  });

  it.each([
    'not a url',
    '/relative',
    'ftp://example.test/',
    'file:///etc/passwd',
    'http://',
    'http://user:se%zzcret@h/',
    'http://user:secret@exa mple/?k=secret',
    'http://a:se/cret@h:99999/',
    'javascript:secret',
    'unix:/var/run/docker.sock',
  ])('refuses the url %j and repeats no secret', async (url) => {
    const error = await failure(request({ url }));
    expect(error).toMatchObject({ code: 'HTTP_URL_INVALID', retryable: false });
    if (url.includes('@')) expect(error.message).not.toMatch(/cret/);
  });

  it('cannot be made to send a second request by the path', async () => {
    const server = await startServer((_, response) => void response.end());
    await request({ url: `${server.url}/a\r\nX-Evil: 1\r\n\r\nGET /b`, query: { 'q\r\n': 'v\r\nX: 1' } });
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.headers).not.toHaveProperty('x-evil');
  });
});

describe('what comes back', () => {
  it.each([
    ['auto', 'text/plain', 'hällo', 'hällo'],
    ['auto', 'application/problem+json', '{"a":1}', { a: 1 }],
    ['auto', '', '{"a":1}', '{"a":1}'],
    ['auto', 'application/json', '', null],
    ['json', 'text/plain', '\ufeff[1]', [1]],
    ['json', 'text/plain', '', null],
    ['text', 'application/json', '{"a":1}', '{"a":1}'],
    ['text', 'text/plain; charset=ISO-8859-1', Buffer.from('h\xe4', 'latin1'), 'hä'],
    ['text', 'text/plain; charset=nonsense', 'hä', 'hä'],
    ['base64', 'image/png', Buffer.from([0xff, 0, 0x80]), '/wCA'],
  ] as const)('reads as %s what is %j', async (format, type, sent, expected) => {
    const server = await startServer((_, response) => {
      if (type !== '') response.setHeader('content-type', type);
      response.end(sent);
    });
    expect((await request({ url: server.url, response: format })).body).toEqual(expected);
  });

  it.each([
    ['json', 'text/plain', '<html>private'],
    ['auto', 'application/json', '{"private":'],
    ['auto', 'image/png', Buffer.from([0xff, 0xfe, 0x80])],
    ['text', 'text/plain', Buffer.from([0xc3, 0x28])],
  ] as const)('refuses as %s what is %j', async (format, type, sent) => {
    const server = await startServer(
      (_, response) => void response.setHeader('content-type', type).end(sent),
    );
    const error = await failure(request({ url: server.url, response: format }));
    expect(error).toMatchObject({ code: 'HTTP_BODY_INVALID', retryable: false });
    expect(error.message).not.toContain('private');
  });

  it.each([
    ['HEAD', 200],
    ['GET', 204],
    ['GET', 304],
  ])('expects no body of %s and %i', async (method, status) => {
    const server = await startServer((_, response) => {
      response.writeHead(status, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end();
    });
    expect((await request({ url: server.url, method, ok: [status] })).body).toBeNull();
  });

  it.each([
    ['gzip', gzipSync('{"a":1}')],
    ['br', brotliCompressSync('{"a":1}')],
    ['deflate', deflateSync('{"a":1}')],
    ['gzip, br', brotliCompressSync(gzipSync('{"a":1}'))],
    ['identity', Buffer.from('{"a":1}')],
  ])('decompresses %s', async (encoding, bytes) => {
    const server = await startServer(
      (_, response) => void response.setHeader('content-encoding', encoding).end(bytes),
    );
    expect((await request({ url: server.url, response: 'json' })).body).toEqual({ a: 1 });
    expect(server.requests[0]?.headers['accept-encoding']).toBe('gzip, br');
  });

  it.each([
    ['gzip', Buffer.from('not gzip at all')],
    ['gzip', gzipSync('x'.repeat(1000)).subarray(0, 15)],
    ['br', Buffer.from('not brotli at all')],
    ['made-up', Buffer.from('x')],
    ['gzip, gzip, gzip', gzipSync(gzipSync(gzipSync('x')))],
  ])('refuses broken %s', async (encoding, bytes) => {
    const server = await startServer(
      (_, response) => void response.setHeader('content-encoding', encoding).end(bytes),
    );
    expect(await failure(request({ url: server.url }))).toMatchObject({ code: 'HTTP_BODY_INVALID' });
  });

  it.each([
    [400, 'HTTP_CLIENT_ERROR', false],
    [404, 'HTTP_CLIENT_ERROR', false],
    [408, 'HTTP_TOO_MANY_REQUESTS', true],
    [429, 'HTTP_TOO_MANY_REQUESTS', true],
    [500, 'HTTP_SERVER_ERROR', true],
    [501, 'HTTP_SERVER_ERROR', false],
    [503, 'HTTP_SERVER_ERROR', true],
    [505, 'HTTP_SERVER_ERROR', false],
    [304, 'HTTP_STATUS_UNEXPECTED', false],
  ])('turns %i into %s', async (status, code, retryable) => {
    const server = await startServer((_, response) => void response.writeHead(status).end('why'));
    const error = await failure(request({ url: server.url }));
    expect(error).toMatchObject({ code, retryable, details: { status } });
  });

  it('keeps the beginning of the body of an error, and no headers', async () => {
    const server = await startServer((_, response) => {
      response.writeHead(500, { 'x-private': 'secret' }).end('ü'.repeat(100_000));
    });
    const error = await failure(request({ url: server.url, headers: { 'x-api-key': 'secret' } }));
    expect(error.details).toEqual({ status: 500, body: 'ü'.repeat(1024) });
    expect(JSON.stringify(error)).not.toContain('secret');
  });

  it('keeps the status when the body of an error cannot be read', async () => {
    const server = await startServer((_, response) => {
      response.writeHead(502, { 'content-encoding': 'gzip' }).end('not gzip');
    });
    expect(await failure(request({ url: server.url }))).toMatchObject({
      code: 'HTTP_SERVER_ERROR',
      details: { status: 502, body: '' },
    });
  });

  it.each([
    ['7', 7],
    [new Date(Date.now() - 5000).toUTCString(), 0],
    ['soon', undefined],
  ])('reads Retry-After: %s', async (header, expected) => {
    const server = await startServer(
      (_, response) => void response.writeHead(429, { 'retry-after': header }).end(),
    );
    const error = await failure(request({ url: server.url }));
    expect((error.details as { retry_after?: number }).retry_after).toBe(expected);
  });

  it('accepts the statuses of ok', async () => {
    const server = await startServer((_, response) => void response.writeHead(404).end('none'));
    expect(await request({ url: server.url, ok: ['2xx', 404] })).toMatchObject({ status: 404, body: 'none' });
    expect(await request({ url: server.url, ok: ['4xx'] })).toMatchObject({ status: 404 });
    expect(await failure(request({ url: server.url, ok: [200, 403] }))).toMatchObject({
      code: 'HTTP_CLIENT_ERROR',
    });
  });
});

describe('limits', () => {
  it('takes exactly max_bytes and not one more', async () => {
    const server = await startServer((_, response) => void response.end('x'.repeat(1000)));
    expect((await request({ url: server.url, max_bytes: 1000 })).body).toHaveLength(1000);
    expect(await failure(request({ url: server.url, max_bytes: 999 }))).toMatchObject({
      code: 'HTTP_TOO_LARGE',
      retryable: false,
    });
  });

  it('hangs up on an answer without end', async () => {
    let closed: Promise<unknown> | undefined;
    const server = await startServer((_, response) => {
      closed = once(response, 'close');
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        response.once('drain', more);
      };
      more();
    });
    expect(await failure(request({ url: server.url, max_bytes: 1_000_000 }))).toMatchObject({
      code: 'HTTP_TOO_LARGE',
    });
    await closed;
  });

  it('counts decompressed bytes: a bomb of 200 kB that unfolds to 200 MB', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    const server = await startServer(
      (_, response) => void response.setHeader('content-encoding', 'gzip').end(bomb),
    );
    const before = process.memoryUsage().rss;
    expect(await failure(request({ url: server.url }))).toMatchObject({ code: 'HTTP_TOO_LARGE' });
    expect(process.memoryUsage().rss - before).toBeLessThan(80 * 1024 * 1024);
  });

  it.each(['head', 'body'])('stops waiting for a server that is slow with its %s', async (part) => {
    const server = await startServer((_, response) => {
      if (part === 'body') response.writeHead(200).write('x');
    });
    expect(await failure(request({ url: server.url, timeout: '50ms' }))).toMatchObject({
      code: 'HTTP_TIMEOUT',
      retryable: true,
    });
  });

  it.each(['head', 'body'])('ends at once when aborted during the %s', async (part) => {
    const abort = new AbortController();
    const reason = new Error('cancelled');
    const server = await startServer((_, response) => {
      if (part === 'body') response.writeHead(200).write('x', () => setImmediate(() => abort.abort(reason)));
      else abort.abort(reason);
    });
    expect(await failure(request({ url: server.url }, { signal: abort.signal }))).toBe(reason);
  });

  it('sends nothing when it is aborted already', async () => {
    const server = await startServer((_, response) => void response.end());
    const reason = new Error('cancelled');
    expect(await failure(request({ url: server.url }, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(server.requests).toEqual([]);
  });
});

describe('broken connections', () => {
  it('says that nothing listens', async () => {
    const server = createTcpServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    expect(await failure(request({ url: `http://127.0.0.1:${port}` }))).toMatchObject({
      code: 'HTTP_CONNECTION',
      retryable: true,
      message: expect.stringContaining('ECONNREFUSED') as string,
    });
  });

  it('says that a name is unknown', async () => {
    const error = await failure(request({ url: 'http://does-not-exist.invalid/' }));
    expect(error).toMatchObject({ code: 'HTTP_CONNECTION', retryable: true });
  });

  it('sees a reset before and within the answer', async () => {
    const before = await startTcp((socket) => socket.resetAndDestroy());
    expect(await failure(request({ url: before }))).toMatchObject({
      code: 'HTTP_CONNECTION',
      retryable: true,
    });
    const within = await startTcp((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc', () => socket.end());
    });
    expect(await failure(request({ url: within }))).toMatchObject({
      code: 'HTTP_CONNECTION',
      retryable: true,
    });
  });

  it.each([
    ['no HTTP', 'SSH-2.0-OpenSSH\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    ['too long a head', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(70_000)}\r\n\r\n`],
    ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'],
  ])('refuses an answer with %s', async (_name, bytes) => {
    const url = await startTcp((socket) => socket.write(bytes));
    expect(await failure(request({ url }))).toMatchObject({ code: 'HTTP_RESPONSE_INVALID' });
  });

  it('tries once more when a kept connection turns out to be dead, but only what may be sent twice', async () => {
    // Answers the first request of a connection, and resets the connection at the second.
    const perSocket = new WeakMap<Socket, number>();
    let connections = 0;
    const url = await startTcp((socket) => {
      const count = (perSocket.get(socket) ?? 0) + 1;
      if (count === 1) connections += 1;
      perSocket.set(socket, count);
      if (count > 1) socket.resetAndDestroy();
      else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    });
    const execute = createRequest({});
    const get = createContext<RequestConfig>({ url });
    expect(await execute(get)).toMatchObject({ body: 'ok' });
    expect(await execute(get)).toMatchObject({ body: 'ok' });
    expect(connections).toBe(2);
    expect(await execute(createContext<RequestConfig>({ url, method: 'POST' }))).toMatchObject({
      body: 'ok',
    });
    expect(connections).toBe(3);
  });

  it('keeps connections for the next request', async () => {
    const server = await startServer((_, response) => void response.end('ok'));
    let connections = 0;
    server.server.on('connection', () => connections++);
    const execute = createRequest({});
    for (let i = 0; i < 5; i++) await execute(createContext<RequestConfig>({ url: server.url }));
    expect(connections).toBe(1);
  });
});
