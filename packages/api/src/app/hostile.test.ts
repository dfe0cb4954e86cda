import type { Platform } from '@vwmp/core/platform';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPlatform } from '../live/testing/platform.ts';
import { createHarness, type Harness } from '../testing/harness.ts';
import { createWorld, documents } from '../testing/world.ts';

const at = (path: string): string => `/api/vwmp${path}`;
const json = { 'content-type': 'application/json' };
const yaml = { 'content-type': 'application/yaml' };

let platform: Platform;
let harness: Harness;

beforeAll(async () => {
  platform = await openPlatform({}, { VWMP_API_RATE: 'off', VWMP_API_ORIGINS: 'https://tools.example' });
  await createWorld(platform);
  harness = createHarness(platform);
});
afterAll(() => platform.close());

const deep = (open: string, close: string, levels: number): string =>
  open.repeat(levels) + close.repeat(levels);
const bytes = (...values: number[]): Uint8Array => new Uint8Array(values);

test.each([
  ['parameters that there are none of', Array.from({ length: 2000 }, (_, n) => `q${n}=1`).join('&')],
  ['values that are not allowed', `status=${'x,'.repeat(6000)}`],
])('a query with thousands of %s is answered in brief', async (_what, query) => {
  const { status, text, body } = await harness.send({ path: at(`/executions/?${query}`) });
  expect([status, body.error.code]).toEqual([400, 'REQUEST_INVALID']);
  expect(body.error.details).toHaveLength(20);
  expect(body.error.message).toContain('has at least 20 problems');
  expect(text.length).toBeLessThan(query.length);
});

test('of a body all problems are told at once', async () => {
  const body = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`k${n}`, 1]));
  const answer = await harness.send({ method: 'POST', path: at('/workflows/hello/execute/'), body });
  expect(answer.body.error.details).toHaveLength(30);
  expect(answer.body.error.message).toContain('has 30 problems');
});

