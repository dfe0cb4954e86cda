// npm start: from a clone to a running workflow. Arguments after `--` replace the default command of `vwmp`.
import { bootstrap } from './lib/bootstrap.mjs';
import { run } from './lib/run.mjs';

/** What `vwmp` is told to do when nothing else is asked for. */
const defaultCommand = ['run', 'examples/markdown-audit/workflow.yaml'];

await bootstrap();
const args = process.argv.slice(2);
process.exitCode = await run('vwmp', args.length > 0 ? args : defaultCommand);
