import diagnostics from 'node:diagnostics_channel';
import { createServer as createHttpServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Logger, VwmpError } from '@vwmp/core';
import { createMemoryStorage } from '@vwmp/core/memory';
import type { Health, Platform, PlatformOptions } from '@vwmp/core/platform';
import { createMemoryQueue } from '@vwmp/queue-memory';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openPlatform } from '../live/testing/platform.ts';
import { createApiKey } from '../security/api-key.ts';
import { createMetrics, type Metrics } from './metrics/metrics.ts';
import { createOperation, type Operation } from './operation.ts';
import { createProbeServer } from './probe-server.ts';

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** Node's `fetch` sets `Host` itself. */
function get(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    send({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += String(chunk);
      });
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }));
    })
      .on('error', reject)
      .end();
  });
}

interface Place {
  platform: Platform;
  operation: Operation;
  metrics: Metrics;
  logged: [level: string, message: string, fields: Readonly<Record<string, unknown>> | undefined][];
  get(path: string, headers?: Record<string, string>, method?: string): Promise<Answer>;
}

async function place(
  environment: Record<string, string> = {},
  change: (platform: Platform) => Platform = (same) => same,
  options: PlatformOptions = {},
): Promise<Place> {
  const metrics = createMetrics();
  const platform = change(await openPlatform({ observers: [metrics.observer], ...options }, environment));
  onTestFinished(() => platform.close());
  const logged: Place['logged'] = [];
  const logger: Logger = { log: (...entry) => void logged.push(entry as Place['logged'][0]) };
  const operation = createOperation({ platform, metrics, logger });
  onTestFinished(() => operation.close());
  const server = createProbeServer(operation, { host: '127.0.0.1', port: 0 });
  const port = await server.listen();
  onTestFinished(() => server.close());
  return { platform, operation, metrics, logged, get: (...args) => get(port, ...args) };
}

const hello = {
  id: 'hello',
  name: 'Hello',
  steps: [
    { id: 'a', handler: 'core.set', config: { value: 1 } },
    { id: 'b', handler: 'core.fail', config: { message: 'No.' } },
  ],
};

test('it is alive, ready, and answers nothing else', async () => {
  const { get } = await place();
  expect(await get('/healthz')).toMatchObject({ status: 200, text: 'ok\n' });
  const ready = await get('/readyz/?verbose');
  expect(ready.status).toBe(200);
  expect(ready.headers['cache-control']).toBe('no-store');
  expect(await get('http://127.0.0.1:8080/healthz')).toMatchObject({ status: 200, text: 'ok\n' });
  const { status, parts } = JSON.parse(ready.text) as {
    status: string;
    parts: { name: string; ok: boolean }[];
  };
  expect(status).toBe('ready');
  expect(parts.map(({ name, ok }) => [name, ok])).toEqual([
    ['database', true],
    ['queue', true],
    ['events', true],
  ]);
  expect((await get('/readyz', {}, 'POST')).status).toBe(405);
  for (const path of ['/', '/healthzz', '/readyz/x', '/__proto__', '/constructor'])
    expect((await get(path)).status).toBe(404);
});

test('a part that is away makes it red, one that comes back green, and the log says which; the answer says no more than that', async () => {
  let health: Health | undefined;
  const { get, logged } = await place({}, (platform) => ({
    ...platform,
    health: async () => health ?? platform.health(),
  }));
  const now = vi.spyOn(performance, 'now');
  onTestFinished(() => now.mockRestore());
  let time = 1000;
  now.mockImplementation(() => time);
  expect((await get('/readyz')).status).toBe(200);
  const message = 'Could not reach db.internal:5432.';
  health = { ready: false, parts: [{ name: 'database', backend: 'postgresql', ok: false, message }] };
  // So long what was said a moment ago holds.
  expect((await get('/readyz')).status).toBe(200);
  time += 1000;
  const red = await get('/readyz');
  expect(red.status).toBe(503);
  expect(red.text).not.toContain('db.internal');
  expect(logged).toEqual([
    ['warn', 'A part does not answer.', { part: 'database', backend: 'postgresql', reason: message }],
  ]);
  time += 1000;
  await get('/readyz');
  expect(logged).toHaveLength(1);
  health = undefined;
  time += 1000;
  expect((await get('/readyz')).status).toBe(200);
  expect(logged[1]).toEqual(['info', 'A part answers again.', { part: 'database', backend: 'memory' }]);
});

test('a part that hangs makes it red instead of hanging it, and is asked once', async () => {
  let asked = 0;
  const { get } = await place({}, (platform) => ({
    ...platform,
    health: () => {
      asked++;
      return new Promise<Health>(() => {});
    },
  }));
  const answers = await Promise.all([get('/readyz'), get('/readyz'), get('/metrics')]);
  expect(answers.map(({ status }) => status)).toEqual([503, 503, 200]);
  expect(asked).toBe(1);
  expect(answers[2]!.text).toContain('\nready 0\n');
});