describe('bodies', () => {
  const execute = at('/workflows/hello/execute/');
  const create = at('/workflows/');
  const validDocument = JSON.stringify({ ...documents.hello, id: 'x' });

  type Sent = [what: string, path: string, body: string | Uint8Array, status: number, code: string];
  test.each<Sent>([
    ['nothing where something is needed', create, '', 400, 'REQUEST_INVALID'],
    ['a list', execute, '[]', 400, 'REQUEST_INVALID'],
    ['null', execute, 'null', 400, 'REQUEST_INVALID'],
    ['a number', execute, '12', 400, 'REQUEST_INVALID'],
    ['parameters that are a list', execute, '{"parameters": [1]}', 400, 'REQUEST_INVALID'],
    ['parameters that are null', execute, '{"parameters": null}', 400, 'REQUEST_INVALID'],
    ['an unknown key', execute, '{"params": {}}', 400, 'REQUEST_INVALID'],
    ['a priority that is text', execute, '{"priority": "1"}', 400, 'REQUEST_INVALID'],
    ['a priority beyond what is told apart', execute, '{"priority": 1e300}', 400, 'REQUEST_INVALID'],
    ['JSON that ends', execute, '{"parameters": {"who": "x', 400, 'REQUEST_INVALID'],
    ['JSON with a comma too many', execute, '{"parameters": {},}', 400, 'REQUEST_INVALID'],
    ['a key that stands twice', execute, '{"parameters": {"who": "a", "who": "b"}}', 400, 'REQUEST_INVALID'],
    ...[
      '9007199254740993',
      '-12345678901234567890',
      '1e400',
      '9007199254740993.0',
      '-12345678901234567.5',
      '1e-400',
    ].map(
      (number): Sent => [
        `the number ${number}, which would be another one`,
        execute,
        `{"parameters": {"who": [1, {"id": ${number}}]}}`,
        400,
        'REQUEST_INVALID',
      ],
    ),
    // What a double is written with is none of these: it is read, and only then no text.
    ['2 ** 64', execute, JSON.stringify({ parameters: { who: 2 ** 64 } }), 422, 'PARAMETERS_INVALID'],
    [
      'a number with too many digits in a document',
      create,
      validDocument.replace('"name"', '"timeout":12345678901234567890,"name"'),
      422,
      'DOCUMENT_INVALID',
    ],
    [
      'a key that stands twice, escaped',
      execute,
      '{"parameters": {"who": "a", "wh\\u006f": "b"}}',
      400,
      'REQUEST_INVALID',
    ],
    ['__proto__', execute, '{"parameters": {"__proto__": {"admin": true}}}', 400, 'REQUEST_INVALID'],
    ['__proto__, escaped', execute, '{"__prot\\u006f__": {}}', 400, 'REQUEST_INVALID'],
    ['constructor as a parameter', execute, '{"parameters": {"constructor": 1}}', 422, 'PARAMETERS_INVALID'],
    ['lists too deep', execute, `{"parameters": {"who": ${deep('[', ']', 100)}}}`, 400, 'REQUEST_INVALID'],
    ['a million lists', execute, `{"parameters": ${deep('[', ']', 1_000_000)}}`, 400, 'REQUEST_INVALID'],
    [
      'objects too deep',
      execute,
      `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
      400,
      'REQUEST_INVALID',
    ],
    ['bytes that are no UTF-8', execute, bytes(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d), 400, 'REQUEST_INVALID'],
    ['half a character', execute, bytes(0x22, 0xe2, 0x82, 0x22), 400, 'REQUEST_INVALID'],
    ['NUL', execute, '\0', 400, 'REQUEST_INVALID'],
    ['a document that is a list', create, '[]', 422, 'DOCUMENT_INVALID'],
    ['a document that is a text', create, '"x"', 422, 'DOCUMENT_INVALID'],
    [
      'a document with a step twice',
      create,
      validDocument.replace(
        '"steps":[',
        '"steps":[{"id":"greet","handler":"core.set","config":{"value":1}},',
      ),
      422,
      'DOCUMENT_INVALID',
    ],
    [
      'a document with a key twice',
      create,
      '{"name": "a", "name": "b", "steps": []}',
      400,
      'REQUEST_INVALID',
    ],
    [
      'an id that leads out',
      create,
      validDocument.replace('"id":"x"', '"id":"../../etc/passwd"'),
      422,
      'DOCUMENT_INVALID',
    ],
    ['an id with a slash', create, validDocument.replace('"id":"x"', '"id":"a/b"'), 422, 'DOCUMENT_INVALID'],
    [
      'an id that is too long',
      create,
      validDocument.replace('"id":"x"', `"id":"${'a'.repeat(65)}"`),
      422,
      'DOCUMENT_INVALID',
    ],
  ])('%s', async (_what, path, body, status, code) => {
    const answer = await harness.send({ method: 'POST', path, body, headers: json });
    expect({ status: answer.status, code: answer.body.error.code }).toEqual({ status, code });
    expect(answer.body.error.message.length).toBeLessThan(1000);
  });

  test.each<[what: string, text: string, problem: string]>([
    ['a key twice', 'name: a\nname: b\nsteps: []\n', 'DUPLICATE_KEY'],
    ['too deep', `name: a\nsteps: ${deep('[', ']', 200)}\n`, 'LIMIT'],
    [
      'aliases that grow',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
        .split('')
        .map((name, n) => `${name}: &${name} [${`*${'abcdefgh'[n]},`.repeat(9)}]`)
        .join('\n')}\n`,
      'LIMIT',
    ],
    ['__proto__', 'name: a\n__proto__: { x: 1 }\nsteps: []\n', 'UNSAFE_KEY'],
    ['a tag', 'name: !!js/function "x"\nsteps: []\n', 'SYNTAX'],
    ['two documents', 'name: a\n---\nname: b\n', 'SYNTAX'],
    ['a tab', 'name:\n\t- a\n', 'SYNTAX'],
    ['fifty thousand keys twice', 'a: 1\n'.repeat(50_000), 'DUPLICATE_KEY'],
    ['half a million numbers', `name: a\nlist: [${'1,'.repeat(500_000)}1]\n`, 'LIMIT'],
    ['too many steps', `name: a\nsteps: [${'{id: a,handler: core.set},'.repeat(10_001)}]\n`, 'LIMIT'],
  ])('YAML with %s', async (_what, body, problem) => {
    const checked = await harness.send({
      method: 'POST',
      path: at('/workflows/validate'),
      body,
      headers: yaml,
    });
    expect(checked.status).toBe(200);
    expect(checked.body.valid).toBe(false);
    expect(checked.body.problems.map(({ code }: { code: string }) => code)).toContain(problem);
    const refused = await harness.send({ method: 'POST', path: create, body, headers: yaml });
    expect(refused).toMatchObject({ status: 422, body: { error: { code: 'DOCUMENT_INVALID' } } });
  });

  test('a document of JSON that would grow too large as YAML can be read again, whether it is new or replaces one', async () => {
    const value = Array.from({ length: 90_000 }, () => ({ a: 1 }));
    const steps = [{ id: 'a', handler: 'core.set', config: { value } }];
    const body = JSON.stringify({ id: 'grown', name: 'Grown', steps });
    const path = at('/workflows/grown/');
    expect(await harness.send({ method: 'POST', path: create, body, headers: json })).toMatchObject({
      status: 201,
    });
    expect(await platform.start('grown')).toMatchObject({ created: true });
    const other = body.replace('Grown', 'Grown more');
    expect(await harness.send({ method: 'PUT', path, body: other, headers: json })).toMatchObject({
      status: 200,
    });
    expect(await platform.start('grown')).toMatchObject({ created: true });
    await platform.workflows.remove('grown', (await platform.workflows.get('grown'))!.rev);
  }, 60_000);

  test('one that is too large is not read, whether it says so or not', async () => {
    const large = ' '.repeat(2 * 1024 * 1024 + 1);
    const said = await harness.send({ method: 'POST', path: create, body: large, headers: yaml });
    expect(said.status).toBe(413);
    let pulled = 0;
    const endless = new ReadableStream({
      pull(controller) {
        pulled++;
        controller.enqueue(new TextEncoder().encode(large.slice(0, 65_536)));
      },
    });
    const response = await harness.app.request(create, {
      method: 'POST',
      headers: { host: 'localhost', ...yaml },
      body: endless,
      duplex: 'half',
    } as RequestInit);
    expect(response.status).toBe(413);
    expect(pulled).toBeLessThan(50);
  });

  test('one that is compressed is not read', async () => {
    const headers = { ...json, 'content-encoding': 'gzip' };
    const answer = await harness.send({ method: 'POST', path: create, body: bytes(0x1f, 0x8b), headers });
    expect(answer.status).toBe(415);
  });

  test.each(['utf-16', '"ISO-8859-1"', 'x'])('one that is said to be %s is not read', async (charset) => {
    const headers = { 'content-type': `application/json; charset=${charset}` };
    const answer = await harness.send({ method: 'POST', path: create, body: validDocument, headers });
    expect(answer).toMatchObject({ status: 415, body: { error: { code: 'MEDIA_TYPE_UNSUPPORTED' } } });
  });

  test('a byte order mark and other names of JSON and YAML are fine', async () => {
    const send = (body: string, type: string) =>
      harness.send({
        method: 'POST',
        path: at('/workflows/validate/'),
        body,
        headers: { 'content-type': type },
      });
    for (const type of [
      'application/json; charset=utf-8',
      'application/json;charset="UTF8"; profile=x',
      'application/json; charset=',
      "application/json; charset='utf-8'",
      'application/json; profile="; charset=utf-16"',
      'application/vnd.api+json',
      'text/plain',
      'APPLICATION/JSON',
    ])
      expect((await send(`\uFEFF${validDocument}`, type)).body).toMatchObject({ valid: true });
    for (const type of ['text/yaml', 'application/x-yaml', 'text/plain'])
      expect(
        (await send('name: x\nsteps: [{id: a, handler: core.log, config: {message: x}}]', type)).body,
      ).toMatchObject({ valid: true });
  });

  test('nothing is stored of what was refused', async () => {
    const { count } = await platform.workflows.list();
    expect(count).toBe(Object.keys(documents).length);
  });
});

