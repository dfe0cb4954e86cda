// npm start: from a clone to a running service, with the example workflows stored on the first start. It prints where it is. What stands
// after `--` goes to `vwmp` instead: `npm start -- run examples/markdown-audit/workflow.yaml`, `npm start -- serve --port 9000`.
import { bootstrap } from './lib/bootstrap.mjs';
import { run } from './lib/run.mjs';

/** What `vwmp` is told to do when nothing else is asked for. */
const defaultCommand = ['serve', '--config', 'examples/serve.config.ts', '--seed', 'examples'];

await bootstrap();
const args = process.argv.slice(2);
process.exitCode = await run('vwmp', args.length > 0 ? args : defaultCommand);
