import { request as send } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createProject, gated, type TestProject } from '../testing/platform.ts';
import { type Running, workflow } from '../testing/vwmp.ts';

const reading = workflow([{ id: 'a', handler: 'core.set', config: { value: '${"got " + secrets.TOKEN}' } }], {
  id: 'reading',
});
const gatedFlow = workflow([gated('a', 'gate')], { id: 'slow' });

/** Registers an SDK that appends each span to a file, as a user would register one that sends them. */
const tracing = `
import { createRequire } from 'node:module';
import { appendFileSync } from 'node:fs';
const require = createRequire(${JSON.stringify(join(import.meta.dirname, '../../../api/package.json'))});
const { context, propagation, trace } = require('@opentelemetry/api');
const { AsyncLocalStorageContextManager } = require('@opentelemetry/context-async-hooks');
const { W3CTraceContextPropagator } = require('@opentelemetry/core');
const { BasicTracerProvider, SimpleSpanProcessor } = require('@opentelemetry/sdk-trace-base');
const exporter = {
  export(spans, done) {
    for (const span of spans)
      appendFileSync('spans', JSON.stringify({ pid: process.pid, name: span.name, trace: span.spanContext().traceId }) + '\\n');
    done({ code: 0 });
  },
  shutdown: async () => {},
};
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
propagation.setGlobalPropagator(new W3CTraceContextPropagator());
`;

interface Served {
  running: Running;
  url: string;
  text(): string;
}

async function serve(
  project: TestProject,
  env: Record<string, string> = {},
  args: readonly string[] = [],
): Promise<Served> {
  const running = project.start(['serve', '--port', '0', '--json', ...args], { env });
  let text = '';
  running.child.stdout?.on('data', (chunk) => {
    text += String(chunk);
  });
  await running.until(/VWMP is ready\..*\n/);
  return { running, url: /"url":"([^"]+)"/.exec(text)![1]!, text: () => text };
}

const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });

describe('stopping', () => {
  test('SIGTERM lets an execution that somebody waits for end, and answers it', async () => {
    const project = createProject({ 'slow.yaml': gatedFlow });
    await project.ok(['workflows', 'save', 'slow.yaml']);
    const { running, url } = await serve(project);
    const answer = fetch(`${url}/api/vwmp/workflows/slow/execute/?wait=1m`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    await until(() => project.text('ran') !== '');
    running.child.kill('SIGTERM');
    await running.until(/The server stops/);
    // Nothing new is taken.
    await until(async () => (await fetch(`${url}/readyz`).catch(() => undefined))?.status !== 200);
    project.write('gate');
    const done = await answer;
    expect(done.status).toBe(200);
    expect(await done.json()).toMatchObject({ status: 'success' });
    expect((await running.outcome).code).toBe(0);
  });

  test('a second signal ends it at once', async () => {
    const project = createProject({ 'slow.yaml': gatedFlow });
    await project.ok(['workflows', 'save', 'slow.yaml']);
    const { running, url } = await serve(project);
    fetch(`${url}/api/vwmp/workflows/slow/execute/?wait=1m`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    }).catch(() => undefined);
    await until(() => project.text('ran') !== '');
    running.child.kill('SIGTERM');
    await running.until(/The server stops/);
    running.child.kill('SIGTERM');
    expect((await running.outcome).code).toBe(143);
  });

  test('after a SIGKILL the same port is taken again at once, with connections open', async () => {
    const project = createProject();
    const first = await serve(project);
    const port = new URL(first.url).port;
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => {});
    await new Promise((resolve) => socket.once('connect', resolve));
    await fetch(`${first.url}/api/vwmp/workflows/`);
    first.running.child.kill('SIGKILL');
    await first.running.outcome;
    const second = project.start(['serve', '--port', port]);
    await second.until(/VWMP is ready/);
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
    socket.destroy();
  });
});

describe('who gets in', () => {
  test('it does not listen where others reach it before somebody has a key, and says which command makes one', async () => {
    const project = createProject();
    for (const args of [['--host', '0.0.0.0'], []]) {
      const env: Record<string, string> = args.length === 0 ? { VWMP_API_HOST: '0.0.0.0' } : {};
      const { code, stderr } = await project.run(['serve', '--port', '0', ...args], { env });
      expect(code).not.toBe(0);
      expect(stderr).toContain('vwmp keys create NAME --role admin');
    }
    const none = await project.run(['serve'], { env: { VWMP_API_HOST: '0.0.0.0', VWMP_API_AUTH: 'none' } });
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('VWMP_API_AUTH') });
    await project.ok(['keys', 'create', 'ops', '--role', 'admin']);
    const { url } = await serve(project, {}, ['--host', '0.0.0.0']);
    const local = url.replace('0.0.0.0', '127.0.0.1');
    expect((await fetch(`${local}/api/vwmp/workflows/`)).status).toBe(401);
    expect((await fetch(`${local}/metrics`)).status).toBe(401);
    expect((await fetch(`${local}/healthz`)).status).toBe(200);
  });

  test('a key that is revoked in another process is refused five seconds later at the latest', async () => {
    const project = createProject();
    const key = await project.ok(['keys', 'create', 'ci', '--role', 'viewer']);
    const { url } = await serve(project, { VWMP_API_AUTH: 'keys' });
    const ask = async (): Promise<number> =>
      (await fetch(`${url}/api/vwmp/workflows/`, { headers: bearer(key) })).status;
    expect(await ask()).toBe(200);
    await project.ok(['keys', 'revoke', 'ci']);
    const revoked = Date.now();
    await until(async () => (await ask()) === 401);
    // What is refused then is refused for good; the clock only shows that it is not about minutes.
    expect(Date.now() - revoked).toBeLessThan(30_000);
    expect(await ask()).toBe(401);
  });

  test('a name that a page was made to resolve to this machine is refused', async () => {
    const { url } = await serve(createProject());
    const { port } = new URL(url);
    const status = await new Promise((resolve, reject) => {
      send(
        { host: '127.0.0.1', port, path: '/api/vwmp/workflows/', headers: { host: `evil.example:${port}` } },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      )
        .on('error', reject)
        .end();
    });
    expect(status).toBe(403);
  });
});

