import { PgBoss } from 'pg-boss';
import { createEnds, order, serve, steps } from './serve.mjs';

const boss = new PgBoss({ connectionString: process.env.DATABASE_URL, max: 20, useListenNotify: true });
boss.on('error', (error) => console.error(error));
await boss.start();
const ends = createEnds();
const names = ['read', 'count', 'total'];
for (const [i, name] of names.entries()) {
  // Woken by the database; without it half a second between two looks is the least that it allows.
  await boss.createQueue(name, { notify: true });
  await boss.work(name, { batchSize: 64, localConcurrency: 2, pollingIntervalSeconds: 0.5 }, async (jobs) => {
    for (const { data } of jobs) {
      const value = steps[name](data.value);
      const next = names[i + 1];
      if (next) await boss.send(next, { run: data.run, value });
      else ends.tell(data.run, value);
    }
  });
}
let runs = 0;
serve(async () => {
  const run = `${process.pid}-${++runs}`;
  await boss.send('read', { run, value: order });
  return ends.wait(run);
});
