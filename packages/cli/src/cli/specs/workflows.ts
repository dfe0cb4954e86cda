import type { CommandGroup, OptionSpec } from '../command.ts';

const json: OptionSpec = { description: 'Print JSON on stdout and nothing else' };

export const workflowsGroup: CommandGroup = {
  summary: 'Stored workflows: list, show, save and remove them',
  commands: {
    list: {
      summary: 'List the stored workflows',
      operands: ['[TEXT]'],
      options: {
        type: { short: 't', value: 'TYPE', description: 'Only those of this type', complete: 'type' },
        ids: { description: 'Only the ids, one a line' },
        json,
      },
      details: 'TEXT is looked for in id, name and document.',
      examples: [['vwmp workflows list report', 'find those that have to do with reports']],
    },
    show: {
      summary: 'Print a stored workflow as it was saved',
      operands: ['ID'],
      complete: 'stored',
      options: {
        rev: { value: 'REV', description: 'As it was at this rev' },
        versions: { description: 'List the revs that are kept instead, newest first' },
        json,
      },
      examples: [
        ['vwmp workflows show report > report.yaml', 'get its document'],
        ['vwmp workflows show report --versions', 'see when it changed'],
        ['vwmp workflows show report --rev 1-jey9ec9sn0', 'read an older one'],
      ],
    },
    save: {
      summary: 'Store workflows, so that they can be started by id and on schedule',
      operands: ['FILES…'],
      complete: 'workflow',
      options: {
        rev: {
          value: 'REV',
          description: 'Only if the stored one is still this rev; for one file',
        },
        json,
      },
      details: `Folders are searched as vwmp validate does. All files are checked before the first one is stored. One that is stored already is
replaced, and its versions are kept; what is the same is left alone. With --rev it ends with 2 when someone else has
changed the stored one since.`,
      examples: [
        ['vwmp workflows save workflows/', 'store all workflows of a folder'],
        ['vwmp workflows save deploy.yaml --rev 7f3a', 'replace what was read before, and nothing newer'],
      ],
    },
    remove: {
      summary: 'Remove a stored workflow; its executions stay',
      operands: ['ID'],
      complete: 'stored',
      options: {
        rev: { value: 'REV', description: 'Only if the stored one is still this rev' },
        json,
      },
      details: 'It is refused while executions of the workflow have not ended, as by the API.',
      examples: [['vwmp workflows remove old-report', 'remove it']],
    },
  },
};
