import { type RedisServer, startRedis } from '@vwmp/test-servers';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { QueueCommands } from './queue-commands.ts';
import { scripts } from './scripts.ts';

let server: RedisServer;
let redis: Redis;
beforeAll(async () => {
  server = await startRedis({ config: { appendonly: 'no' } });
  redis = new Redis(server.url, { scripts: { ...scripts } });
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

test('who takes the last task is told when the next delayed one is due', async () => {
  let tokens = 0;
  const commands = new QueueCommands(
    {
      script: (name, args) =>
        (redis as unknown as Record<string, (given: unknown[]) => Promise<unknown>>)[name]!(args),
      command: (name, ...args) => redis.call(name, ...args),
      mayBeDone: () => false,
    },
    { prefix: '{due}', queue: 'q', lock: 60_000, deadLimit: 1, newToken: () => `t${tokens++}` },
  );
  const job = { name: 'n', payload: '1' };
  const before = Date.now();
  await commands.add('later', job, { delay: 3_600_000 });
  await commands.add('one', job, {});
  await commands.add('two', job, {});
  expect(await commands.take(1)).toMatchObject({ jobs: [{ id: 'one' }], left: 1, due: 0 });
  const last = await commands.take(1);
  expect(last).toMatchObject({ jobs: [{ id: 'two' }], left: 0 });
  expect(last.due).toBeGreaterThanOrEqual(before + 3_600_000);
  const along = await commands.addAndTake('three', job, {}, 'always');
  expect(along).toMatchObject({ jobs: [{ id: 'three' }], left: 0, due: last.due });
});
