import { run } from 'graphile-worker';
import { createEnds, order, serve, steps } from './serve.mjs';

const ends = createEnds();
const task = (name, next) => async (payload, helpers) => {
  const value = steps[name](payload.value);
  if (next) await helpers.addJob(next, { run: payload.run, value });
  else ends.tell(payload.run, value);
};
const quiet = { scope: () => quiet, error: console.error, warn() {}, info() {}, debug() {} };
const runner = await run({
  connectionString: process.env.DATABASE_URL,
  noHandleSignals: true,
  logger: quiet,
  // As its own measurements of performance set it up.
  preset: {
    worker: {
      ...{ concurrentJobs: 24, maxPoolSize: 25 },
      ...{ localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 },
    },
  },
  taskList: { read: task('read', 'count'), count: task('count', 'total'), total: task('total') },
});
let runs = 0;
serve(async () => {
  const id = `${process.pid}-${++runs}`;
  await runner.addJob('read', { run: id, value: order });
  return ends.wait(id);
});
