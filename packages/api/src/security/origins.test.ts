import { expect, test } from 'vitest';
import { askerOf, createClientAddress } from './client-address.ts';
import { hostName, isLoopback } from './hosts.ts';
import { createOrigins } from './origins.ts';

const codeOf = (run: () => unknown): string => {
  try {
    run();
    return 'ok';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

test('on this machine alone only its own names are answered: DNS rebinding gets nowhere', () => {
  const { check } = createOrigins({ listed: ['https://flows.example.com'], host: '127.0.0.1', auth: 'none' });
  for (const host of ['127.0.0.1:8080', 'localhost', 'LOCALHOST:1', '[::1]:8080', 'flows.example.com'])
    expect(
      codeOf(() => check({ host })),
      host,
    ).toBe('ok');
  const strange = [
    'evil.example',
    'localhost.evil.example:8080',
    '127.0.0.1.evil.example',
    '',
    'a b',
    '127.0.0.1@evil',
    '10.0.0.1',
    'localhost:8080/x',
  ];
  for (const host of strange)
    expect(
      codeOf(() => check({ host })),
      host,
    ).toBe('HOST_REFUSED');
  expect(codeOf(() => check({}))).toBe('HOST_REFUSED');
});

test('without authentication nothing is answered through a proxy', () => {
  const host = '127.0.0.1:8080';
  const none = createOrigins({ listed: [], host: '127.0.0.1', auth: 'none' });
  for (const header of ['x-forwarded-for', 'forwarded'])
    expect(codeOf(() => none.check({ host, [header]: '1.2.3.4' }))).toBe('HOST_REFUSED');
  const keys = createOrigins({ listed: [], host: '127.0.0.1', auth: 'keys' });
  expect(codeOf(() => keys.check({ host, 'x-forwarded-for': '1.2.3.4' }))).toBe('ok');
});

test('pages of other origins are refused unless they are listed', () => {
  const origins = createOrigins({ listed: ['https://Tools.example.com/'], host: '0.0.0.0', auth: 'keys' });
  const host = 'api.example.com';
  const codes = (origin?: string): string =>
    codeOf(() => origins.check({ host, ...(origin !== undefined && { origin }) }));
  for (const origin of [
    undefined,
    'https://api.example.com',
    'https://tools.example.com',
    'HTTPS://TOOLS.example.com',
  ])
    expect(codes(origin), origin).toBe('ok');
  const others = [
    'null',
    '',
    'https://evil.example',
    'https://tools.example.com.evil.example',
    'https://tools.example.com:8443',
    'http://tools.example.com',
    'file://api.example.com',
  ];
  for (const origin of others) expect(codes(origin), origin).toBe('ORIGIN_REFUSED');
});

test('browsers are told of listed origins only', () => {
  const { corsHeaders, preflightHeaders } = createOrigins({
    ...{ listed: ['https://a.example'], host: '0.0.0.0', auth: 'keys' },
  });
  const listed = new Headers({ origin: 'https://a.example' });
  expect(corsHeaders(listed)).toMatchObject({
    vary: 'Origin',
    'access-control-allow-origin': 'https://a.example',
  });
  for (const name of ['Authorization', 'Idempotency-Key', 'Last-Event-ID', 'traceparent', 'tracestate'])
    expect(preflightHeaders(listed)['access-control-allow-headers']).toContain(name);
  expect(Object.keys(corsHeaders(listed))).not.toContain('access-control-allow-credentials');
  const other = new Headers({ origin: 'https://b.example' });
  expect(corsHeaders(other)).toEqual({ vary: 'Origin' });
  expect(preflightHeaders(other)).toEqual({});
  const all = createOrigins({ listed: ['*'], host: '0.0.0.0', auth: 'keys' });
  expect(all.corsHeaders(other)['access-control-allow-origin']).toBe('https://b.example');
  expect(createOrigins({ listed: [], host: '0.0.0.0', auth: 'keys' }).corsHeaders(listed)).toEqual({});
});

test('names of this machine are told from others', () => {
  for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '::1', '[::1]'])
    expect(isLoopback(host), host).toBe(true);
  for (const host of ['0.0.0.0', '::', '1.127.0.0.1', '127.0.0.1.example.com', ''])
    expect(isLoopback(host), host).toBe(false);
  expect(hostName('[::1]:80')).toBe('[::1]');
  expect(hostName('a:b')).toBeUndefined();
});

test('the address of a client is what trusted proxies say', () => {
  const direct = createClientAddress([]);
  expect(direct({ 'x-forwarded-for': '1.1.1.1' }, '::ffff:10.0.0.1')).toBe('10.0.0.1');
  const behind = createClientAddress(['10.0.0.0/8', '::1', 'fd00::/8']);
  const cases: [remote: string, forwarded: string, client: string][] = [
    ['10.0.0.1', '1.1.1.1', '1.1.1.1'],
    ['10.0.0.1', '9.9.9.9, 1.1.1.1', '1.1.1.1'],
    ['::ffff:10.0.0.1', '9.9.9.9, 1.1.1.1, 10.2.3.4', '1.1.1.1'],
    ['::1', '2001:db8::1', '2001:db8::1'],
    ['fd00::7', '10.0.0.2', '10.0.0.2'],
    ['2.2.2.2', '1.1.1.1', '2.2.2.2'],
    ['10.0.0.1', 'unknown', '10.0.0.1'],
    ['10.0.0.1', '<script>, 10.0.0.3', '10.0.0.3'],
    ['10.0.0.1', '', '10.0.0.1'],
  ];
  for (const [remote, forwarded, client] of cases)
    expect(behind({ 'x-forwarded-for': forwarded }, remote), forwarded).toBe(client);
  expect(() => createClientAddress(['10.0.0.999'])).toThrow('VWMP_TRUSTED_PROXIES has "10.0.0.999"');
  expect(askerOf('2001:db8:1:2:3:4:5:6')).toBe(askerOf('2001:db8:1:2::9'));
  expect(askerOf('1.2.3.4')).toBe('1.2.3.4');
});
