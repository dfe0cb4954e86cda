// npm run bench: the measurements of apps/bench, on the built packages. Arguments after `--` go to it.
import { bootstrap } from './lib/bootstrap.mjs';
import { run } from './lib/run.mjs';
import { provideServers } from './lib/servers.mjs';

const args = process.argv.slice(2);
await bootstrap();
const withServers = ['all', 'durable', 'growth', 'idle', 'modes', 'peers'];
if (withServers.some((area) => args.includes(area))) await provideServers();
if (args.includes('designer') || args.includes('all')) await provideServers(['playwright-core']);
process.exitCode = await run('node', ['apps/bench/src/main.ts', ...args]);
