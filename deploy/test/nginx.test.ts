import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import {
  createCertificate,
  freePort,
  makeTempFolder,
  removeFolder,
  type ServerProcess,
  startServer,
} from '@vwmp/test-servers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { textOf } from '../src/files.ts';
import { command, environment } from './vwmp.ts';

const config = textOf('nginx/vwmp.conf');
/** What the file asks of the server. */
const wanted = Object.fromEntries(
  [...config.matchAll(/^#\s+(VWMP_\w+)=(\S+)$/gm)].map(([, name, value]) => [name!, value!]),
);
const key = 'k'.repeat(40);
const origin = wanted.VWMP_API_ORIGINS!;
const certificate = createCertificate('127.0.0.1');
const folder = makeTempFolder('nginx');
let port: number;
let vwmp: ServerProcess;
let nginx: ServerProcess;

beforeAll(async () => {
  const [behind, before] = [await freePort(), await freePort()];
  port = before;
  const env = environment({
    ...{ ...wanted, VWMP_API_PORT: String(behind), VWMP_API_KEYS: `ops:admin:${key}` },
    ...{ VWMP_SQLITE_PATH: join(folder, 'vwmp.db'), VWMP_LOG_FORMAT: 'json' },
  });
  vwmp = await startServer({ program: process.execPath, args: [command, 'serve'], folder, env });
  writeFileSync(join(folder, 'tls.pem'), certificate.cert);
  writeFileSync(join(folder, 'tls.key'), certificate.key);
  const here = config
    .replace('127.0.0.1:8080', `127.0.0.1:${behind}`)
    .replace('listen 443', `listen 127.0.0.1:${before}`)
    .replace(/ssl_certificate .*;/, `ssl_certificate ${folder}/tls.pem;`)
    .replace(/ssl_certificate_key .*;/, `ssl_certificate_key ${folder}/tls.key;`);
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join('\n');
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off;\npid ${folder}/pid;\nerror_log stderr notice;\nevents {}\nhttp {\naccess_log off;\n${paths}\n${here}}\n`,
  );
  nginx = await startServer({ program: 'nginx', args: ['-c', join(folder, 'nginx.conf')], folder });
  await Promise.all([vwmp.wrote('VWMP is ready.'), nginx.wrote('start worker process')]);
});
afterAll(async () => {
  for (const each of [nginx, vwmp]) each?.signal('SIGTERM');
  await Promise.all([nginx?.ended, vwmp?.ended]);
  removeFolder(folder);
});

interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** As a browser that shows a page of the origin asks. */
function ask(path: string, { method = 'GET', headers = {}, body }: Asked = {}) {
  const sent = request({
    ...{ host: '127.0.0.1', port, path, method, ca: certificate.cert },
    // The certificate is one of the address.
    checkServerIdentity: () => undefined,
    headers: {
      host: new URL(origin).host,
      origin,
      ...(headers.upgrade ? {} : { authorization: `Bearer ${key}` }),
      ...headers,
    },
  });
  sent.end(body);
  return sent;
}

function answerTo(path: string, asked?: Asked) {
  return new Promise<{ status: number; headers: IncomingHttpHeaders; text: string }>((resolve, reject) => {
    ask(path, asked)
      .on('error', reject)
      .on('response', (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        answer.on('end', () => resolve({ status: answer.statusCode!, headers: answer.headers, text }));
      });
  });
}

const workflow = `id: ask
name: Ask
steps:
  - { id: ask, handler: core.approval, config: { prompt: May it? } }
`;

async function startWaiting(): Promise<string> {
  const path = '/api/vwmp/workflows/';
  await answerTo(path, { method: 'POST', headers: { 'content-type': 'application/yaml' }, body: workflow });
  const { status, text } = await answerTo(`${path}ask/execute/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  expect(status).toBe(202);
  return (JSON.parse(text) as { execution_id: string }).execution_id;
}

test('the page, the API and its answers get through, and what is for operators does not', async () => {
  const page = await answerTo('/');
  expect(page.status).toBe(200);
  expect(page.headers['strict-transport-security']).toContain('max-age');
  expect(await answerTo('/api/vwmp/workflows/')).toMatchObject({ status: 200 });
  expect(await answerTo('/healthz')).toMatchObject({ status: 200 });
  for (const path of ['/metrics', '/metrics/', '//metrics', '/metrics?x', '/readyz', '/readyz/', '/%72eadyz'])
    expect(await answerTo(path)).toMatchObject({ status: 404 });
  const other = await answerTo('/api/vwmp/workflows/', { headers: { origin: 'https://else.example.com' } });
  expect(other.text).toContain('ORIGIN_REFUSED');
});

test('events get through as they happen, over a socket and as a stream', async () => {
  const id = await startWaiting();
  const socket = await new Promise<string>((resolve, reject) => {
    const headers = {
      ...{ connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
      'sec-websocket-key': randomBytes(16).toString('base64'),
      'sec-websocket-protocol': `vwmp, vwmp.key.${key}`,
    };
    ask(`/ws/vwmp/executions/${id}?after=0`, { headers })
      .on('error', reject)
      .on('response', ({ statusCode }) => reject(new Error(`It was answered with ${statusCode}.`)))
      .on('upgrade', (_answer, stream, head: Buffer) => {
        let read = '';
        const take = (chunk: Buffer): void => {
          read += String(chunk);
          if (read.includes('step_waiting')) resolve(read);
        };
        take(head);
        stream.on('data', take);
      });
  });
  expect(socket).toContain(id);
  const stream = await new Promise<string>((resolve, reject) => {
    ask(`/api/vwmp/executions/${id}/events/`, { headers: { accept: 'text/event-stream' } })
      .on('error', reject)
      .on('response', (answer) => {
        let read = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          read += chunk;
          if (!read.includes('step_waiting')) return;
          resolve(read);
          answer.destroy();
        });
      });
  });
  expect(stream).toContain('data:');
});
