import type { CommandGroup, OptionSpec } from '../command.ts';

const json: OptionSpec = { description: 'Print JSON on stdout and nothing else' };

export const queuesGroup: CommandGroup = {
  summary: 'Queues in Redis: list, pause and resume them, try dead letters again or discard them',
  details: `A queue in memory (VWMP_QUEUE_BACKEND=memory) is that of one process, which no other one can see or pause: these commands
end with 2 then. Ask the server that has it: GET /api/vwmp/queues/.`,
  commands: {
    list: {
      summary: 'List the queues with how many tasks they have',
      operands: [],
      options: { ids: { description: 'Only the names, one a line' }, json },
      examples: [['vwmp queues list', 'what waits, and which are paused']],
    },
    pause: {
      summary: 'Have nothing of a queue given out until it is resumed; what runs goes on to its end',
      operands: ['NAME'],
      complete: 'queue',
      options: {
        force: {
          description: 'Also a queue that nothing has used, and that no worker or stored workflow names',
        },
        json,
      },
      examples: [['vwmp queues pause executions', 'let no execution begin or go on']],
    },
    resume: {
      summary: 'Have a paused queue given out again',
      operands: ['NAME'],
      complete: 'queue',
      options: { json },
      examples: [['vwmp queues resume executions', 'go on']],
    },
    dead: {
      summary: 'List the tasks of a queue that no attempt could carry out, oldest first',
      operands: ['NAME'],
      complete: 'queue',
      options: {
        limit: { short: 'n', value: 'N', description: 'So many at most, up to 500 (default 20)' },
        cursor: { value: 'CURSOR', description: 'Go on after a page: the cursor that it ended with' },
        ids: { description: 'Only the ids, one a line' },
        json,
      },
      examples: [['vwmp queues dead webhooks', 'why they failed']],
    },
    discard: {
      summary: 'Remove dead letters; nothing is left of them',
      operands: ['NAME', 'TASKS…'],
      complete: 'queue',
      options: { json },
      examples: [['vwmp queues discard webhooks 17', 'one that needs no answer any more']],
    },
    retry: {
      summary: 'Give dead letters their attempts back',
      operands: ['NAME', 'TASKS…'],
      complete: 'queue',
      options: { json },
      examples: [
        ['vwmp queues retry webhooks 17', 'one of them'],
        ['vwmp queues retry webhooks $(vwmp queues dead webhooks --ids)', 'all that are listed'],
      ],
    },
  },
};
