import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/** Asks a server that runs from the built package for everything that clients usually ask for, and says what Node has loaded. */
const program = `
const { createPlatform } = await import('@vwmp/core/platform');
const { readSettings } = await import('@vwmp/core/settings');
const { createServer } = await import('@vwmp/api');
const { request: send } = process.getBuiltinModule('node:http');
const env = { VWMP_DATABASE_BACKEND: 'memory', VWMP_API_PORT: '0', VWMP_API_RATE: 'off' };
const platform = await createPlatform(readSettings(env, { cwd: '/nowhere' }).settings, { logger: { log() {} } });
await platform.open();
const server = createServer(platform);
const { port } = await server.listen();
const ask = (method, path, body, headers = {}) =>
  new Promise((resolve, reject) => {
    const request = send({ host: '127.0.0.1', port, method, path, headers, agent: false }, async (response) => {
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text += chunk;
      resolve({ method, path, status: response.statusCode, text });
    });
    request.on('error', reject).end(body);
  });
const json = { 'content-type': 'application/json' };
const document = JSON.stringify({
  id: 'a',
  name: 'A',
  parameters: [{ name: 'x', type: 'integer', default: 1 }],
  triggers: [{ webhook: 'in', signature: 'none' }],
  steps: [{ id: 'set', handler: 'core.set', config: { value: '\${parameters.x + 1}' } }],
});
const api = '/api/vwmp';
const answers = [
  await ask('GET', '/healthz'),
  await ask('GET', api + '/workflows/none/'),
  await ask('POST', api + '/workflows/', document, json),
  await ask('POST', api + '/workflows/', document, { ...json, 'transfer-encoding': 'chunked' }),
  await ask('GET', api + '/workflows/a/'),
  await ask('POST', api + '/workflows/a/execute/?wait=1m'),
  await ask('POST', api + '/workflows/a/execute/?wait=1m', '{"parameters":{"x":2}}', json),
  await ask('POST', api + '/workflows/a/execute/', '{"parameters":{"x":"no"}}', json),
  await ask('POST', api + '/workflows/a/execute/', 'x'.repeat(20000000), { ...json, 'transfer-encoding': 'chunked' }),
  await ask('POST', '/webhooks/in', '{"a":1}', json),
  await ask('POST', '/webhooks/none', '{"a":1}', json),
];
const { id } = JSON.parse(answers[6].text);
answers.push(
  await ask('GET', api + '/executions/' + id + '/events/', undefined, { accept: 'text/event-stream' }),
  await ask('GET', api + '/executions/' + id + '/'),
  await ask('GET', '/nowhere'),
  await ask('PUT', api + '/queues/'),
  await ask('OPTIONS', api + '/queues/'),
  await ask('GET', '/docs'),
  await ask('GET', '/openapi.json'),
  await ask('DELETE', api + '/workflows/a/'),
);
const loaded = process.moduleLoadList.filter((name) => /undici|http2$/.test(name));
const { createApp } = await import('@vwmp/api');
const mounted = await createApp(platform).request('http://127.0.0.1' + api + '/queues/');
console.log(JSON.stringify({
  loaded,
  mounted: [mounted.status, mounted instanceof Response, (await mounted.json()).count],
  statuses: answers.map(({ method, path, status }) => method + ' ' + path.replace(id, 'ID') + ' ' + status),
  events: answers[11].text.split('\\n\\n').length > 4,
  own: Object.getOwnPropertyDescriptor(globalThis, 'Response').writable,
}));
process.exit();
`;

it('answers what clients usually ask for without loading what implements fetch, and leaves its classes to the program', () => {
  const folder = fileURLToPath(new URL('../..', import.meta.url));
  expect(existsSync(`${folder}dist/index.js`), 'the built package: npm run build').toBe(true);
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], { cwd: folder });
  expect(JSON.parse(String(output))).toMatchInlineSnapshot(`
    {
      "events": true,
      "loaded": [],
      "mounted": [
        200,
        true,
        1,
      ],
      "own": true,
      "statuses": [
        "GET /healthz 200",
        "GET /api/vwmp/workflows/none/ 404",
        "POST /api/vwmp/workflows/ 201",
        "POST /api/vwmp/workflows/ 409",
        "GET /api/vwmp/workflows/a/ 200",
        "POST /api/vwmp/workflows/a/execute/?wait=1m 200",
        "POST /api/vwmp/workflows/a/execute/?wait=1m 200",
        "POST /api/vwmp/workflows/a/execute/ 422",
        "POST /api/vwmp/workflows/a/execute/ 413",
        "POST /webhooks/in 202",
        "POST /webhooks/none 404",
        "GET /api/vwmp/executions/ID/events/ 200",
        "GET /api/vwmp/executions/ID/ 200",
        "GET /nowhere 404",
        "PUT /api/vwmp/queues/ 405",
        "OPTIONS /api/vwmp/queues/ 204",
        "GET /docs 200",
        "GET /openapi.json 200",
        "DELETE /api/vwmp/workflows/a/ 204",
      ],
    }
  `);
}, 60_000);
