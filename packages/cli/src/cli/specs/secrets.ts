import type { CommandGroup, OptionSpec } from '../command.ts';

const json: OptionSpec = { description: 'Print JSON on stdout and nothing else' };

export const secretsGroup: CommandGroup = {
  summary: 'Secrets in an encrypted file: set, list and remove them',
  commands: {
    set: {
      summary: 'Set a secret, from stdin or from what you type, which is not shown',
      operands: ['NAME'],
      options: { json },
      details: `Workflows read it as secrets.NAME. It is kept in VWMP_SECRETS_FILE, encrypted with VWMP_ENCRYPTION_KEY or the key beside
the database. Running processes see it within a second. A variable VWMP_SECRET_NAME goes before it.`,
      examples: [
        ['vwmp secrets set GITHUB_TOKEN', 'type it'],
        ['pass show github | vwmp secrets set GITHUB_TOKEN', 'take it from another program'],
      ],
    },
    list: {
      summary: 'List the names of the secrets',
      operands: [],
      options: { json },
      examples: [['vwmp secrets list', 'one a line']],
    },
    remove: {
      summary: 'Remove a secret',
      operands: ['NAME'],
      options: { json },
      examples: [['vwmp secrets remove GITHUB_TOKEN', 'remove it']],
    },
  },
};
