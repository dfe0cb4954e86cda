import { setTimeout as wait } from 'node:timers/promises';
import { inspect } from 'node:util';
import type { ExecutionEvent } from '@vwmp/core';
import type { EventBus, QueueBackend } from '@vwmp/core/ports';
import {
  type RedisServer,
  type SentinelOptions,
  type SentinelServers,
  startSentinels,
} from '@vwmp/test-servers';
import { Redis } from 'ioredis';
import { afterEach, expect, test } from 'vitest';
import { createRecordingLogger } from '../../test/recording-logger.ts';
import { errorOf, until } from '../../test/wait.ts';
import {
  createRedisEventBus,
  createRedisQueue,
  type RedisEventBusOptions,
  type RedisQueueOptions,
} from '../index.ts';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

/** Short, so that an outage need not last long to be longer. */
const impatient = { timeout: 1000, lock: 2000, gracePeriod: 1000 };

async function start(options?: SentinelOptions): Promise<SentinelServers> {
  const servers = await startSentinels(options);
  cleanUp.push(servers.stop);
  return servers;
}

async function open(options: RedisQueueOptions): Promise<QueueBackend> {
  const queue = createRedisQueue({ ...impatient, ...options });
  cleanUp.push(queue.close);
  await queue.open();
  return queue;
}

async function openBus(options: RedisEventBusOptions): Promise<EventBus> {
  const bus = createRedisEventBus({ timeout: 1000, ...options });
  cleanUp.push(bus.close);
  await bus.open();
  return bus;
}

function adminOf({ url, ca }: RedisServer): Redis {
  const admin = new Redis(url, { ...(ca !== undefined && { tls: { ca } }) }).on('error', () => {});
  cleanUp.push(async () => admin.disconnect());
  return admin;
}

const accepted = (request: Promise<unknown>): Promise<boolean> =>
  request.then(
    () => true,
    () => false,
  );
const works = ({ ping }: { ping(): Promise<void> }): Promise<boolean> => accepted(ping());

/** What all of them say why they do not work. It does not last, so they are asked once. */
async function redOf(...all: { ping(): Promise<void> }[]): Promise<Error & { code?: string }> {
  let error: Error | undefined;
  await until(async () => {
    const answers = await Promise.allSettled(all.map((each) => each.ping()));
    const reasons = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
    error = reasons[0];
    return reasons.length === all.length;
  });
  return error!;
}