describe('paths', () => {
  test.each([
    '/workflows/..%2f..%2fetc%2fpasswd/',
    '/workflows/%2e%2e/',
    '/workflows/__proto__/',
    '/workflows/constructor/versions/',
    '/workflows/%00/',
    '/workflows/%ff/',
    `/workflows/${'a'.repeat(5000)}/`,
    '/executions/..%2f..%2f/',
    '/executions/__proto__/',
    '/executions/%00/events/',
    '/executions/%ed%a0%80/',
    `/executions/${'a'.repeat(201)}/logs/`,
    '/executions/x/approvals/a%2fb/',
    '/step-handlers/__proto__/',
    '/step-handlers/core.__proto__/schema/',
    '/step-handlers/..%2fcore.set/',
    '/workflow-types/__proto__/',
    '/workflow-types/toString/',
    '/queues/..%2f/',
    '/queues/a%20b/dead/',
    '/schedules/%2e%2e%2f/',
    '/nothing/',
    '/',
    '',
    '/workflows/a/b/c/d',
  ])('%s is not there', async (path) => {
    const answer = await harness.send({ path: at(path) });
    expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 404 });
    expect(answer.body.error.request_id).toBeTruthy();
  });

  test('with and without the final slash they are the same', async () => {
    for (const path of [
      '/workflows',
      '/workflows/hello',
      '/executions',
      '/step-handlers/core.set/schema',
      '/queues',
    ]) {
      const [without, with_] = [
        await harness.send({ path: at(path) }),
        await harness.send({ path: at(`${path}/`) }),
      ];
      expect(without.status).toBe(200);
      expect(without.text).toBe(with_.text);
    }
  });
});

