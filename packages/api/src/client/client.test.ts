import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Platform } from '@vwmp/core/platform';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createApp } from '../app/lazy-app.ts';
import { openPlatform, recordedOf, stored } from '../live/testing/platform.ts';
import { createApiKey } from '../security/api-key.ts';
import { createServer, type VwmpServer } from '../server/create-server.ts';
import { createWorld, documents, type World } from '../testing/world.ts';
import { type Client, ClientError, createClient, hasCode } from './index.ts';

let platform: Platform;
let world: World;
let server: VwmpServer;
let client: Client;

beforeAll(async () => {
  platform = await openPlatform({}, { VWMP_API_PORT: '0' });
  world = await createWorld(platform);
  server = createServer(platform);
  client = createClient({ url: (await server.listen()).url });
});
afterAll(async () => {
  await server.close();
  await platform.close();
});

test('it calls the operations by name, with everything where it belongs', async () => {
  const created = await client.createWorkflow({
    body: '# kept\nname: Mine\nsteps: [{ id: a, handler: core.set, config: { value: 1 } }]\n',
  });
  expect(created).toMatchObject({ id: 'mine', name: 'Mine' });
  const changed = { ...created.document!, name: 'Mine too' };
  const replaced = await client.replaceWorkflow({
    workflow_id: 'mine',
    if_match: created.rev,
    body: changed,
  });
  expect(replaced.text).toMatch(/^# kept\nname: Mine too\n/);
  const again = { workflow_id: 'mine', if_match: created.rev, body: changed };
  expect(await client.replaceWorkflow(again)).toEqual(replaced);
  const stale = client.replaceWorkflow({ ...again, body: { ...changed, name: 'Mine once more' } });
  await expect(stale).rejects.toMatchObject({ code: 'REV_CONFLICT', status: 412 });
  const own = { workflow_id: 'of-its-own', if_none_match: '*', body: { ...changed, id: 'of-its-own' } };
  expect(await client.replaceWorkflow(own)).toMatchObject({ id: 'of-its-own', rev: expect.any(String) });
  await expect(client.replaceWorkflow(own)).rejects.toMatchObject({ code: 'REV_CONFLICT', status: 412 });
  await client.deleteWorkflow({ workflow_id: 'of-its-own' });
  const started = await client.executeWorkflow({
    workflow_id: 'hello',
    wait: '1m',
    idempotency_key: 'once',
    body: { parameters: { who: 'Ana' } },
  });
  expect(started).toMatchObject({ status: 'success', output: 'Hello Ana' });
  const known = await client.executeWorkflow({ workflow_id: 'hello', idempotency_key: 'once' });
  expect(known).toMatchObject({ created: false, execution_id: 'id' in started ? started.id : '' });
  const { results } = await client.listExecutions({ status: ['failed', 'waiting'], limit: 500 });
  expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['failed', 'waiting']));
  expect(await client.deleteWorkflow({ workflow_id: 'mine' })).toBeUndefined();
});

test('it throws what the server answered', async () => {
  const error = await client
    .createWorkflow({ body: { ...documents.hello!, id: 'Not an id' } })
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ClientError);
  expect(error).toMatchObject({ code: 'DOCUMENT_INVALID', status: 422, details: [{ path: 'id' }] });
  expect(hasCode(error, 'DOCUMENT_INVALID')).toBe(true);
  const nobody = createClient({ url: 'http://127.0.0.1:9' });
  const message = 'The server at http://127.0.0.1:9 cannot be reached.';
  await expect(nobody.listQueues()).rejects.toMatchObject({ code: 'CONNECTION_FAILED', status: 0, message });
  await expect(client.listQueues({}, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/);
  // `fetch` takes no address with a password, and an error is no place for one.
  const wrong = createClient({ url: 'http://me:pw-secret@127.0.0.1:9/flows' });
  await expect(wrong.listQueues()).rejects.toThrow(
    'The server at http://127.0.0.1:9/flows cannot be reached.',
  );
});

test.each([
  ['is cut off', 'CONNECTION_FAILED', () => ReadableStream.from(cutOff())],
  ['is a page of a proxy', 'ANSWER_INVALID', () => '<html>Sign in</html>'],
])('an answer that %s is told as %s', async (_what, code, body) => {
  const behind = createClient({ url: 'http://x', fetch: async () => new Response(body()) });
  await expect(behind.listQueues()).rejects.toMatchObject({ name: 'ClientError', code });
});

test('an answer of something else names its address', async () => {
  const page = Object.defineProperty(new Response('<html>Hello</html>', { status: 404 }), 'url', {
    value: 'http://x/api/vwmp/queues/',
  });
  const beside = createClient({ url: 'http://x', fetch: async () => page });
  await expect(beside.listQueues()).rejects.toThrow('of http://x/api/vwmp/queues/, with status 404');
});

async function* cutOff(): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode('{"results":');
  throw new TypeError('terminated');
}

test('it can be awaited by mistake', async () => {
  expect(await client).toBe(client);
});

