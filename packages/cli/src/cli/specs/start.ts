import type { CommandSpec } from '../command.ts';
import { parameterOptions } from './parameters.ts';

export const startSpec: CommandSpec = {
  summary: 'Have the workers carry out a workflow, and print the id of the execution',
  operands: ['WORKFLOW'],
  complete: 'workflow',
  options: {
    ...parameterOptions,
    key: {
      short: 'k',
      value: 'KEY',
      description: 'Starting it again with the same key gives the execution of the first time',
    },
    priority: {
      value: 'N',
      description: 'Higher is begun first where executions wait in the queue for a worker',
    },
    wait: { short: 'w', description: 'Wait for its end, and end as it ended' },
    json: { description: 'Print the id, or with --wait the final execution, as JSON on stdout' },
  },
  details: `WORKFLOW is a file (- for stdin) or the id of a stored workflow. Once the id is printed the execution is recorded, and a
worker will carry it out: one that runs, or else the next vwmp worker. The priority counts while it waits in a
queue server to be begun; without one, and when it goes on after a wait or a restart, it goes in its turn.

Ends with 0 when it was accepted (with --wait: on success), 1 when with --wait it failed, was partial or cancelled or
the database cannot be reached, 2 when the workflow, the parameters or the command line are wrong. Ctrl-C ends the waiting
only, with 130.`,
  examples: [
    ['vwmp start deploy.yaml -p env=prod', 'start a file'],
    ['vwmp start nightly-report --key 2026-11-21', 'start a stored one, once for this day'],
    ['vwmp start report.yaml --wait --json | jq .output', 'go on with the output'],
  ],
};