describe('queries', () => {
  test.each([
    '?limit=0',
    '?limit=501',
    '?limit=1e2',
    '?limit=-1',
    '?limit=abc',
    '?limit=',
    '?limit=1&limit=2',
    '?cursor=%00',
    '?q=%00',
    '?cursor=%0a',
    '?status=unknown',
    '?started_after=yesterday',
    '?started_after=2026-99-99T00:00:00Z',
    '?__proto__=1',
    '?constructor=1',
    `?q=${'x'.repeat(501)}`,
  ])('%s is refused', async (query) => {
    const { status, body } = await harness.send({ path: at(`/executions/${query}`) });
    expect({ status, body }).toMatchObject({ status: 400, body: { error: { code: 'REQUEST_INVALID' } } });
  });

  test('all that is wrong is told at once', async () => {
    const { body } = await harness.send({ path: at('/executions/?limit=0&status=a,success,b&nope=1') });
    const paths = body.error.details.map(({ path }: { path: string }) => path);
    expect(paths).toEqual(['query.limit', 'query.status', 'query.status', 'query.nope']);
  });
});

describe('methods', () => {
  test('others are answered with those that there are', async () => {
    const { status, headers } = await harness.send({ method: 'PATCH', path: at('/workflows/hello/') });
    expect(status).toBe(405);
    expect(headers.get('allow')).toBe('GET, HEAD, PUT, DELETE, OPTIONS');
    const { status: unknown } = await harness.send({ method: 'PROPFIND', path: at('/nothing') });
    expect(unknown).toBe(404);
    const opened = await harness.send({ path: '/webhooks/in' });
    expect({ status: opened.status, allow: opened.headers.get('allow') }).toEqual({
      status: 405,
      allow: 'POST, OPTIONS',
    });
  });

  test('pages are read, and nothing else', async () => {
    for (const path of ['/', '/docs', '/docs/', '/openapi.json', '/docs/docs.js']) {
      const { status, headers } = await harness.send({ method: 'POST', path });
      expect({ path, status, allow: headers.get('allow') }).toEqual({
        ...{ path, status: 405, allow: 'GET, HEAD, OPTIONS' },
      });
      const origin = 'https://tools.example';
      const preflight = await harness.send({ method: 'OPTIONS', path, headers: { origin } });
      expect(preflight.status).toBe(204);
      expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
    }
  });

  test('HEAD says what GET would, without a body', async () => {
    const head = await harness.send({ method: 'HEAD', path: at('/workflows/hello/') });
    const get = await harness.send({ path: at('/workflows/hello/') });
    expect({ status: head.status, text: head.text }).toEqual({ status: 200, text: '' });
    expect(head.headers.get('etag')).toBe(get.headers.get('etag'));
    expect((await harness.send({ method: 'HEAD', path: at('/workflows/none/') })).status).toBe(404);
  });

  test('OPTIONS says what there is, and to pages of listed origins that they may', async () => {
    const plain = await harness.send({ method: 'OPTIONS', path: at('/workflows/') });
    expect(plain.status).toBe(204);
    expect(plain.headers.get('allow')).toBe('GET, HEAD, POST, OPTIONS');
    expect(plain.headers.get('access-control-allow-origin')).toBeNull();
    const origin = 'https://tools.example';
    const headers = { origin, 'access-control-request-method': 'PUT' };
    const preflight = await harness.send({ method: 'OPTIONS', path: at('/workflows/hello'), headers });
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
    const answer = await harness.send({ path: at('/workflows/'), headers: { origin } });
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    const foreign = { origin: 'https://evil.example' };
    expect((await harness.send({ method: 'OPTIONS', path: at('/workflows'), headers: foreign })).status).toBe(
      403,
    );
  });
});

