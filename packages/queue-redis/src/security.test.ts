import { inspect } from 'node:util';
import { type RedisServer, startRedis } from '@vwmp/test-servers';
import { Redis } from 'ioredis';
import { afterEach, expect, test } from 'vitest';
import { createRecordingLogger } from '../test/recording-logger.ts';
import { errorOf } from '../test/wait.ts';
import { readEndpoint } from './endpoint.ts';
import { createRedisEventBus, createRedisQueue, type RedisQueueOptions } from './index.ts';
import { Link } from './link.ts';
import { OutageLog } from './outage-log.ts';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function start(options: Parameters<typeof startRedis>[0]): Promise<RedisServer> {
  const server = await startRedis(options);
  cleanUp.push(server.stop);
  return server;
}

/** Opens a queue and a bus, sends a task and an event through them, and closes them. */
async function use(options: RedisQueueOptions): Promise<void> {
  const queue = createRedisQueue(options);
  const bus = createRedisEventBus(options);
  try {
    await queue.open();
    await queue.enqueue('q', { name: 'n', payload: 'card-4711' });
    await queue.markComplete((await queue.getTask('q', 20_000))!);
    await bus.open();
    bus.onWake('w', () => {});
    await bus.ping();
  } finally {
    await queue.close();
    await bus.close();
  }
}

/** What is told of a failure, with all causes and what was logged. */
async function told(options: RedisQueueOptions): Promise<{ code: string | undefined; text: string }> {
  const logger = createRecordingLogger();
  const error = await errorOf(use({ timeout: 500, ...options, logger }));
  // As a program would print it, with causes and whatever hangs on them.
  const text = [...logger.lines, inspect(error, { depth: 20, showHidden: true })].join('\n');
  expect(text).not.toContain('card-4711');
  return { code: error.code, text };
}

test('a password from the url or an option, with any characters', async () => {
  const password = 'p@ss:w/o?r%d ä#';
  const server = await start({ password });
  await use({ url: server.url });
  const { host, port } = server;
  await use({ host, port, password });
  await use({ url: `redis://${host}:${port}`, username: 'default', password });
});

test('a wrong or missing password is told as such, and not what it is', async () => {
  const server = await start({ password: 'right-horse' });
  const { host, port } = server;
  const wrong = await told({ url: `redis://:wrong-battery@${host}:${port}` });
  expect(wrong.code).toBe('QUEUE_UNAVAILABLE');
  expect(wrong.text).toContain('WRONGPASS');
  expect(wrong.text).toContain('Check the user name and the password.');
  const missing = await told({ host, port });
  expect(missing.code).toBe('QUEUE_UNAVAILABLE');
  expect(missing.text).toContain('NOAUTH');
  expect(wrong.text + missing.text).not.toMatch(/horse|battery/);
});

test('a database that Redis does not have is refused, and none of another number is used instead', async () => {
  const { host, port } = await start({});
  const { code, text } = await told({ host, port, db: 99 });
  expect(code).toBe('QUEUE_UNAVAILABLE');
  expect(text).toContain('ERR DB index is out of range. It has no database of that number');
  const redis = new Redis({ host, port });
  cleanUp.push(async () => redis.disconnect());
  expect(await redis.keys('*')).toEqual([]);
  const endpoint = readEndpoint({ host, port, db: 99 });
  const outages = new OutageLog(undefined, endpoint.name);
  const link = new Link({ endpoint, create: (given) => new Redis(given), outages, silence: 5000 });
  cleanUp.push(() => link.close());
  // Nor is it after the first attempt.
  for (let attempt = 0; attempt < 3; attempt++)
    expect((await errorOf(link.ready(500))).message).toContain('DB index');
});

test('TLS with a certificate that is trusted', async () => {
  const server = await start({ tls: true, password: 'secret' });
  await use({ url: server.url, tls: { ca: server.ca } });
  await use({ url: server.url, tls: { rejectUnauthorized: false } });
});

