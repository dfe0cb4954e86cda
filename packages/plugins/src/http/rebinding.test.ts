import type { LookupFunction } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { createContext } from '../testing/context.ts';
import { failure } from '../testing/failure.ts';
import { startServer } from '../testing/server.ts';
import { createRequest, type RequestConfig } from './request.ts';

// Here 127.0.0.2 stands for the public internet, so that no test talks to it: only Linux has that address without setup.
const isPublic = '127.0.0.2';
vi.mock('./addresses.ts', () => ({ isPublicAddress: (address: string) => address === '127.0.0.2' }));

const dns = vi.hoisted(() => ({ asked: [] as string[], answers: [] as string[] }));
vi.mock('node:dns', async (original) => ({
  ...(await original<typeof import('node:dns')>()),
  lookup: (host: string, _options: object, callback: Parameters<LookupFunction>[2]): void => {
    dns.asked.push(host);
    callback(null, [{ address: dns.answers.shift() ?? '127.0.0.1', family: 4 }]);
  },
}));

function request(url: string): Promise<unknown> {
  const context = createContext<RequestConfig>({ url });
  return createRequest({ blockPrivateAddresses: true })(context) as Promise<unknown>;
}

describe.skipIf(process.platform !== 'linux')('with private addresses blocked', () => {
  it('connects to the address that was checked, whatever the name server says next', async () => {
    const server = await startServer((_, response) => void response.end('public'), isPublic);
    dns.answers = [isPublic, '127.0.0.1'];
    expect(await request(`http://rebind.test:${server.port}/`)).toMatchObject({ body: 'public' });
    expect(dns.asked).toEqual(['rebind.test']);
    expect(server.requests[0]?.headers.host).toBe(`rebind.test:${server.port}`);
  });

  it.each(['http://127.0.0.1:PORT/', 'http://inside.test:PORT/'])(
    'refuses a redirect to %s',
    async (location) => {
      const inside = await startServer((_, response) => void response.end('private'));
      const to = location.replace('PORT', String(inside.port));
      const server = await startServer(
        (_, response) => void response.writeHead(302, { location: to }).end(),
        isPublic,
      );
      expect(await failure(request(server.url))).toMatchObject({ code: 'HTTP_BLOCKED', retryable: false });
      expect(server.requests).toHaveLength(1);
      expect(inside.requests).toEqual([]);
    },
  );
});