test('what hangs is named, and what answers beside it is not', async () => {
  const frozen = new Promise<never>(() => {});
  const storage = { ...createMemoryStorage(), ping: () => frozen };
  const { get } = await place({}, undefined, { storage });
  const named = (text: string): string[] => text.match(/(?<=dependency_up\{name=").*/g) ?? [];
  const [probe, metrics] = await Promise.all([get('/readyz'), get('/metrics')]);
  expect(probe.status).toBe(503);
  expect(JSON.parse(probe.text)).toEqual({
    status: 'unready',
    parts: [
      { name: 'database', backend: 'memory', ok: false },
      { name: 'queue', backend: 'memory', ok: true },
      { name: 'events', backend: 'memory', ok: true },
    ],
  });
  expect(named(metrics.text)).toEqual([
    'database",backend="memory"} 0',
    'queue",backend="memory"} 1',
    'events",backend="memory"} 1',
  ]);
});

test('what was away before is not named for what hangs now, and nothing for what answers late', async () => {
  let time = 0;
  const now = vi.spyOn(performance, 'now').mockImplementation(() => time);
  onTestFinished(() => now.mockRestore());
  const gates: Record<string, Promise<void>> = { queue: Promise.reject(new Error('It is away.')) };
  gates.queue!.catch(() => {});
  const { get } = await place({}, undefined, {
    storage: { ...createMemoryStorage(), ping: async () => gates.database },
    queue: { ...createMemoryQueue(), ping: async () => gates.queue },
  });
  const named = async (): Promise<string[]> =>
    (await get('/metrics')).text.match(/(?<=dependency_up\{name=")\w+(?=.*\} 0)/g) ?? [];
  expect(await named()).toEqual(['queue']);
  const slow = Promise.withResolvers<void>();
  gates.database = slow.promise;
  gates.queue = Promise.resolve();
  time += 1000;
  expect(await named()).toEqual(['database']);
  slow.resolve();
  await slow.promise;
  time += 1000;
  expect(await named()).toEqual([]);
});

test('a process that ends is not ready and still alive', async () => {
  const { get, operation } = await place();
  operation.drain();
  expect(await get('/readyz')).toMatchObject({ status: 503, text: '{"status":"draining","parts":[]}' });
  expect((await get('/healthz')).status).toBe(200);
  expect((await get('/metrics')).text).toContain('\nready 0\n');
});

test('metrics say what happened here', async () => {
  const { get, platform, operation } = await place();
  operation.ready();
  for (let n = 0; n < 3; n++) await platform.wait((await platform.start(hello)).execution_id);
  const route = '/api/vwmp/workflows/{workflow_id}/';
  operation.onRequest({ method: 'GET', route, status: 200, seconds: 0.004, requestId: 'r' });
  const first = await get('/metrics');
  expect(first.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  for (const line of [
    'executions_total{status="failed"} 3',
    'executions_started_total 3',
    'steps_total{status="success"} 3',
    'steps_total{status="failed"} 3',
    'execution_seconds_count{status="failed"} 3',
    'executions_active 0',
    `http_requests_total{route="${route}",method="GET",status="200"} 1`,
    'op_latency_ms_count{surface="http",impl="js",module="workflows"} 1',
    'op_latency_ms_count{surface="step",impl="js",module="success"} 3',
    'dependency_up{name="database",backend="memory"} 1',
    'timers_due 0',
    'ready 1',
    'startup_seconds_count 1',
  ])
    expect(first.text.split('\n')).toContain(line);
  const value = (name: string, text: string): number =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.slice(name.length),
    );
  const cpu = 'op_cpu_us{surface="process",impl="js",module="all"}';
  for (const name of [
    'clock_seconds',
    'rss_bytes',
    'heap_bytes',
    'process_cpu_seconds_total',
    'startup_ms',
    cpu,
  ])
    expect(value(name, first.text), name).toBeGreaterThan(0);
  // Of what is built; this test itself runs from sources.
  expect(value('artifact_size_bytes{package="@vwmp/core"}', first.text)).toBeGreaterThan(100_000);
  // Measured from the first scrape on.
  expect(first.text).not.toContain('event_loop_delay_seconds');
  const second = await get('/metrics');
  expect(second.text).toContain('event_loop_delay_seconds{percentile="99"}');
  // Nothing of what people name is in it.
  expect(second.text).not.toMatch(/hello/i);
});

test('executions that cannot be recorded are counted until they are, also while everything answers', async () => {
  const storage = createMemoryStorage();
  let full = true;
  const executions = {
    ...storage.executions,
    append: async (append: Parameters<typeof storage.executions.append>[0]) => {
      if (full && append.expected_seq > 0) throw new VwmpError('STORE_FULL', 'The disk is full.');
      return storage.executions.append(append);
    },
  };
  const { get, platform } = await place({}, undefined, { storage: { ...storage, executions } });
  const value = async (): Promise<string | undefined> =>
    /^executions_unrecorded (\d+)$/m.exec((await get('/metrics')).text)?.[1];
  expect(await value()).toBe('0');
  const { execution_id } = await platform.start(hello);
  const now = vi.spyOn(performance, 'now');
  onTestFinished(() => now.mockRestore());
  let time = performance.now();
  now.mockImplementation(() => (time += 2000));
  await expect.poll(value).toBe('1');
  full = false;
  await platform.wait(execution_id);
  await expect.poll(value).toBe('0');
});

test('whatever people name their workflows and steps, the text grows no longer and says nothing of it', async () => {
  const { get, platform } = await place();
  const series = (text: string): number => text.split('\n').filter((line) => !line.startsWith('#')).length;
  const run = async (id: string): Promise<void> => {
    const document = {
      id,
      name: `${id}"} 1`,
      steps: [{ id: `step-${id}`, handler: 'core.set', config: { value: 1 } }],
    };
    await platform.wait((await platform.start(document)).execution_id);
  };
  await run('first');
  await get('/metrics');
  const before = series((await get('/metrics')).text);
  for (let n = 0; n < 50; n++) await run(`other-${n}`);
  const { text } = await get('/metrics');
  expect(series(text)).toBe(before);
  expect(text).not.toMatch(/other-\d|step-first/);
});

test('what plugins measure is taken in, whatever they publish', async () => {
  const { get } = await place();
  const channel = diagnostics.channel('vwmp:metrics');
  const labels = { surface: 'wasm', impl: 'wasm', module: 'thumbnail' };
  const publish = (name: unknown, value: unknown, of: unknown = labels): void =>
    channel.publish({ name, value, labels: of });
  publish('wasm_instantiates_total', 1);
  for (let n = 0; n < 2; n++) publish('wasm_cache_hits_total', 1);
  for (const value of [3, 5]) publish('op_latency_ms', value);
  for (const value of [100, 300]) publish('op_cpu_us', value);
  for (const odd of [Number.NaN, -1, '1', undefined, Number.POSITIVE_INFINITY]) publish('op_cpu_us', odd);
  publish('rss_bytes', 1);
  publish('__proto__', 1);
  publish('op_latency_ms', 1, { surface: 7, impl: 'js', module: 'x"}\n' });
  channel.publish(undefined);
  const of = 'surface="wasm",impl="wasm",module="thumbnail"';
  const lines = (await get('/metrics')).text.split('\n');
  for (const line of [
    'wasm_instantiates_total 1',
    'wasm_cache_hits_total 2',
    `op_latency_ms_sum{${of}} 8`,
    `op_cpu_us{${of}} 200`,
    'op_latency_ms_count{surface="other",impl="js",module="x\\"}\\n"} 1',
  ])
    expect(lines).toContain(line);
  // As many as there may be: those beyond are one.
  for (let n = 0; n < 500; n++) publish('op_latency_ms', 1, { ...labels, module: `m${n}` });
  const counts = (await get('/metrics')).text.split('\n').filter((line) => /^op_latency_ms_count/.test(line));
  expect(counts.length).toBeLessThanOrEqual(201);
  expect(counts.join('\n')).toContain('op_latency_ms_count{surface="other",impl="other",module="other"} ');
});

test('nobody listens to plugins any more once metrics are closed', () => {
  const channel = diagnostics.channel('vwmp:metrics');
  const metrics = createMetrics();
  expect(channel.hasSubscribers).toBe(true);
  metrics.close();
  expect(channel.hasSubscribers).toBe(false);
});

test('queues are counted, and how long something waits in them', async () => {
  const { get, platform } = await place({ VWMP_UNIFIED_WORKER: 'false', VWMP_WORKER_QUEUES: 'executions' });
  await platform.queue.enqueue('mails', { name: 'send', payload: null });
  const lines = (await get('/metrics')).text.split('\n');
  expect(lines).toContain('queue_tasks{queue="mails",state="waiting"} 1');
  expect(lines).toContain('queue_wait_seconds{queue="mails"} 0');
  expect(lines).toContain('queue_paused{queue="mails"} 0');
  await platform.queue.pause('mails');
  const { text } = await get('/metrics');
  expect(text).toMatch(/^queue_wait_seconds\{queue="mails"\} 0\.0*[1-9]/m);
  expect(text.split('\n')).toContain('queue_paused{queue="mails"} 1');
});

test('the queue of executions and those that somebody has set up are among those that are counted, however many workflows name', async () => {
  const { get, platform } = await place({
    VWMP_UNIFIED_WORKER: 'false',
    VWMP_WORKER_QUEUES: 'executions,mails',
  });
  for (const name of [...Array.from({ length: 120 }, (_, n) => `a${n}`), 'executions', 'mails'])
    await platform.queue.enqueue(name, { name: 'no.such.task', payload: null });
  const shown = [...(await get('/metrics')).text.matchAll(/^queue_paused\{queue="(\w+)"\}/gm)];
  expect(shown.map(([, name]) => name)).toEqual(expect.arrayContaining(['executions', 'mails', 'a0']));
  expect(shown).toHaveLength(100);
});

test('dead letters are counted, and how old the oldest is', async () => {
  const { get, platform } = await place({ VWMP_UNIFIED_WORKER: 'false', VWMP_WORKER_QUEUES: 'executions' });
  const id = await platform.queue.enqueue('mails', { name: 'send', payload: null });
  expect((await get('/metrics')).text).toContain('queue_dead_seconds{queue="mails"} 0\n');
  const task = await platform.queue.getTask('mails', 0);
  await platform.queue.markFailed(task!, { code: 'NO', message: 'No.' });
  const now = Date.now();
  while (Date.now() === now) await new Promise((resolve) => setTimeout(resolve, 1));
  const { text } = await get('/metrics');
  expect(text).toContain('queue_tasks{queue="mails",state="dead"} 1\n');
  expect(text).toMatch(/^queue_dead_seconds\{queue="mails"\} 0\.0*[1-9]/m);
  await platform.queue.discardDead('mails', id);
  expect((await get('/metrics')).text).toContain('queue_dead_seconds{queue="mails"} 0\n');
});

test('of very many queues the first hundred are shown', async () => {
  const { get, platform } = await place({ VWMP_UNIFIED_WORKER: 'false', VWMP_WORKER_QUEUES: 'executions' });
  for (let n = 0; n < 120; n++) await platform.queue.enqueue(`q${n}`, { name: 'send', payload: null });
  const { text } = await get('/metrics');
  expect(text.match(/^queue_paused\{/gm)).toHaveLength(100);
});

test('where the API needs a key, metrics do too; probes never do', async () => {
  const { get, platform } = await place({ VWMP_API_AUTH: 'keys' });
  expect((await get('/metrics')).status).toBe(401);
  expect((await get('/metrics', { authorization: 'Bearer x' })).status).toBe(401);
  expect((await get('/readyz')).status).toBe(200);
  const { text, record } = createApiKey({
    name: 'prometheus',
    role: 'viewer',
    created_at: new Date().toISOString(),
  });
  await platform.storage.keys.add(record);
  expect((await get('/metrics', { authorization: `Bearer ${text}` })).status).toBe(200);
});

test('pages of other sites cannot read metrics', async () => {
  const { get } = await place();
  expect((await get('/metrics', { host: 'evil.example' })).status).toBe(403);
  expect((await get('/metrics', { origin: 'https://evil.example' })).status).toBe(403);
  expect((await get('/metrics', { 'x-forwarded-for': '1.2.3.4' })).status).toBe(403);
});

test('metrics can be switched off', async () => {
  const { get } = await place({ VWMP_METRICS: 'false' });
  expect((await get('/metrics')).status).toBe(404);
});

test('requests are logged with their id and pattern: who was refused as information, and no failure a second time', async () => {
  const { operation, logged } = await place();
  const request = { method: 'GET', route: '/r/{id}', seconds: 0.0123456, requestId: 'abc' };
  for (const status of [200, 404, 401, 429, 503]) operation.onRequest({ ...request, status, actor: 'ci' });
  expect(logged.map(([level]) => level)).toEqual(['debug', 'debug', 'info', 'info', 'debug']);
  expect(logged[0]).toEqual([
    ...['debug', 'A request was answered.'],
    { request_id: 'abc', method: 'GET', route: '/r/{id}', status: 200, duration_ms: 12.35, actor: 'ci' },
  ]);
});

test('a port that is taken is an error that says which setting to change', async () => {
  const other = createHttpServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void other.close());
  const { operation } = await place();
  const { port } = other.address() as AddressInfo;
  await expect(createProbeServer(operation, { host: '127.0.0.1', port }).listen()).rejects.toMatchObject({
    code: 'ADDRESS_UNAVAILABLE',
    message: expect.stringContaining('VWMP_PROBE_PORT'),
  });
});
