import { FlowProducer, Worker } from 'bullmq';
import { createEnds, order, serve, steps } from './serve.mjs';

const { hostname: host, port } = new URL(process.env.REDIS_URL);
const connection = { host, port: Number(port), maxRetriesPerRequest: null };
const ends = createEnds();
const worker = new Worker(
  'steps',
  async (job) => {
    const [before] = Object.values(await job.getChildrenValues());
    return steps[job.name](before ?? job.data.value);
  },
  { connection, concurrency: 64 },
);
worker.on('completed', (job, value) => {
  if (job.name === 'total') ends.tell(job.data.run, value);
});
worker.on('error', (error) => console.error(error));
await worker.waitUntilReady();
const flows = new FlowProducer({ connection });
await flows.waitUntilReady();
const queueName = 'steps';
const opts = { removeOnComplete: { count: 10_000 } };
let runs = 0;
serve(async () => {
  const run = `${process.pid}-${++runs}`;
  // A flow is written from its end: the children of a job go first.
  const read = { name: 'read', queueName, opts, data: { value: order } };
  const count = { name: 'count', queueName, opts, data: {}, children: [read] };
  await flows.add({ name: 'total', queueName, opts, data: { run }, children: [count] });
  return ends.wait(run);
});
