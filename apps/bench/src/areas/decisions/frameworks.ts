import type { Scenario } from '../../scenario.ts';
import { type Candidate, measureCandidates } from './candidate.ts';

/** Sixteen requests at a time over connections that stay open, from the same process: what the framework adds, it adds to each. */
const client = `
import { request, Agent } from 'node:http';
const agent = new Agent({ keepAlive: true, maxSockets: 16 });
const one = () => new Promise((resolve, reject) => request({ port, host: '127.0.0.1', path: '/things/7', agent }, (answer) => {
  let text = '';
  answer.setEncoding('utf8').on('data', (part) => (text += part)).on('end', () => text === '{"id":"7"}' ? resolve() : reject(new Error(text)));
}).on('error', reject).end());
const sixteen = () => Promise.all(Array.from({ length: 16 }, one));
`;

/** Listening, and having answered once: then nothing is loaded lazily any more. */
const framework = (name: string, packages: readonly string[], listen: string): Candidate => ({
  name,
  packages,
  ready: `${listen}\n${client}\nawait one();`,
  work: 'sixteen()',
});

const candidates: readonly Candidate[] = [
  framework(
    'node:http',
    [],
    `const http = process.getBuiltinModule('node:http');
const port = await new Promise((ready) => { const server = http.createServer((request, response) => {
  const [, id] = /^\\/things\\/([^/]+)$/.exec(request.url) ?? [];
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ id }));
}).listen(0, '127.0.0.1', () => ready(server.address().port)); });`,
  ),
  framework(
    'hono',
    ['hono@4', '@hono/node-server@2'],
    `const { Hono } = await import('hono'); const { serve } = await import('@hono/node-server');
const app = new Hono().get('/things/:id', (c) => c.json({ id: c.req.param('id') }));
const port = await new Promise((ready) => serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, (info) => ready(info.port)));`,
  ),
  framework(
    'fastify',
    ['fastify@5'],
    `const { default: fastify } = await import('fastify'); const app = fastify();
app.get('/things/:id', async (request) => ({ id: request.params.id }));
await app.listen({ port: 0, host: '127.0.0.1' }); const port = app.server.address().port;`,
  ),
  framework(
    'express',
    ['express@5'],
    `const { default: express } = await import('express'); const app = express();
app.get('/things/:id', (request, response) => response.json({ id: request.params.id }));
const port = await new Promise((ready) => { const server = app.listen(0, '127.0.0.1', () => ready(server.address().port)); });`,
  ),
  framework(
    'koa',
    ['koa@3', '@koa/router@15'],
    `const { default: Koa } = await import('koa'); const { Router } = await import('@koa/router'); const app = new Koa();
app.use(new Router().get('/things/:id', (c) => { c.body = { id: c.params.id }; }).routes());
const port = await new Promise((ready) => { const server = app.listen(0, '127.0.0.1', () => ready(server.address().port)); });`,
  ),
];

export const frameworksScenario: Scenario = {
  name: 'api',
  title: 'frameworks for the API: listening and one answer; sixteen requests at a time',
  about:
    'What a framework adds to a bare server in start, memory and time per request: why the API is on Hono.',
  measure: (bench) =>
    measureCandidates(bench, 'api', candidates, {
      what: 'sixteen requests and answers, client included',
      unit: 'µs',
      times: bench.choose(1500, 300),
    }),
};
