import type { CommandSpec } from '../command.ts';

export const serveSpec: CommandSpec = {
  summary: 'Answer the HTTP API, and work on executions',
  operands: [],
  options: {
    host: { value: 'HOST', description: 'The address to listen at (VWMP_API_HOST)' },
    port: { short: 'p', value: 'PORT', description: 'The port, 0 for a free one (VWMP_API_PORT)' },
    config: {
      value: 'FILE',
      description: 'A config other than the vwmp.config.mjs of this folder',
      complete: 'file',
    },
    seed: {
      value: 'FOLDER',
      description: 'Store the workflows of a folder when none is stored yet',
      complete: 'folder',
    },
    json: { description: 'Log lines of JSON' },
  },
  details: `Without any setting it answers this machine only, keeps everything in .vwmp/vwmp.db, and works on executions itself. Settings come
from variables of the environment and from .env; vwmp doctor shows them.

SIGTERM and Ctrl-C stop it: it takes nothing new, answers what it was asked, lets what runs end within VWMP_GRACE_PERIOD, hands
the rest back and ends with 0. A second one ends it at once, with 143 or 130; nothing is lost by that either.`,
  examples: [
    ['vwmp serve', 'the API at http://127.0.0.1:8080, described at /docs'],
    ['vwmp serve -p 0', 'at a free port, which it prints'],
    ['vwmp serve --seed examples', 'begin with the workflows of a folder'],
  ],
};
