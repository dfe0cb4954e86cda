import { type ExecutionEvent, VwmpError } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import { startProxy } from '@vwmp/test-servers';
import { afterEach, expect, it, vi } from 'vitest';
import { createHonoApp } from '../app/create-app.ts';
import type { Reply } from '../app/route.ts';
import { createApiKey } from '../security/api-key.ts';
import { createServer } from '../server/create-server.ts';
import { Feeds, feedsOf } from './feed.ts';
import { eventStream } from './sse.ts';
import { chain, openPlatform, recordedOf, stored, waiting } from './testing/platform.ts';

let platform: Platform;
afterEach(() => platform?.close());

/** Reads a stream as browsers do. */
async function* read(
  answer: Response | Reply<never>,
): AsyncGenerator<{ id: number; event: ExecutionEvent } | string> {
  const stream = 'stream' in answer ? answer.stream : (answer.body as ReadableStream<Uint8Array>);
  let rest = '';
  for await (const chunk of stream!.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop()!;
    for (const block of blocks) {
      if (block.startsWith(':')) {
        yield block;
        continue;
      }
      const { id, data } = /^id: (?<id>\d+)\ndata: (?<data>.*)$/.exec(block)!.groups!;
      yield { id: Number(id), event: JSON.parse(data!) as ExecutionEvent };
    }
  }
}

const never = new AbortController().signal;

it('streams an execution to its end, and has nothing more to say then', async () => {
  platform = await openPlatform();
  const { execution_id: id } = await platform.start(chain('c', 5));
  const response = await eventStream(platform, id, 0, never);
  expect(response.headers?.['content-type']).toBe('text/event-stream; charset=utf-8');
  const events: ExecutionEvent[] = [];
  for await (const each of read(response)) {
    if (typeof each === 'string') continue;
    expect(each.id).toBe(each.event.seq);
    events.push(each.event);
  }
  expect(recordedOf(events)).toEqual(await stored(platform, id));
  // A browser comes back when a stream ends, until it gets this.
  expect((await eventStream(platform, id, events.at(-1)!.seq, never)).status).toBe(204);
});

it('goes on after the last event of a client that was cut off anywhere', async () => {
  platform = await openPlatform();
  const { execution_id: id } = await platform.start(chain('c', 12));
  const events: ExecutionEvent[] = [];
  let cut = 0;
  for (let connections = 0; ; connections++) {
    const response = await eventStream(platform, id, events.at(-1)?.seq ?? 0, never);
    if (response.status === 204) break;
    let count = 0;
    for await (const each of read(response)) {
      if (typeof each !== 'string') events.push(each.event);
      // Leaving the loop cancels the stream.
      if (++count > connections % 5) break;
    }
    cut++;
  }
  expect(cut).toBeGreaterThan(2);
  expect(recordedOf(events)).toEqual(await stored(platform, id));
});

it('says that it is still there while nothing happens, and leaves nothing when the client goes', async () => {
  platform = await openPlatform();
  const feeds = new Feeds(platform);
  const { execution_id: id } = await platform.start(waiting);
  const gone = new AbortController();
  const response = await eventStream(platform, id, 0, gone.signal, { feeds, keepAlive: 10 });
  let comments = 0;
  for await (const each of read(response)) {
    if (each === ': waiting' && ++comments === 3) gone.abort();
  }
  expect(comments).toBe(3);
  expect(feeds.size).toBe(0);
});

