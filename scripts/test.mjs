// npm test: all tests, once. Arguments after `--` go to vitest: `npm test -- packages/core`.
import { bootstrap } from './lib/bootstrap.mjs';
import { run } from './lib/run.mjs';

await bootstrap();
process.exitCode = await run('vitest', ['run', ...process.argv.slice(2)]);
