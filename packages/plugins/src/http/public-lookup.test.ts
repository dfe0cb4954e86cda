import type { LookupFunction } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createContext } from '../testing/context.ts';
import { failure } from '../testing/failure.ts';
import { startServer } from '../testing/server.ts';
import { createHttp } from './index.ts';
import { createRequest, type RequestConfig } from './request.ts';

/** Answers of the name server, by host: the one thing here that is not real. */
const names = vi.hoisted(() => new Map<string, { address: string; family: number }[][]>());

vi.mock('node:dns', async (original) => {
  const real = await original<typeof import('node:dns')>();
  const lookup = (host: string, options: object, callback: Parameters<LookupFunction>[2]): void => {
    const answers = names.get(host);
    if (answers === undefined) real.lookup(host, options as { all: true }, callback);
    else callback(null, answers.shift() ?? []);
  };
  return { ...real, lookup };
});

afterEach(() => names.clear());

function request(url: string): Promise<unknown> {
  return createRequest({ blockPrivateAddresses: true })(
    createContext<RequestConfig>({ url, timeout: '2s' }),
  ) as Promise<unknown>;
}

describe('with private addresses blocked', () => {
  it.each([
    'http://127.0.0.1:PORT/',
    'http://127.1:PORT/',
    'http://2130706433:PORT/',
    'http://0x7f000001:PORT/',
    'http://0177.0.0.1:PORT/',
    'http://%31%32%37.0.0.1:PORT/',
    'http://127。0。0。1:PORT/',
    'http://①②⑦.0.0.1:PORT/',
    'http://0:PORT/',
    'http://[::1]:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://[0:0:0:0:0:ffff:7f00:1]:PORT/',
    'http://[64:ff9b::127.0.0.1]:PORT/',
    'http://localhost:PORT/',
    'http://LOCALHOST:PORT/',
    'http://user:secret@127.0.0.1:PORT/',
    'http://example.test@127.0.0.1:PORT/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/',
    'http://10.1.2.3/',
    'http://192.168.1.1/',
    'http://224.0.0.1/',
  ])('refuses %s', async (url) => {
    const server = await startServer((_, response) => void response.end('private'));
    const error = await failure(request(url.replace('PORT', String(server.port))));
    expect(error).toMatchObject({ code: 'HTTP_BLOCKED', retryable: false });
    expect(error.message).not.toContain('secret');
    expect(server.requests).toEqual([]);
  });

  it('refuses a public name with a private address, even among public ones', async () => {
    const server = await startServer((_, response) => void response.end('private'));
    names.set('one.test', [[{ address: '127.0.0.1', family: 4 }]]);
    names.set('two.test', [
      [
        { address: '93.184.216.34', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ],
    ]);
    names.set('six.test', [[{ address: '::ffff:127.0.0.1', family: 6 }]]);
    for (const name of ['one', 'two', 'six']) {
      expect(await failure(request(`http://${name}.test:${server.port}/`))).toMatchObject({
        code: 'HTTP_BLOCKED',
      });
    }
    expect(server.requests).toEqual([]);
  });

  it('fails as without the setting when a name has no address', async () => {
    names.set('none.test', [[]]);
    expect(await failure(request('http://none.test/'))).toMatchObject({ code: 'HTTP_CONNECTION' });
  });
});

it('allows private addresses unless told otherwise', async () => {
  const server = await startServer((_, response) => void response.end('private'));
  const module = await createHttp().handlers?.request?.load?.();
  const context = createContext({ url: `http://localhost:${server.port}/` });
  expect(await module?.execute(context as never)).toMatchObject({ body: 'private' });
});
