import type { CommandSpec } from '../command.ts';

export const workerSpec: CommandSpec = {
  summary: 'Work on executions until told to stop',
  operands: [],
  options: {
    queue: {
      short: 'q',
      value: 'NAME',
      multiple: true,
      description: 'Take tasks of this queue only; "executions" is the one of whole executions',
    },
    concurrency: {
      short: 'c',
      value: 'N',
      description: 'How many to work on at a time (VWMP_WORKER_CONCURRENCY)',
    },
    json: { description: 'Log lines of JSON' },
  },
  details: `Settings come from variables of the environment and from .env; vwmp doctor shows them. Plugins and the workspace come from
vwmp.config.mjs, secrets from variables: VWMP_SECRET_TOKEN is secrets.TOKEN.

SIGTERM and Ctrl-C stop it: it takes nothing new, lets what runs end within VWMP_GRACE_PERIOD, hands the rest back
for other workers and ends with 0. A second one ends it at once, with 143 or 130; nothing is lost by that either.`,
  examples: [
    ['vwmp worker', 'work on everything'],
    ['vwmp worker -q gpu -c 1', 'carry out steps with "queue: gpu", one at a time'],
    ['VWMP_LOG_LEVEL=debug vwmp worker', 'tell of every execution that ends'],
  ],
};
