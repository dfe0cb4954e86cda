import { once } from 'node:events';
import { connect as dial, type Socket } from 'node:net';
import type { Platform } from '@vwmp/core/platform';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SocketsOptions } from './sockets.ts';
import { connect, followToEnd } from './testing/connect.ts';
import { chain, recordedOf, stored, waiting } from './testing/platform.ts';
import type { SocketServer } from './testing/serve.ts';
import { start } from './testing/start.ts';

/** The machine may have other things to do. */
const patient = { timeout: 30_000 };

async function startWaiting(
  options: Partial<SocketsOptions> = {},
): Promise<{ platform: Platform; server: SocketServer; id: string; path: string }> {
  const { platform, server } = await start(options);
  const { execution_id: id } = await platform.start(waiting);
  return { platform, server, id, path: `/ws/vwmp/executions/${id}` };
}

/** A client that has done the handshake and from then on sends and reads what a test wants. */
async function raw(port: number, path: string): Promise<Socket> {
  const socket = dial(port, '127.0.0.1');
  socket.on('error', () => undefined);
  const key = Buffer.alloc(16, 7).toString('base64');
  const head = [
    ...[`GET ${path} HTTP/1.1`, 'Host: 127.0.0.1', 'Upgrade: websocket', 'Connection: Upgrade'],
    ...[`Sec-WebSocket-Key: ${key}`, 'Sec-WebSocket-Version: 13', '', ''],
  ];
  socket.write(head.join('\r\n'));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString('latin1')).toMatch(/^HTTP\/1.1 101 /);
  return socket;
}

/** A frame as clients send them. */
function frame(opcode: number, payload: Buffer, length = payload.length): Buffer {
  const header = Buffer.alloc(length < 126 ? 2 : 10);
  header[0] = 0x80 | opcode;
  header[1] = 0x80 | (length < 126 ? length : 127);
  if (length >= 126) header.writeBigUInt64BE(BigInt(length), 2);
  // A mask of zeros leaves the payload as it is.
  return Buffer.concat([header, Buffer.alloc(4), payload]);
}

describe('frames', () => {
  it.each<[string, Buffer, number]>([
    ['binary', frame(2, Buffer.from('x')), 1003],
    ['not in UTF-8', frame(1, Buffer.from([0xff, 0xfe])), 1007],
    ['larger than allowed', frame(1, Buffer.alloc(0), 2 ** 40), 1009],
    ['without a mask', Buffer.from([0x81, 0x01, 0x78]), 1002],
    ['with an unknown opcode', frame(5, Buffer.from('x')), 1002],
    ['continuations of nothing', frame(0, Buffer.from('x')), 1002],
    ['with a reserved bit', Buffer.from([0xc1, 0x80, 0, 0, 0, 0]), 1002],
    ['a ping that is too long', frame(9, Buffer.alloc(126)), 1002],
    ['closing with a code that is none', frame(8, Buffer.from([0, 1])), 1002],
  ])('that are %s close the socket and nothing else', async (_name, bytes, code) => {
    const { platform, server, id, path } = await startWaiting();
    const socket = await raw(server.port, path);
    const closing = Buffer.from([code >> 8, code & 255]);
    let sent = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      sent = Buffer.concat([sent, chunk]);
      if (sent.includes(closing)) socket.end();
    });
    socket.write(bytes);
    await once(socket, 'close');
    expect(sent.includes(closing)).toBe(true);
    await expect.poll(() => server.sockets.size, patient).toBe(0);
    await platform.signal(id, 'go');
    expect(recordedOf((await followToEnd(server.port, id)).events)).toEqual(await stored(platform, id));
  });

  it('made of anything harm nobody', async () => {
    const { platform, server, id, path } = await startWaiting();
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(fc.array(bytes, { minLength: 1, maxLength: 4 }), async (chunks) => {
        const socket = await raw(server.port, path);
        for (const chunk of chunks) socket.write(chunk);
        socket.end();
        socket.resume();
        await once(socket, 'close');
      }),
      { numRuns: 100 },
    );
    await expect.poll(() => server.sockets.size, patient).toBe(0);
    await platform.signal(id, 'go');
    expect(recordedOf((await followToEnd(server.port, id)).events)).toEqual(await stored(platform, id));
  });

  it('with text that means nothing are passed over, and too many of them end it', async () => {
    const { server, path } = await startWaiting();
    const { ws, closed, until } = connect(server.port, path);
    await until((all) => all.length > 0);
    for (const message of ['', 'x', '{', '{"type":"?"}', '[]', 'null', '{"__proto__":1}']) ws.send(message);
    for (let n = 0; n < 200; n++) ws.send('{"parameters":{}}');
    expect(await closed).toEqual({ code: 1008, reason: 'too many messages' });
  });

  it('with a ping are answered, in either way', async () => {
    const { server, path } = await startWaiting();
    const { ws, until, messages } = connect(server.port, path);
    await until((all) => all.length > 0);
    ws.send('{"type": "ping"}');
    await until((all) => all.some(({ type }) => type === 'pong'));
    ws.ping('here');
    const [data] = (await once(ws, 'pong')) as [Buffer];
    expect(data.toString()).toBe('here');
    expect(messages.filter(({ type }) => type === 'pong')).toHaveLength(1);
    ws.terminate();
  });

  it('of a first message that nests, doubles keys, reaches a prototype or would be rounded start nothing', async () => {
    const { platform, server } = await startWaiting();
    const path = '/ws/vwmp/workflows/any/execute';
    for (const message of [
      `{"parameters":${'['.repeat(5000)}${']'.repeat(5000)}}`,
      // As deep as bodies may be is `VWMP_API_MAX_DEPTH`.
      `{"parameters":${'['.repeat(64)}${']'.repeat(64)}}`,
      '{"parameters":{"n":9007199254740993}}',
      '{"parameters":{"n":1e-400}}',
      '{"parameters":{},"parameters":{}}',
      '{"parameters":{"__proto__":{}}}',
      '',
      'null',
    ]) {
      const { ws, closed, messages } = connect(server.port, path);
      ws.once('open', () => ws.send(message));
      expect(await closed).toEqual({ code: 4400, reason: 'REQUEST_INVALID' });
      expect(messages).toMatchObject([{ error: { message: expect.not.stringContaining('is an object') } }]);
    }
    expect((await platform.storage.executions.list()).count).toBe(1);
  });
});

