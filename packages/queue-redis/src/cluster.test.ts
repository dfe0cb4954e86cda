import { type RedisServer, startRedis } from '@vwmp/test-servers';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { errorOf, until } from '../test/wait.ts';
import { createRedisQueue } from './index.ts';

const nodes: { server: RedisServer; admin: Redis; id: string }[] = [];
const slots = 16_384;

/** Two nodes with half of the slots each. */
beforeEach(async () => {
  for (const from of [0, slots / 2]) {
    const server = await startRedis({
      config: {
        'cluster-enabled': 'yes',
        'cluster-require-full-coverage': 'no',
      },
    });
    const admin = new Redis(server.url).on('error', () => {});
    await admin.call('CLUSTER', 'ADDSLOTSRANGE', from, from + slots / 2 - 1);
    nodes.push({ server, admin, id: (await admin.call('CLUSTER', 'MYID')) as string });
  }
  const [first, second] = nodes;
  await first!.admin.call('CLUSTER', 'MEET', second!.server.host, second!.server.port);
  await until(async () => {
    const infos = await Promise.all(nodes.map(({ admin }) => admin.call('CLUSTER', 'INFO')));
    const wholeOf = (info: unknown): boolean =>
      ['cluster_state:ok', `cluster_slots_ok:${slots}`].every((line) => String(info).includes(line));
    return infos.every(wholeOf);
  });
});
afterEach(async () => {
  for (const { admin } of nodes) admin.disconnect();
  await Promise.all(nodes.splice(0).map(({ server }) => server.stop()));
});

/** The node that has the keys of a prefix, and the other one. */
async function placesOf(prefix: string) {
  const slot = Number(await nodes[0]!.admin.call('CLUSTER', 'KEYSLOT', `{${prefix}}`));
  const [low, high] = nodes as [(typeof nodes)[0], (typeof nodes)[0]];
  return slot < slots / 2 ? { slot, owner: low, other: high } : { slot, owner: high, other: low };
}

test('whichever node of a cluster it is told of, it finds the one with its keys', async () => {
  const { owner, other } = await placesOf('shop');
  const told: string[] = [];
  const logger = { log: (_level: string, message: string) => void told.push(message) };
  const [near, far] = [owner, other].map(({ server }) =>
    createRedisQueue({ url: server.url, prefix: 'shop', logger }),
  );
  await Promise.all([near!.open(), far!.open()]);
  const done: unknown[] = [];
  far!.consume('q', { concurrency: 2 }, async ({ payload }) => void done.push(payload));
  for (let payload = 0; payload < 20; payload++) {
    await (payload % 2 ? near : far)!.enqueue('q', { name: 'n', payload });
  }
  await until(() => done.length === 20);
  await far!.ping();
  expect(new Set(done).size).toBe(20);
  expect(await far!.counts('q')).toEqual(await near!.counts('q'));
  // Nothing was away.
  expect(told).toEqual([]);
  await Promise.all([near!.close(), far!.close()]);
});

test('it follows its keys while it works', async () => {
  const { slot, owner, other } = await placesOf('shop');
  const queue = createRedisQueue({ url: owner.server.url, prefix: 'shop' });
  await queue.open();
  const done = new Set<unknown>();
  queue.consume('q', { concurrency: 4 }, async ({ payload }) => void done.add(payload));
  let added = 0;
  let moved = false;
  const adding = (async () => {
    while (!moved) {
      await queue.enqueue('q', { name: 'n', payload: added }).then(
        () => added++,
        // Refused: while some keys are there and some are here, neither node can do it.
        () => new Promise((resolve) => setTimeout(resolve, 10)),
      );
    }
  })();
  await until(() => done.size > 20);
  await other.admin.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', owner.id);
  await owner.admin.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', other.id);
  for (;;) {
    const keys = (await owner.admin.call('CLUSTER', 'GETKEYSINSLOT', slot, 100)) as string[];
    if (keys.length === 0) break;
    const { host, port } = other.server;
    await owner.admin.call('MIGRATE', host, port, '', 0, 5000, 'KEYS', ...keys);
  }
  for (const { admin } of [other, owner]) await admin.call('CLUSTER', 'SETSLOT', slot, 'NODE', other.id);
  const before = added;
  await until(() => added > before + 20);
  moved = true;
  await adding;
  await until(() => done.size >= added);
  expect(await other.admin.call('CLUSTER', 'COUNTKEYSINSLOT', slot)).toBeGreaterThan(0);
  await queue.close();
});

test('when the node with its keys is away it says so, and goes on when that is back', async () => {
  const { owner, other } = await placesOf('shop');
  const queue = createRedisQueue({ url: other.server.url, prefix: 'shop', timeout: 500 });
  await queue.open();
  const done: unknown[] = [];
  queue.consume('q', {}, async ({ payload }) => void done.push(payload));
  await owner.server.kill();
  const refused = await errorOf(queue.enqueue('q', { name: 'n', payload: 'lost' }));
  expect(refused).toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
  await expect(queue.ping()).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
  await owner.server.restart();
  await until(() =>
    queue.enqueue('q', { name: 'n', payload: 'found' }).then(
      () => true,
      () => false,
    ),
  );
  await until(() => done.includes('found'));
  await queue.close();
});
