import { describe, expect, it } from 'vitest';
import { createContext } from '../testing/context.ts';
import { failure } from '../testing/failure.ts';
import { startServer } from '../testing/server.ts';
import { createRequest, type RequestConfig, type RequestOutput } from './request.ts';

function request(config: RequestConfig): Promise<RequestOutput> {
  return createRequest({})(createContext(config)) as Promise<RequestOutput>;
}

/** Redirects /STATUS to `to`, and answers everything else. */
function startRedirecting(to: (url: string) => string): ReturnType<typeof startServer> {
  return startServer((message, response) => {
    const status = /^\/(30\d)/.exec(message.url ?? '')?.[1];
    if (status === undefined) response.end('there');
    else response.writeHead(Number(status), { location: to(message.url ?? '') }).end('moved');
  });
}

describe('redirects', () => {
  it.each([
    [301, 'GET', 'GET'],
    [301, 'HEAD', 'HEAD'],
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [302, 'PUT', 'PUT'],
    [303, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [303, 'HEAD', 'HEAD'],
    [307, 'POST', 'POST'],
    [308, 'PATCH', 'PATCH'],
  ])('%i turns %s into %s', async (status, method, expected) => {
    const server = await startRedirecting(() => '/there?x=1');
    const body = method === 'GET' || method === 'HEAD' ? undefined : { a: 1 };
    const output = await request({
      url: `${server.url}/${status}`,
      method,
      body,
      headers: { authorization: 'a' },
    });
    expect(output).toMatchObject({ status: 200, url: `${server.url}/there?x=1` });
    const [, second] = server.requests;
    const keepsBody = expected === method && body !== undefined;
    expect(second).toMatchObject({ method: expected, body: keepsBody ? '{"a":1}' : '' });
    expect(second?.headers['content-type']).toBe(keepsBody ? 'application/json' : undefined);
    expect(second?.headers.authorization).toBe('a');
  });

  it.each([
    [302, 'DELETE'],
    [303, 'GET'],
    [307, 'GET'],
    [308, 'DELETE'],
  ])('%i sends the body of %s once more, and says how long it is', async (status, method) => {
    const server = await startRedirecting(() => '/there');
    await request({ url: `${server.url}/${status}`, method, body: 'GET /smuggled HTTP/1.1\r\n\r\n' });
    expect(server.requests.map(({ url }) => url)).toEqual([`/${status}`, '/there']);
    for (const sent of server.requests)
      expect(sent).toMatchObject({ method, body: expect.stringMatching(/^GET/) as string });
  });

  it('tells another origin nothing but what it needs', async () => {
    const other = await startServer((_, response) => void response.end('ok'));
    const server = await startServer(
      (_, response) => void response.writeHead(307, { location: other.url }).end(),
    );
    const secrets = {
      Authorization: 'a',
      Cookie: 'b',
      'Proxy-Authorization': 'c',
      'X-Api-Key': 'd',
      'PRIVATE-TOKEN': 'e',
    };
    await request({ url: server.url, method: 'POST', body: 'x', headers: { ...secrets, Accept: 'text/x' } });
    expect(server.requests[0]?.headers).toMatchObject({ cookie: 'b', 'x-api-key': 'd' });
    expect(Object.keys(other.requests[0]?.headers ?? {}).sort()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'content-length',
      'content-type',
      'host',
      'idempotency-key',
      'user-agent',
    ]);
    // The credentials of the url are those of the first origin too.
    await request({ url: server.url.replace('//', '//user:pass@'), method: 'POST' });
    expect(other.requests[1]?.headers).not.toHaveProperty('authorization');
  });

  it('stops in a circle', async () => {
    const server = await startRedirecting((url) => url);
    const error = await failure(request({ url: `${server.url}/302` }));
    expect(error).toMatchObject({ code: 'HTTP_REDIRECTS', retryable: false });
    expect(server.requests).toHaveLength(6);
  });

  it('follows as many as it may', async () => {
    const server = await startRedirecting((url) => (url.length > 6 ? '/there' : `${url}x`));
    expect(await request({ url: `${server.url}/302`, redirects: 4 })).toMatchObject({ body: 'there' });
    expect(await failure(request({ url: `${server.url}/302`, redirects: 3 }))).toMatchObject({
      code: 'HTTP_REDIRECTS',
    });
  });

  it('gives the redirect itself when none may be followed and its status is accepted', async () => {
    const server = await startRedirecting(() => '/there?token=x');
    const config = { url: `${server.url}/302`, redirects: 0 };
    expect(await request({ ...config, ok: ['3xx'] })).toMatchObject({ status: 302, body: 'moved' });
    const error = await failure(request(config));
    expect(error).toMatchObject({ code: 'HTTP_REDIRECTS', details: { status: 302 } });
    expect(error.message).toContain(`${server.url}/there,`);
  });

  it.each(['file:///etc/passwd', 'ftp://x/', 'javascript:1', 'http://[', 'http://user:secret@:1'])(
    'does not follow to %s',
    async (location) => {
      const server = await startRedirecting(() => location);
      const error = await failure(request({ url: `${server.url}/302` }));
      expect(error).toMatchObject({ code: 'HTTP_URL_INVALID' });
      expect(error.message).not.toContain('secret');
    },
  );

  it('does not read the body of a redirect, which may have no end', async () => {
    const server = await startServer((message, response) => {
      if (message.url === '/there') response.end('there');
      else response.writeHead(302, { location: '/there' }).write('x');
    });
    expect(await request({ url: server.url })).toMatchObject({ body: 'there' });
  });

  it('takes a location that is not encoded', async () => {
    const server = await startRedirecting(() => Buffer.from('/ü').toString('latin1'));
    expect((await request({ url: `${server.url}/302` })).url).toBe(`${server.url}/%C3%BC`);
  });
});