test('TLS with a certificate that is not trusted is refused, with what to do', async () => {
  const server = await start({ tls: true });
  const { code, text } = await told({ url: server.url });
  expect(code).toBe('QUEUE_UNAVAILABLE');
  expect(text).toContain('self-signed certificate');
  expect(text).toContain('NODE_EXTRA_CA_CERTS=FILE');
  expect(text).toContain('tls.ca');
});

test('plain text to a server that speaks TLS, and the other way round, do not hang', async () => {
  const secure = await start({ tls: true });
  const toSecure = await told({ host: secure.host, port: secure.port });
  expect(toSecure.code).toBe('QUEUE_UNAVAILABLE');
  expect(toSecure.text).toContain(
    'whether it wants TLS: the url (VWMP_REDIS_URL) begins with rediss:// then.',
  );
  const plain = await start({});
  const toPlain = await told({ host: plain.host, port: plain.port, tls: true });
  expect(toPlain.code).toBe('QUEUE_UNAVAILABLE');
  expect(toPlain.text).toContain(
    'it takes the connection, and does not answer in TLS. Check that it speaks TLS at this port',
  );
  // One that cannot be reached is not asked for TLS.
  expect((await told({ host: '127.0.0.1', port: 1, tls: true })).text).toContain(
    '127.0.0.1:1. Check that it runs',
  );
});

test('a password that nobody wants is told when it is opened, and not what it is', async () => {
  const warned = async (options: RedisQueueOptions): Promise<string> => {
    const logger = createRecordingLogger();
    await use({ ...options, logger });
    const text = logger.lines.join('\n');
    expect(text).not.toContain('horse');
    return text;
  };
  const { host, port, url } = await start({});
  const message = 'wants no password, though one is set here (VWMP_REDIS_URL)';
  expect(await warned({ host, port, password: 'horse' })).toContain(message);
  expect(await warned({ host, port, password: 'horse', username: 'default' })).toContain(message);
  expect(await warned({ url })).not.toContain('password');
  const guarded = await start({ password: 'horse' });
  expect(await warned({ url: guarded.url })).not.toContain('password');
});

test('a user who may touch the keys and channels of the prefix only', async () => {
  const server = await start({});
  const admin = new Redis(server.url);
  cleanUp.push(async () => admin.disconnect());
  await admin.call(
    'ACL',
    'SETUSER',
    'shop',
    'on',
    '>secret',
    '~{shop}:*',
    '&shop:*',
    '+@all',
    '-@dangerous',
    '+info',
    '+client',
  );
  const { host, port } = server;
  await use({ host, port, username: 'shop', password: 'secret', prefix: 'shop' });
  const { code, text } = await told({ host, port, username: 'shop', password: 'secret', prefix: 'other' });
  expect(code).toBe('QUEUE_UNAVAILABLE');
  expect(text).toContain('NOPERM');
});

test('a url that cannot be used is refused at once, without what is in it', () => {
  for (const url of [
    'not a url secret',
    'http://:secret@host',
    'redis://:secret@host/one',
    'redis://:secret@host:99999',
  ]) {
    expect(() => createRedisQueue({ url })).toThrowError(/url of Redis is not valid: .*redis:\/\/HOST/);
    expect(() => createRedisQueue({ url })).not.toThrowError(/secret/);
    expect(() => createRedisEventBus({ url })).toThrowError(
      expect.objectContaining({ code: 'SETTINGS_INVALID' }),
    );
  }
});

test('databases are apart', async () => {
  const server = await start({});
  const [one, two] = [
    createRedisQueue({ url: `${server.url}/1` }),
    createRedisQueue({ url: server.url, db: 2 }),
  ];
  await Promise.all([one.open(), two.open()]);
  await one.enqueue('q', { name: 'n', payload: 1 });
  expect(await two.getTask('q', 0)).toBeUndefined();
  expect((await one.getTask('q', 0))?.payload).toBe(1);
  await Promise.all([one.close(), two.close()]);
});