test('every line of the log is JSON with the ids of request and execution, and none holds a secret or a key', async () => {
  const project = createProject({ 'reading.yaml': reading });
  await project.ok(['secrets', 'set', 'TOKEN'], { input: 'open sesame' });
  await project.ok(['workflows', 'save', 'reading.yaml']);
  const key = await project.ok(['keys', 'create', 'ci', '--role', 'admin']);
  const { running, url } = await serve(project, { VWMP_LOG_LEVEL: 'debug', VWMP_API_AUTH: 'keys' });
  const done = await fetch(`${url}/api/vwmp/workflows/reading/execute/?wait=1m`, {
    method: 'POST',
    headers: { ...bearer(key), 'content-type': 'application/json', 'x-request-id': 'my-request' },
    body: '{"parameters": {}}',
  });
  const answer = await done.text();
  expect(answer).toContain('got ***');
  expect(done.headers.get('x-request-id')).toBe('my-request');
  await fetch(`${url}/api/vwmp/workflows/?q=sesame`, { headers: bearer(`${key.slice(0, -3)}AAA`) });
  running.child.kill('SIGTERM');
  const { stdout, stderr } = await running.outcome;
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  for (const line of lines)
    expect(line).toMatchObject({
      timestamp: expect.any(String),
      level: expect.any(String),
      message: expect.any(String),
    });
  expect(lines).toContainEqual(
    expect.objectContaining({
      request_id: 'my-request',
      status: 200,
      actor: 'ci',
      route: '/api/vwmp/workflows/{workflow_id}/execute/',
    }),
  );
  expect(lines).toContainEqual(expect.objectContaining({ level: 'info', status: 401 }));
  for (const secret of ['sesame', key, key.slice(18, 40)])
    expect(stdout + stderr + answer).not.toContain(secret);
});

test('a worker answers probes and metrics where it is told to', async () => {
  const project = createProject({
    'reading.yaml': workflow([{ id: 'a', handler: 'core.set', config: { value: 1 } }], { id: 'w' }),
  });
  const port = String(20_000 + (process.pid % 20_000));
  const worker = await project.worker({ env: { VWMP_PROBE_PORT: port, VWMP_LOG_FORMAT: 'json' } });
  await project.ok(['workflows', 'save', 'reading.yaml']);
  await project.ok(['start', 'w', '--wait']);
  const url = `http://127.0.0.1:${port}`;
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  await until(async () =>
    (await (await fetch(`${url}/metrics`)).text()).includes('executions_total{status="success"} 1'),
  );
  expect((await fetch(`${url}/api/vwmp/workflows/`)).status).toBe(404);
  worker.child.kill('SIGTERM');
  expect((await worker.outcome).code).toBe(0);
});

test('with an SDK of OpenTelemetry one trace leads from a request to the worker in another process', async () => {
  const project = createProject({
    'w.yaml': workflow([{ id: 'a', handler: 'shell.run', config: { command: 'true' } }], { id: 'w' }),
    'tracing.mjs': tracing,
  });
  const env = { NODE_OPTIONS: `--import ${pathToFileURL(project.path('tracing.mjs')).href}` };
  await project.ok(['workflows', 'save', 'w.yaml']);
  const worker = await project.worker({ env });
  const { running, url } = await serve(project, { ...env, VWMP_IN_PROCESS_WORKER: 'false' });
  const traceId = 'a'.repeat(32);
  const answer = await fetch(`${url}/api/vwmp/workflows/w/execute/?wait=1m`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', traceparent: `00-${traceId}-${'b'.repeat(16)}-01` },
    body: '{}',
  });
  expect(await answer.json()).toMatchObject({ status: 'success' });
  const spansOf = (): { pid: number; name: string; trace: string }[] =>
    project
      .text('spans')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as never);
  await until(() => spansOf().filter(({ trace }) => trace === traceId).length >= 3);
  const named = new Map(spansOf().map((span) => [span.name, span]));
  expect(named.get('POST /api/vwmp/workflows/{workflow_id}/execute/')).toMatchObject({
    pid: running.child.pid,
    trace: traceId,
  });
  for (const name of ['execution', 'step a'])
    expect(named.get(name)).toMatchObject({ pid: worker.child.pid, trace: traceId });
});

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}
