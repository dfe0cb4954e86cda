// npm run bench: the measurements of apps/bench, on the built packages. Arguments after `--` go to it.
import { bootstrap } from './lib/bootstrap.mjs';
import { run } from './lib/run.mjs';

await bootstrap();
process.exitCode = await run('node', ['apps/bench/src/main.ts', ...process.argv.slice(2)]);
