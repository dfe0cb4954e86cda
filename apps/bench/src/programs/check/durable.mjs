// CPU of a durable execution: queued, recorded in SQLite and carried out, a few at a time.
import { openPlatform, save } from './platform.mjs';
import { measure } from './work.mjs';

const { document, parameters, warmUp, count, data } = JSON.parse(process.argv[2]);
const platform = await openPlatform(data);
await save(platform, document);

await measure(warmUp, count, async (executions) => {
  let started = 0;
  const lane = async () => {
    while (started++ < executions) {
      const { execution_id } = await platform.start(document.id, parameters);
      const { status } = await platform.wait(execution_id);
      if (status !== 'success') throw new Error(`An execution ended with ${status}.`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, lane));
});
