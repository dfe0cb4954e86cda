// npm test: all tests, once. Arguments after `--` go to vitest: `npm test -- packages/core`.
import { bootstrap } from './lib/bootstrap.mjs';
import { run } from './lib/run.mjs';
import { provideTestServers } from './lib/servers.mjs';

const args = process.argv.slice(2);
await bootstrap();
await provideTestServers(args);
process.exitCode = await run('vitest', ['run', ...args]);
