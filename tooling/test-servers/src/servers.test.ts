import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { startProxy } from './proxy.ts';
import { type RedisOptions, type RedisServer, startRedis } from './redis.ts';
import { startSentinels } from './sentinel.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

test('what was written survives a kill and a restart', async () => {
  const redis = await start();
  expect(await ask(redis.port, 'SET k v')).toBe('+OK\r\n');
  await redis.kill();
  await expect(ask(redis.port, 'GET k')).rejects.toThrow('ECONNREFUSED');
  await redis.restart();
  expect(await ask(redis.port, 'GET k')).toBe('$1\r\nv\r\n');
  await redis.restart();
  expect(await ask(redis.port, 'GET k')).toBe('$1\r\nv\r\n');
});

test('a frozen server is silent until it thaws', async () => {
  const redis = await start();
  redis.freeze();
  let answered = false;
  const answer = ask(redis.port, 'PING').finally(() => {
    answered = true;
  });
  const other = await start();
  expect(await ask(other.port, 'PING')).toBe('+PONG\r\n');
  expect(answered).toBe(false);
  redis.thaw();
  expect(await answer).toBe('+PONG\r\n');
});

test('a password is asked for', async () => {
  const redis = await start({ password: 'p@ss word' });
  expect(redis.url).toBe(`redis://:p%40ss%20word@127.0.0.1:${redis.port}`);
  expect(await ask(redis.port, 'PING')).toMatch(/^-NOAUTH/);
  expect(await ask(redis.port, 'AUTH "p@ss word"')).toBe('+OK\r\n');
});

test('TLS with a certificate that can be trusted', async () => {
  const redis = await start({ tls: true });
  const { host, port, ca } = redis;
  const socket = connectTls({ host, port, ca });
  expect(await talk(socket, 'PING')).toBe('+PONG\r\n');
  await expect(talk(connectTls({ host, port }), 'PING')).rejects.toThrow('self-signed');
});

test('a proxy refuses, drops or swallows, and works again', async () => {
  const redis = await start();
  const proxy = await startProxy(redis);
  cleanUp.push(proxy.stop);
  expect(await ask(proxy.port, 'PING')).toBe('+PONG\r\n');

  await proxy.cut();
  await expect(ask(proxy.port, 'PING')).rejects.toThrow('ECONNREFUSED');
  await proxy.restore();
  expect(await ask(proxy.port, 'PING')).toBe('+PONG\r\n');

  const open = connect(proxy.port, '127.0.0.1');
  expect(await talk(open, 'PING', { keep: true })).toBe('+PONG\r\n');
  const closed = new Promise((resolve) => open.once('close', resolve));
  open.on('error', () => {});
  await proxy.cut('dropped');
  await closed;
  expect(await ask(proxy.port, 'PING')).toBe('+PONG\r\n');

  await proxy.cut('silent');
  let answered = false;
  const answer = ask(proxy.port, 'PING').finally(() => {
    answered = true;
  });
  expect(await ask(redis.port, 'PING')).toBe('+PONG\r\n');
  expect(answered).toBe(false);
  await proxy.restore();
  expect(await answer).toBe('+PONG\r\n');
});

test('sentinels know the master, and replace it when asked to', async () => {
  const { nodes, sentinels, master, failover, stop } = await startSentinels({ sentinels: 3 });
  cleanUp.push(stop);
  const [first, second] = nodes;
  expect(sentinels.length).toBe(3);
  expect(await master()).toBe(first);
  expect(await ask(first.port, 'SET k v')).toBe('+OK\r\n');
  await expect.poll(() => ask(second.port, 'GET k')).toBe('$1\r\nv\r\n');
  expect(await ask(second.port, 'SET k w')).toMatch(/^-READONLY/);
  await failover();
  expect(await master()).toBe(second);
  expect(await ask(second.port, 'SET k w')).toBe('+OK\r\n');
});

test('a server ends with the process that started it, and its data with it', async () => {
  const script = `
    import { startRedis } from ${JSON.stringify(new URL('redis.ts', import.meta.url).href)};
    const { port } = await startRedis();
    process.stdout.write(String(port));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<number>((resolve) => {
    child.stdout.once('data', (text) => resolve(Number(text)));
  });
  const folder = (await ask(port, 'CONFIG GET dir')).split('\r\n')[4]!;
  expect(existsSync(folder)).toBe(true);
  const socket = connect(port, '127.0.0.1');
  expect(await talk(socket, 'PING', { keep: true })).toBe('+PONG\r\n');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => {});
  child.kill('SIGKILL');
  await closed;
  await expect.poll(() => existsSync(folder), { timeout: 30_000 }).toBe(false);
});

async function start(options: RedisOptions = {}): Promise<RedisServer> {
  const redis = await startRedis(options);
  cleanUp.push(redis.stop);
  return redis;
}

/** Sends one line and gives the first answer. */
function ask(port: number, line: string): Promise<string> {
  return talk(connect(port, '127.0.0.1'), line);
}

function talk(socket: Socket, line: string, { keep = false } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('data', (data) => {
      if (!keep) socket.destroy();
      resolve(String(data));
    });
    socket.write(`${line}\r\n`);
  });
}