it('leaves nothing of a request for the headers alone', async () => {
  platform = await openPlatform();
  const { execution_id: id } = await platform.start(waiting);
  const path = `/api/vwmp/executions/${id}/events/`;
  const headers = { host: 'localhost', accept: 'text/event-stream' };
  const head = await createHonoApp(platform).request(path, { method: 'HEAD', headers });
  expect(head.status).toBe(200);
  expect(head.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(feedsOf(platform).size).toBe(0);
});

it('answers what is wrong instead of streaming it', async () => {
  platform = await openPlatform();
  await expect(eventStream(platform, 'nobody', 0, never)).rejects.toMatchObject({
    code: 'EXECUTION_NOT_FOUND',
  });
  const { execution_id: id } = await platform.start(waiting);
  await expect(eventStream(platform, id, 99, never)).rejects.toMatchObject({ code: 'VALUE_INVALID' });
});

it('refuses a last event that is no number, instead of beginning anew', async () => {
  platform = await openPlatform();
  const { execution_id: id } = await platform.start(waiting);
  const ask = (last: string): Promise<Response> =>
    createHonoApp(platform).request(`/api/vwmp/executions/${id}/events/`, {
      method: 'HEAD',
      headers: { host: 'localhost', accept: 'text/event-stream', 'last-event-id': last },
    }) as Promise<Response>;
  for (const last of ['abc', '-1', '1.5', '0x1', '1, 2', '9'.repeat(16)])
    expect((await ask(last)).status, last).toBe(400);
  for (const last of ['', '0', '1']) expect((await ask(last)).status, last).toBe(200);
  const answer = await createHonoApp(platform).request(`/api/vwmp/executions/${id}/events/`, {
    headers: { host: 'localhost', accept: 'text/event-stream', 'last-event-id': 'abc' },
  });
  expect(await answer.json()).toMatchObject({
    error: {
      code: 'REQUEST_INVALID',
      message: expect.stringContaining('"Last-Event-ID" is'),
      details: [{ path: 'headers.last-event-id' }],
    },
  });
});

it('goes on over HTTP, with what browsers send after the connection was cut', async () => {
  platform = await openPlatform({}, { VWMP_API_PORT: '0' });
  const server = createServer(platform);
  const { port } = await server.listen();
  const proxy = await startProxy({ port });
  const { execution_id: id } = await platform.start(waiting);
  const url = `http://127.0.0.1:${proxy.port}/api/vwmp/executions/${id}/events/`;
  const events: ExecutionEvent[] = [];
  let cuts = 0;
  let over = false;
  try {
    while (!over) {
      const last = events.at(-1)?.seq;
      const headers = {
        accept: 'text/event-stream',
        ...(last !== undefined && { 'last-event-id': String(last) }),
      };
      try {
        const response = await fetch(url, { headers });
        over = response.status === 204;
        for await (const each of over ? [] : read(response)) {
          if (typeof each === 'string') continue;
          events.push(each.event);
          if (each.event.event === 'step_waiting') await platform.signal(id, 'go');
          if (cuts < 10) {
            cuts++;
            await proxy.cut('dropped');
          }
        }
      } catch {
        // What a browser does then: it comes back.
      }
    }
    expect(cuts).toBeGreaterThan(3);
    expect(recordedOf(events)).toEqual(await stored(platform, id));
  } finally {
    await proxy.stop();
    await server.close();
  }
});

it.each([
  ['nothing happens', waiting, 1],
  ['much happens', chain('busy', 5000, 20), 20],
])(
  'ends when the key is taken back while %s, and not while it cannot be looked up',
  async (_when, document, least) => {
    platform = await openPlatform();
    const feeds = new Feeds(platform);
    const { execution_id: id } = await platform.start(document);
    let asked = 0;
    let code = 'STORE_UNAVAILABLE';
    const check = async (): Promise<void> => {
      asked++;
      throw new VwmpError(code, 'No.');
    };
    const response = await eventStream(platform, id, 0, never, { feeds, check, keepAlive: 10, recheck: 10 });
    const events: ExecutionEvent[] = [];
    for await (const each of read(response)) {
      if (typeof each !== 'string') events.push(each.event);
      if (asked > 3 && events.length >= least) code = 'API_KEY_INVALID';
    }
    expect(code).toBe('API_KEY_INVALID');
    expect(events.at(-1)?.event).not.toBe('workflow_completed');
    expect(feeds.size).toBe(0);
    const before = asked;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(asked).toBe(before);
    await platform.cancel(id);
    await platform.wait(id);
  },
);

it('is given a check of the key that it was asked for with', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  try {
    platform = await openPlatform({}, { VWMP_API_AUTH: 'keys' });
    const created_at = new Date().toISOString();
    const { text, record } = createApiKey({ name: 'reader', role: 'viewer', created_at });
    await platform.storage.keys.add(record);
    const { execution_id: id } = await platform.start(waiting);
    const headers = { host: 'localhost', accept: 'text/event-stream', authorization: `Bearer ${text}` };
    const response = await createHonoApp(platform).request(`/api/vwmp/executions/${id}/events/`, { headers });
    let revoked = false;
    for await (const each of read(response)) {
      if (revoked || typeof each === 'string' || each.event.event !== 'step_waiting') continue;
      revoked = (await platform.storage.keys.revoke(record.id, created_at)) !== undefined;
      await vi.advanceTimersByTimeAsync(30_000);
    }
    expect(revoked).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});