test('every answer has the headers of security and a request id; that of a proxy is kept when it is one', async () => {
  const one = await harness.send({ path: at('/workflows/') });
  expect(one.headers.get('x-content-type-options')).toBe('nosniff');
  expect(one.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(one.headers.get('cache-control')).toBe('no-store');
  const id = async (given: string): Promise<string | null> =>
    (await harness.send({ path: at('/none'), headers: { 'x-request-id': given } })).headers.get(
      'x-request-id',
    );
  expect(await id('trace-1')).toBe('trace-1');
  for (const bad of ['a b', '<script>', 'x'.repeat(129)]) expect(await id(bad)).not.toBe(bad);
});

test('a name that is resolved to this machine by someone else is refused', async () => {
  const answer = await harness.send({ path: at('/workflows/'), headers: { host: 'evil.example' } });
  expect(answer).toMatchObject({ status: 403, body: { error: { code: 'HOST_REFUSED' } } });
});

test.each([
  'c\u202ei',
  '\u2066ci',
  'ci\u200b',
  '\ufeffci',
  'c\u00adi',
  'ci\u0085',
  'c\u2028i',
  '\u3164',
  'ci\ufe0f',
  'ci\u{e0001}',
])('an API key is not given a name in which something cannot be seen: %j', async (name) => {
  const body = { name, role: 'viewer' };
  const answer = await harness.send({ method: 'POST', path: at('/keys/'), body });
  expect(answer).toMatchObject({ status: 400, body: { error: { code: 'REQUEST_INVALID' } } });
});

test('an API key is given a name in any language', async () => {
  for (const name of ['Zoë', 'пётр 2', '山田', 'ci-🚀', 'אבג', 'हिन्दी']) {
    const body = { name, role: 'viewer' };
    expect(await harness.send({ method: 'POST', path: at('/keys/'), body })).toMatchObject({ status: 201 });
  }
});

test('an idempotency key that is no key is refused', async () => {
  const headers = { 'idempotency-key': 'x'.repeat(201) };
  const { status } = await harness.send({ method: 'POST', path: at('/workflows/hello/execute'), headers });
  expect(status).toBe(400);
});