/** Adds tasks all the time, and notes which were acknowledged and which ran. */
function startTraffic(queues: readonly QueueBackend[]) {
  const added = new Set<number>();
  const ran = new Set<number>();
  const refusals = new Set<string | undefined>();
  for (const queue of queues)
    queue.consume('q', { concurrency: 4 }, async ({ payload }) => {
      ran.add(payload as number);
      return null;
    });
  let goOn = true;
  const producing = (async () => {
    for (let number = 0; goOn; number++) {
      await queues[0]!
        .enqueue('q', { name: 'n', payload: number }, { delay: number % 5 === 0 ? 20 : 0 })
        .then(
          () => void added.add(number),
          ({ code }: { code?: string }) => void refusals.add(code),
        );
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  })();
  return {
    ...{ added, ran, refusals },
    async stop() {
      goOn = false;
      await producing;
    },
  };
}

test('tasks run on when the master is killed: the one that Sentinel makes of the replica is followed', async () => {
  const servers = await start({ sentinels: 3, downAfter: 3000 });
  const logger = createRecordingLogger();
  const queues = [await open({ url: servers.url, logger }), await open({ url: servers.url })];
  const { added, ran, refusals, stop } = startTraffic(queues);
  await until(() => ran.size > 50);
  await servers.sentinels[1]!.kill();
  await servers.nodes[0].kill();
  const error = await redOf(queues[0]!);
  expect(error).toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
  expect(error.message).toMatch(
    /^Redis at 127\.0\.0\.1:\d+, the master of redis\+sentinel:\/\/.+\/watched, cannot/,
  );
  for (const queue of queues) await until(() => works(queue));
  expect(await servers.master()).toBe(servers.nodes[1]);
  // What is acknowledged from now on is there and runs.
  const since = Math.max(...added) + 1;
  await until(() => [...added].filter((number) => number > since).length > 50);
  await stop();
  await until(() => [...added].every((number) => number <= since || ran.has(number)));
  // Nor does anything of before hang.
  await until(async () => {
    const { waiting, delayed, active } = await queues[0]!.counts('q');
    return waiting + delayed + active === 0;
  });
  expect([...refusals]).toEqual(['QUEUE_UNAVAILABLE']);
  expect((await queues[0]!.counts('q')).dead).toBe(0);
  expect(logger.lines.at(-1)).toMatch(
    /^info: Redis of the queue \(redis\+sentinel:.+\/watched\) is back after/,
  );
});

test('when the sentinels make another server the master, the old one is left although it lives', async () => {
  const servers = await start();
  const queue = await open({ url: servers.url });
  const bus = await openBus({ url: servers.url });
  const { added, ran, refusals, stop } = startTraffic([queue]);
  bus.onWake('w', () => {});
  await until(() => ran.size > 20);
  const [old, promoted] = servers.nodes.map(adminOf) as [Redis, Redis];
  // Sentinel would do so some time later, and end its connections.
  await old.call('ACL', 'SETUSER', 'default', '-slaveof', '-replicaof');
  const used = async (admin: Redis): Promise<boolean> =>
    /cmd=(bzpopmin|evalsha|subscribe|publish)/.test(
      String(await admin.call('CLIENT', 'LIST', 'TYPE', 'normal')),
    );
  expect(await used(old)).toBe(true);
  await servers.failover();
  await until(async () => (await used(promoted)) && !(await used(old)));
  expect(await old.call('ROLE')).toContain('master');
  for (const each of [queue, bus]) await until(() => works(each));
  const since = Math.max(...added) + 1;
  await until(() => [...added].filter((number) => number > since).length > 20);
  await stop();
  await until(() => [...added].every((number) => number <= since || ran.has(number)));
  expect([...refusals].filter((code) => code !== 'QUEUE_UNAVAILABLE')).toEqual([]);
});

test('the old master is left, too, when the sentinel that was listened to hangs', async () => {
  const servers = await start({ sentinels: 2 });
  const [first, second] = servers.sentinels;
  const queue = await open({
    url: `redis+sentinel://127.0.0.1:${second!.port},127.0.0.1:${first!.port}/watched`,
  });
  queue.consume('q', {}, async () => null);
  const [old, promoted] = servers.nodes.map(adminOf) as [Redis, Redis];
  await old.call('ACL', 'SETUSER', 'default', '-slaveof', '-replicaof');
  // What the silent sentinel did last is listed, too: it publishes.
  const used = async (admin: Redis): Promise<boolean> =>
    String(await admin.call('CLIENT', 'LIST')).includes('cmd=bzpopmin');
  await until(() => used(old));
  const listener = adminOf(second!);
  await until(async () => / sub=1 /.test(String(await listener.call('CLIENT', 'LIST'))));
  second!.freeze();
  await servers.failover();
  await until(async () => (await used(promoted)) && !(await used(old)));
  expect(await old.call('ROLE')).toContain('master');
  await until(() => works(queue));
  second!.thaw();
});

test('nothing is written to a master that became a replica, nor hangs there', async () => {
  const servers = await start();
  const [first, second] = servers.nodes;
  const [old, other] = [adminOf(first), adminOf(second)];
  const queue = await open({ url: servers.url });
  const ran: unknown[] = [];
  queue.consume('q', {}, async ({ payload }) => void ran.push(payload));
  await queue.enqueue('q', { name: 'n', payload: 1 });
  await until(() => ran.length === 1);
  // They say what was.
  servers.sentinels[0]!.freeze();
  await other.call('REPLICAOF', 'NO', 'ONE');
  await old.call('REPLICAOF', second.host, second.port);
  await until(async () => !(await works(queue)));
  await until(async () => /is a replica/.test((await errorOf(queue.ping())).message));
  expect(await errorOf(queue.enqueue('q', { name: 'n', payload: 2 }))).toMatchObject({
    code: 'QUEUE_UNAVAILABLE',
  });
  await old.call('REPLICAOF', 'NO', 'ONE');
  await until(() => works(queue));
  await queue.enqueue('q', { name: 'n', payload: 3 });
  await until(() => ran.includes(3));
  servers.sentinels[0]!.thaw();
});

test('events and hints flow again after the master was killed, and who listens is told of the gap', async () => {
  const servers = await start({ downAfter: 3000 });
  const [here, there] = [await openBus({ url: servers.url }), await openBus({ url: servers.url })];
  const seen: number[] = [];
  const woken: string[] = [];
  there.subscribe('e', ({ seq }) => seen.push(seq));
  there.onWake('w', (id) => woken.push(id));
  let resumed = 0;
  there.onResume!(() => resumed++);
  await there.ping();
  here.publish(event(1));
  await until(() => seen.length === 1);
  resumed = 0;
  await servers.nodes[0].kill();
  expect((await redOf(here, there)).message).toContain('the master of redis+sentinel://');
  await until(async () => (await works(here)) && (await works(there)));
  expect(resumed).toBeGreaterThan(0);
  here.publish(event(2));
  here.wake('w', 'after');
  await until(() => seen.includes(2) && woken.includes('after'));
});

test('a sentinel that is away or silent holds nobody up', async () => {
  const servers = await start({ sentinels: 2 });
  const [first] = servers.sentinels;
  const url = servers.url.replace('://', '://127.0.0.1:9,');
  await first!.kill();
  await open({ url, timeout: 20_000 });
  await first!.restart();
  first!.freeze();
  await open({ url: servers.url, timeout: 20_000 });
  first!.thaw();
});

test('without any sentinel nothing begins, and what works goes on', async () => {
  const servers = await start();
  const queue = await open({ url: servers.url });
  await servers.sentinels[0]!.kill();
  for (const create of [createRedisQueue, createRedisEventBus]) {
    const late = create({ url: servers.url, timeout: 300 });
    const { message } = await errorOf(late.open());
    await late.close();
    expect(message).toMatch(
      /^Redis at redis\+sentinel:\S+ cannot be used: no sentinel tells where "watched" is \(127\S+: connect ECONNREFUSED/,
    );
    expect(message).toContain('Check that the sentinels run, and their hosts and ports.');
  }
  await queue.enqueue('q', { name: 'n', payload: 1 });
  // Also when its connection is lost, or it needs another one.
  await adminOf(servers.nodes[0]).call('CLIENT', 'KILL', 'TYPE', 'normal');
  await until(() => works(queue));
  const ran: unknown[] = [];
  queue.consume('q', {}, async ({ payload }) => void ran.push(payload));
  await until(() => ran.length === 1);
  // Both are away: both are told.
  await servers.nodes[0].kill();
  await until(async () => /ECONNREFUSED.*and no sentinel tells/.test((await errorOf(queue.ping())).message));
});

test('a name that the sentinels do not know is told at once', async () => {
  const servers = await start();
  const queue = createRedisQueue({ url: servers.url.replace('watched', 'unknown'), timeout: 600_000 });
  const error = await errorOf(queue.open());
  await queue.close();
  expect(error).toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
  expect(error.message).toContain('it does not know that name');
  expect(error.message).toContain('Check the name of the master');
});

test('a sentinel that is back in time is asked, although another one has no name that can be found', async () => {
  const servers = await start();
  const [sentinel] = servers.sentinels;
  await sentinel!.kill();
  const url = servers.url.replace('://', '://nowhere.invalid:1,');
  const logger = createRecordingLogger();
  const queue = createRedisQueue({ url, logger, timeout: 40_000 });
  cleanUp.push(queue.close);
  const opened = accepted(queue.open());
  // It has asked them once.
  await wait(500);
  await sentinel!.restart();
  expect(await opened).toBe(true);
  // The master is away for a moment, too, while a name cannot be found.
  await sentinel!.kill();
  await servers.nodes[0].kill();
  await until(() => /^warn/.test(logger.lines.at(-1) ?? ''));
  const added = accepted(queue.enqueue('q', { name: 'n', payload: 1 }));
  await wait(1500);
  await servers.nodes[0].restart();
  expect(await added).toBe(true);
});

test('passwords of the servers and of the sentinels, TLS, and a database', async () => {
  const servers = await start({ tls: true, password: 'right-horse', sentinelPassword: 'p+ss w/r&d' });
  const { ca } = servers;
  const queue = await open({ url: servers.url.replace('watched', 'watched/3'), tls: { ca: ca! } });
  await queue.enqueue('q', { name: 'n', payload: 1 });
  expect(await adminOf(servers.nodes[0]).dbsize()).toBe(0);
  const bus = await openBus({ url: servers.url, tls: { ca: ca! } });
  bus.onWake('w', () => {});
  await servers.failover();
  for (const each of [queue, bus]) await until(() => works(each));

  const told = async (url: string): Promise<string> => {
    const logger = createRecordingLogger();
    const late = createRedisQueue({ url, logger, tls: { ca: ca! }, timeout: 600_000 });
    const error = await errorOf(late.open());
    await late.close();
    const text = [...logger.lines, inspect(error, { depth: 20, showHidden: true })].join('\n');
    expect(text).not.toMatch(/horse|p\+ss|battery/);
    return text;
  };
  for (const url of [servers.url.replace(/\?.*/, ''), servers.url.replace(/=.*/, '=battery')]) {
    const text = await told(url);
    expect(text).toMatch(/no sentinel tells where "watched" is \(.+: (NOAUTH|WRONGPASS)/);
    expect(text).toContain('Check sentinel_password in the url');
  }
  expect(await told(servers.url.replace('right-horse', 'battery'))).toContain(
    'Check the user name and the password.',
  );
});

test('closing ends what waits for sentinels that are silent', async () => {
  const servers = await start();
  servers.sentinels[0]!.freeze();
  for (const turns of [0, 1, 100]) {
    for (const create of [createRedisQueue, createRedisEventBus]) {
      const opened = create({ url: servers.url, timeout: 600_000 });
      const opening = errorOf(opened.open());
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
      await opened.close();
      expect((await opening).code).toBe('CLOSED');
    }
  }
  servers.sentinels[0]!.thaw();
});

test.each([
  ['redis+sentinel://:secret@host', 'the name of the master is missing'],
  ['redis+sentinel://:secret@host:26379/', 'the name of the master is missing'],
  ['redis+sentinel://:se/cret@host/name', 'the name of the master is missing'],
  ['redis+sentinel://:secret/x/0', 'the address of sentinel 1 cannot be read'],
  ['redis+sentinel://:secret@a,b:secret/name', 'the address of sentinel 2 cannot be read'],
  ['redis+sentinel://a,,b/name', 'the address of sentinel 2 cannot be read'],
  ['redis+sentinel://a:0/name', 'the address of sentinel 1 cannot be read'],
  ['redis+sentinel://a:65536/name', 'the address of sentinel 1 cannot be read'],
  ['redis+sentinel://:secret@a/name/one', 'its path has to be the number of a database'],
  ['redis+sentinel://a/name?password=secret', 'sentinel_username and sentinel_password, nothing else'],
  ['redis+sentinel://a/name?sentinel_password=p#secret', 'a "#" has to be written as %23'],
  ['redis+sentinel://:p#secret@a/name', 'a "#" has to be written as %23'],
  ['redis+sentinel://:p/secret@a:1,b:2/name', 'in a password "/" has to be written as %2F'],
  ['redis+sentinel://:p?secret@a:1,b:2/name', '"?" as %3F'],
  ['redis+sentinel://a/name?sentinel_password=p&secret', '"&" as %26'],
  ['redis://me:p/secret@a:1', 'in a password "/" has to be written as %2F'],
  ['redis://me:12/secret@a:1', 'in a password "/" has to be written as %2F'],
  ['redis://me:p@a?secret@b:1', 'in a password "/" has to be written as %2F'],
  ['redis://me:12?secret@a:1', '"?" as %3F'],
  ['redis://me:12#secret@a:1', '"#" as %23'],
  ['redis+sentinel://:%secret@a/name', 'a "%" of its password has to be written as %25'],
])('%s is refused', (url, why) => {
  for (const create of [createRedisQueue, createRedisEventBus]) {
    expect(() => create({ url })).toThrowError(expect.objectContaining({ code: 'SETTINGS_INVALID' }));
    expect(() => create({ url })).toThrowError(why);
    expect(() => create({ url })).not.toThrowError(/secret\b(?!_)/);
  }
});

test('a master that misses its replicas says what it needs', async () => {
  const servers = await start();
  const queue = await open({ url: servers.url });
  await adminOf(servers.nodes[0]).config('SET', 'min-replicas-to-write', '2');
  const error = await errorOf(queue.enqueue('q', { name: 'n', payload: 1 }));
  expect(error).toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
  expect(error.message).toMatch(/NOREPLICAS.*Look at its replicas: .*\(min-replicas-to-write\)\.$/);
});

test('a url of sentinels and a host besides are refused', () => {
  const url = 'redis+sentinel://a/name';
  expect(() => createRedisQueue({ url, host: 'b' })).toThrowError(/"host" and "port" must not be given/);
});

function event(seq: number): ExecutionEvent {
  const timestamp = '2026-01-01T00:00:00.000Z';
  return { event: 'log', level: 'info', message: `message ${seq}`, execution_id: 'e', seq, timestamp };
}
