// A worker that blocks its event loop for longer than its lock: `node blocking-worker.ts URL PREFIX LOCK`. It tells what it does, a
// line of JSON at a time.
import { setImmediate } from 'node:timers/promises';
import { createRedisQueue } from '../src/index.ts';

const [url, prefix, lock = '1000'] = process.argv.slice(2);
const tell = (fact: unknown): void => void process.stdout.write(`${JSON.stringify(fact)}\n`);
const logger = { log: (level: string, message: string) => tell({ level, message }) };
const queue = createRedisQueue({ url, prefix, lock: Number(lock), logger });
await queue.open();
const consumer = queue.consume('q', {}, async (_task, signal) => {
  signal.addEventListener('abort', () => tell({ aborted: true }));
  tell({ begun: true });
  // The line gets out, and then nothing happens here, not even the renewal of a lock.
  await setImmediate();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 8 * Number(lock));
  while (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, 10));
  return 'too late';
});
process.stdin.once('data', async () => {
  await consumer.close();
  await queue.close();
  tell({ closed: true });
  process.exit();
});
