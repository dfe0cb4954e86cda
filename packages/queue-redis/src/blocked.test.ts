import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type RedisServer, startRedis } from '@vwmp/test-servers';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../test/wait.ts';
import { createRedisQueue } from './index.ts';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

test('a worker that blocks its event loop past its lock is told that it lost the task, and its result is refused', async () => {
  const [prefix, lock] = ['{blocked}', 500];
  const queue = createRedisQueue({ url: server.url, prefix, lock });
  await queue.open();
  const script = fileURLToPath(new URL('../test/blocking-worker.ts', import.meta.url));
  const args = ['--conditions=source', script, server.url, prefix, String(lock)];
  const worker = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const facts: Record<string, unknown>[] = [];
  createInterface({ input: worker.stdout }).on('line', (line) => facts.push(JSON.parse(line)));
  const tells = (key: string): Promise<void> => until(() => facts.some((fact) => key in fact));

  const id = await queue.enqueue('q', { name: 'n', payload: 1 });
  await tells('begun');
  const task = await queue.getTask('q', 40_000);
  expect(task).toMatchObject({ id, attempt: 1 });
  await tells('aborted');
  worker.stdin.write('\n');
  await tells('closed');
  expect(await queue.counts('q')).toEqual({ waiting: 0, delayed: 0, active: 1, dead: 0 });
  await queue.markComplete(task!);
  expect(await queue.counts('q')).toEqual({ waiting: 0, delayed: 0, active: 0, dead: 0 });
  expect(facts.filter(({ level }) => level === 'warn').map(({ message }) => message)).toEqual([
    expect.stringContaining(`Task "${id}" of queue "q" had been given to someone else when it ended here.`),
  ]);
  await queue.close();
});

test('a worker that blocks its event loop past its lock completes the task if nobody else wanted it', async () => {
  const queue = createRedisQueue({ url: server.url, prefix: 'alone', lock: 200 });
  await queue.open();
  let runs = 0;
  const consumer = queue.consume('q', {}, async () => {
    runs++;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600);
    return null;
  });
  await queue.enqueue('q', { name: 'n', payload: 1 }, { attempts: 3 });
  await until(async () => runs > 0 && (await queue.counts('q')).active === 0);
  expect(await queue.counts('q')).toEqual({ waiting: 0, delayed: 0, active: 0, dead: 0 });
  expect(runs).toBe(1);
  await consumer.close();
  await queue.close();
});

test('a task whose lock has run out is not withdrawn from its worker, which completes it', async () => {
  const queue = createRedisQueue({ url: server.url, prefix: 'late' });
  await queue.open();
  const id = await queue.enqueue('q', { name: 'n', payload: 1 }, { dedupe: 'k' });
  const task = await queue.getTask('q', 0);
  const client = new Redis(server.url);
  expect(await client.del(`{late}:q:${id}:lock`)).toBe(1);
  client.disconnect();
  expect(await queue.withdraw('q', 'k')).toBe(false);
  expect(await queue.counts('q')).toEqual({ waiting: 0, delayed: 0, active: 1, dead: 0 });
  await queue.markComplete(task!);
  await queue.close();
});
