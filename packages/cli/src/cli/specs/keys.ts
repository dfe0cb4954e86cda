import type { CommandGroup, OptionSpec } from '../command.ts';

const json: OptionSpec = { description: 'Print JSON on stdout and nothing else' };

export const keysGroup: CommandGroup = {
  summary: 'API keys: create, list and revoke them',
  commands: {
    create: {
      summary: 'Create an API key and show it, this one time',
      operands: ['NAME'],
      options: {
        role: {
          short: 'r',
          value: 'ROLE',
          description: 'viewer, executor, editor or admin',
          complete: ['viewer', 'executor', 'editor', 'admin'],
        },
        expires: { value: 'TIME', description: 'For how long it is good, such as 90d; else for ever' },
        json,
      },
      details: `NAME says whose it is, and stands in the audit log. A viewer reads; an executor also starts and decides; an
editor also changes workflows and schedules; an admin may do everything. Only a hash of the key is kept.`,
      examples: [
        ['vwmp keys create ops --role admin', 'the first one'],
        ['vwmp keys create ci --role executor --expires 90d', 'one for a program'],
      ],
    },
    list: {
      summary: 'List the API keys, without their secrets',
      operands: [],
      options: { json },
      examples: [['vwmp keys list', 'show all']],
    },
    revoke: {
      summary: 'Revoke an API key: it is refused within five seconds, by every process',
      operands: ['KEY'],
      options: { json },
      details: 'KEY is its id, or its name when no other key in use has it.',
      examples: [['vwmp keys revoke ci', 'revoke it']],
    },
  },
};
