import { type RedisServer, startRedis } from '@vwmp/test-servers';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../test/wait.ts';
import { createRedisQueue } from '../index.ts';

let server: RedisServer;
let client: Redis;
beforeAll(async () => {
  server = await startRedis();
  client = new Redis(server.url, { maxRetriesPerRequest: null });
});
afterAll(async () => {
  client.disconnect();
  await server.stop();
});

test('BullMQ and its tools see the tasks, and can run them', async () => {
  const queue = createRedisQueue({ url: server.url, prefix: 'shop' });
  await queue.open();
  await queue.enqueue(
    'mails:new',
    { name: 'welcome', payload: { to: 'ana' } },
    { attempts: 2, backoff: 0, priority: 5 },
  );
  await queue.enqueue('mails:new', { name: 'later', payload: null }, { delay: 3_600_000, dedupe: 'k' });
  await queue.enqueue('mails:new', { name: 'lost', payload: 1 }, { priority: 9 });
  const lost = await queue.getTask('mails:new', 0);
  await queue.markFailed(lost!, { code: 'NO_MAIL', message: 'The mail server is gone.' });

  const raw = new Queue('mails%3anew', { prefix: '{shop}', connection: client as never });
  expect(await raw.getJobCounts('prioritized', 'delayed', 'active', 'failed')).toEqual({
    ...{ prioritized: 1, delayed: 1, active: 0, failed: 1 },
  });
  const [welcome] = await raw.getJobs(['prioritized']);
  expect(welcome).toMatchObject({ name: 'welcome', data: { to: 'ana' }, opts: { attempts: 2 } });
  const [failed] = await raw.getFailed();
  expect(failed).toMatchObject({ name: 'lost', failedReason: 'The mail server is gone.', attemptsMade: 1 });
  await failed!.retry();

  const names: string[] = [];
  const worker = new Worker(
    'mails%3anew',
    async ({ name, attemptsMade }) => {
      names.push(`${name} ${attemptsMade}`);
      if (name === 'welcome' && attemptsMade === 0) throw new Error('again');
    },
    { prefix: '{shop}', connection: client as never, removeOnComplete: { count: 0 } },
  );
  await until(async () => (await queue.counts('mails:new')).waiting === 0 && names.length === 3);
  expect(names).toEqual(['lost 1', 'welcome 0', 'welcome 1']);
  await worker.close();
  await raw.close();
  await queue.close();
});