describe('a client', () => {
  it('that gives no sign of life is cut off, others are not', async () => {
    const { server, path } = await startWaiting({ heartbeat: 300 });
    const dead = connect(server.port, path, { autoPong: false });
    const alive = connect(server.port, path);
    await alive.until((all) => all.length > 0);
    expect((await dead.closed).code).toBe(1006);
    expect(alive.ws.readyState).toBe(alive.ws.OPEN);
    alive.ws.terminate();
  });

  it('that pings without end and never reads costs nothing', async () => {
    const { server, path } = await startWaiting();
    const socket = await raw(server.port, path);
    socket.pause();
    const ping = Buffer.concat(Array.from({ length: 1000 }, () => frame(9, Buffer.alloc(125))));
    const before = process.memoryUsage().arrayBuffers;
    for (let n = 0; n < 300; n++) {
      if (!socket.write(ping)) await once(socket, 'drain');
    }
    // 40 MB went in: all of their answers would be as much.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20e6);
    socket.destroy();
  });

  const config = { turns: 3000, text: 'x'.repeat(4000) };
  const loud = {
    ...{ id: 'loud', name: 'loud' },
    steps: [
      { id: 'wait', handler: 'core.wait', config: { signal: 'go' } },
      { id: 'work', handler: 'test.work', config, dependencies: ['wait'] },
    ],
  };

  it('that does not read for a while is told to come back, and then gets everything', async () => {
    const { platform, server } = await startWaiting();
    const { execution_id: id } = await platform.start(loud);
    const slow = connect(server.port, `/ws/vwmp/executions/${id}`);
    await slow.until((all) => all.some(({ event }) => event === 'step_waiting'));
    slow.ws.pause();
    await platform.signal(id, 'go');
    await platform.wait(id);
    slow.ws.resume();
    const closed = await slow.closed;
    const last = slow.messages.at(-1) as { seq: number };
    expect(closed).toEqual({ code: 4408, reason: `too slow: resume after=${last.seq}` });
    const rest = connect(server.port, `/ws/vwmp/executions/${id}?after=${last.seq}`);
    expect((await rest.closed).code).toBe(1000);
    const all = [...slow.messages, ...rest.messages];
    expect(recordedOf(all as never)).toEqual(await stored(platform, id));
    expect(all.length).toBeLessThan(3000);
  });

  it('that never reads is gone after a while, and what was kept for it', async () => {
    const { platform, server } = await startWaiting({ stallAfter: 20 });
    const { execution_id: id } = await platform.start(loud);
    const stuck = connect(server.port, `/ws/vwmp/executions/${id}`);
    await stuck.until((all) => all.some(({ event }) => event === 'step_waiting'));
    stuck.ws.pause();
    await platform.signal(id, 'go');
    await platform.wait(id);
    await expect.poll(() => server.sockets.size, { timeout: 30_000 }).toBe(0);
    stuck.ws.terminate();
  });

  it('that reads slowly gets a long history at its own pace', async () => {
    const { platform, server } = await startWaiting();
    const { execution_id: id } = await platform.start(chain('long', 700, 0));
    await platform.wait(id);
    const { ws, closed, messages } = connect(server.port, `/ws/vwmp/executions/${id}`);
    ws.on('message', () => {
      ws.pause();
      setImmediate(() => ws.resume());
    });
    expect((await closed).code).toBe(1000);
    expect(messages).toEqual(await stored(platform, id));
  });
});