test('it follows an execution to its end, through lost connections, without a gap or a double', async () => {
  const { execution_id } = (await client.executeWorkflow({ workflow_id: 'waits' })) as {
    execution_id: string;
  };
  let cuts = 0;
  let open: WebSocket | undefined;
  class Cut extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      open = this;
    }
  }
  const cutting = createClient({ url: server.address!.url, WebSocket: Cut });
  const events = [];
  for await (const event of cutting.follow(execution_id, { onReconnect: () => cuts++ })) {
    events.push(event);
    if (event.event === 'workflow_queued' || event.event === 'workflow_started') open?.close();
    if (event.event === 'step_waiting') await client.sendSignal({ execution_id, name: 'go' });
  }
  expect(recordedOf(events)).toEqual(await stored(platform, execution_id));
  expect(cuts).toBeGreaterThan(0);
});

test('it says why an execution cannot be followed, and ends when it is told to', async () => {
  const unknown = client.follow('none').next();
  await expect(unknown).rejects.toMatchObject({ code: 'EXECUTION_NOT_FOUND' });
  const stop = new AbortController();
  const seen = [];
  for await (const { event } of client.follow(world.waiting, { signal: stop.signal })) {
    seen.push(event);
    if (event === 'step_waiting') stop.abort();
  }
  expect(seen).toContain('step_waiting');
});

test('it follows with its key where the server asks for keys', async () => {
  const guarded = await openPlatform({}, { VWMP_API_PORT: '0', VWMP_API_AUTH: 'keys' });
  const asking = createServer(guarded);
  try {
    const { url } = await asking.listen();
    const created_at = new Date().toISOString();
    const { text: key, record } = createApiKey({ name: 'reader', role: 'viewer', created_at });
    await guarded.storage.keys.add(record);
    const { execution_id } = await guarded.start(documents.hello!);
    const names = [];
    for await (const { event } of createClient({ url, key }).follow(execution_id)) names.push(event);
    expect(names.at(-1)).toBe('workflow_completed');
    const unknown = createClient({ url, key: `${key.slice(0, -4)}AAAA` })
      .follow(execution_id)
      .next();
    await expect(unknown).rejects.toMatchObject({ code: 'API_KEY_INVALID' });
  } finally {
    await asking.close();
    await guarded.close();
  }
}, 30_000);

test('it follows by server-sent events where the API is mounted in a server without WebSockets', async () => {
  const app = createApp(platform);
  const mounting = createHttpServer(getRequestListener((request, env) => app.fetch(request, env)));
  mounting.listen(0, '127.0.0.1');
  await once(mounting, 'listening');
  const url = `http://127.0.0.1:${(mounting.address() as AddressInfo).port}`;
  try {
    const { execution_id } = await platform.start(documents.waits!);
    const mounted = createClient({ url });
    const events = [];
    let cuts = 0;
    for await (const event of mounted.follow(execution_id, { onReconnect: () => cuts++ })) {
      events.push(event);
      if (event.event !== 'step_waiting') continue;
      mounting.closeAllConnections();
      await platform.signal(execution_id, 'go');
    }
    expect(recordedOf(events)).toEqual(await stored(platform, execution_id));
    expect(cuts).toBeGreaterThan(0);
    expect(await mounted.follow(execution_id, { after: events.at(-1)!.seq }).next()).toMatchObject({
      done: true,
    });
    await expect(mounted.follow('none').next()).rejects.toMatchObject({ code: 'EXECUTION_NOT_FOUND' });
    const stop = new AbortController();
    const seen = [];
    for await (const { event } of mounted.follow(world.waiting, { signal: stop.signal })) {
      seen.push(event);
      if (event === 'step_waiting') stop.abort();
    }
    expect(seen).toContain('step_waiting');
  } finally {
    mounting.close();
    mounting.closeAllConnections();
  }
});

test('it follows by server-sent events where the runtime has no WebSockets', async () => {
  vi.stubGlobal('WebSocket', undefined);
  try {
    const { execution_id } = await platform.start(documents.hello!);
    const names = [];
    for await (const { event } of client.follow(execution_id)) names.push(event);
    expect(names.at(-1)).toBe('workflow_completed');
  } finally {
    vi.unstubAllGlobals();
  }
});

test('it gives up a socket that never opens, and goes on by server-sent events alone', async () => {
  vi.useFakeTimers();
  const sockets: { closed: boolean }[] = [];
  class Silent {
    closed = false;
    constructor() {
      sockets.push(this);
    }
    close(): void {
      this.closed = true;
    }
  }
  const bodies = ['workflow_started', 'workflow_completed'].map(
    (event, index) => `data: ${JSON.stringify({ event, seq: index + 1 })}\n\n`,
  );
  const headers = { 'content-type': 'text/event-stream' };
  const silent = createClient({
    url: 'http://x',
    WebSocket: Silent as unknown as typeof WebSocket,
    fetch: async () => new Response(bodies.shift(), { headers }),
  });
  try {
    let connections = 0;
    const following = (async () => {
      const names = [];
      for await (const { event } of silent.follow('any', { onConnect: () => connections++ }))
        names.push(event);
      return names;
    })();
    await vi.advanceTimersByTimeAsync(15_000);
    expect(await following).toEqual(['workflow_started', 'workflow_completed']);
    // The second time it was not tried.
    expect([connections, sockets]).toMatchObject([2, [{ closed: true }]]);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
