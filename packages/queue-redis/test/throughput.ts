// Compares the queue with BullMQ as it comes, in one run: `pnpm bench`. So many producers add tasks one after the other while a
// worker runs as many at a time; printed are tasks per second from the first that is added until the last is completed, several
// rounds by turns, and the ratio of the medians. Beside it the processor time per task, of this process and of Redis, which other
// work on the machine disturbs less.
import { startRedis } from '@vwmp/test-servers';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { createRedisQueue } from '../src/index.ts';

const rounds = 9;
const tasks = 3000;
const payload = { execution_id: '0mcy2k9q1abcdef', step: 'charge', input: { amount: 12.5, currency: 'EUR' } };

interface Contender {
  name: string;
  start(
    concurrency: number,
    run: () => void,
  ): Promise<{
    add(): Promise<unknown>;
    /** Tasks that are not completed. */
    left(): Promise<number>;
    stop(): Promise<void>;
  }>;
}

interface Measured {
  rate: number;
  /** Microseconds per task. */
  node: number;
  redis: number;
}

const server = await startRedis({ config: { appendonly: 'no' } });

const admin = new Redis(server.url);

const contenders: Contender[] = [
  {
    name: 'BullMQ',
    async start(concurrency, run) {
      const client = new Redis(server.url, { maxRetriesPerRequest: null });
      const queue = new Queue('raw', { connection: client as never });
      const process = async (): Promise<null> => {
        run();
        return null;
      };
      const worker = new Worker('raw', process, {
        ...{ connection: client as never, concurrency },
        ...{ removeOnComplete: { count: 0 }, removeOnFail: { count: 0 } },
      });
      await worker.waitUntilReady();
      return {
        add: () => queue.add('n', payload),
        left: async () => (await queue.getJobCountByTypes('wait', 'active')) as number,
        async stop() {
          await worker.close();
          await queue.close();
          client.disconnect();
        },
      };
    },
  },
  {
    name: 'queue-redis',
    async start(concurrency, run) {
      const queue = createRedisQueue({ url: server.url });
      await queue.open();
      const consumer = queue.consume('ours', { concurrency }, async () => {
        run();
        return null;
      });
      return {
        add: () => queue.enqueue('ours', { name: 'n', payload }),
        async left() {
          const { waiting, active } = await queue.counts('ours');
          return waiting + active;
        },
        async stop() {
          await consumer.close();
          await queue.close();
        },
      };
    },
  },
];

for (const concurrency of [1, 16, 64]) {
  const results = new Map<string, Measured[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const { name, start } of round % 2 ? contenders : contenders.toReversed()) {
      const measured = await measure(start, concurrency);
      // The first round is to warm up.
      if (round > 0) results.get(name)!.push(measured);
    }
  }
  const medians = contenders.map(({ name }) => {
    const of = (key: keyof Measured): number => median(results.get(name)!.map((result) => result[key]));
    return { name, rate: of('rate'), node: of('node'), redis: of('redis') };
  });
  for (const { name, rate, node, redis } of medians) {
    const cost = `${node.toFixed(0)} µs here, ${redis.toFixed(0)} µs in Redis`;
    console.log(`${String(concurrency).padStart(2)} at a time: ${name} ${rate.toFixed(0)}/s (${cost})`);
  }
  console.log(`                ratio ${(medians[1]!.rate / medians[0]!.rate).toFixed(2)}`);
}
admin.disconnect();
await server.stop();

async function measure(start: Contender['start'], concurrency: number): Promise<Measured> {
  const all = Promise.withResolvers<void>();
  let runs = 0;
  const { add, left, stop } = await start(concurrency, () => {
    runs++;
    if (runs === tasks) all.resolve();
  });
  const [begun, node, redis] = [performance.now(), process.cpuUsage(), await redisTime()];
  let added = 0;
  const produce = async (): Promise<void> => {
    while (added++ < tasks) await add();
  };
  await Promise.all(Array.from({ length: concurrency }, produce));
  await all.promise;
  while ((await left()) > 0);
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(node);
  const result = {
    rate: tasks / seconds,
    node: (user + system) / tasks,
    redis: ((await redisTime()) - redis) / tasks,
  };
  await stop();
  return result;
}

/** Microseconds that Redis has computed. */
async function redisTime(): Promise<number> {
  const info = await admin.info('cpu');
  const [, system, user] = /used_cpu_sys:([\d.]+).*?used_cpu_user:([\d.]+)/s.exec(info) ?? [];
  return (Number(system) + Number(user)) * 1e6;
}

function median(numbers: number[]): number {
  return numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}
