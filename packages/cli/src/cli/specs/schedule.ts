import type { CommandGroup, OptionSpec } from '../command.ts';

const json: OptionSpec = { description: 'Print JSON on stdout and nothing else' };

export const scheduleGroup: CommandGroup = {
  summary: 'Schedules of stored workflows: list, explain, pause and resume them',
  commands: {
    list: {
      summary: 'List the schedules with their next fire',
      operands: [],
      options: {
        workflow: { short: 'w', value: 'ID', description: 'Only those of this workflow', complete: 'stored' },
        ids: { description: 'Only the ids, one a line' },
        json,
      },
      examples: [['vwmp schedule list', 'show all']],
    },
    explain: {
      summary: 'Show when a schedule fires next, when it did last, and why it did not',
      operands: ['ID'],
      complete: 'schedule',
      options: {
        next: { value: 'N', description: 'How many of the next fires (default 5)' },
        last: { value: 'N', description: 'How many of the last ones (default 10)' },
        json,
      },
      examples: [['vwmp schedule explain nightly-report', 'ID may be abbreviated, or that of its workflow']],
    },
    pause: {
      summary: 'Let a schedule start nothing until it is resumed',
      operands: ['ID'],
      complete: 'schedule',
      options: { json },
      examples: [['vwmp schedule pause nightly-report', 'pause it']],
    },
    resume: {
      summary: 'Let a paused schedule fire again',
      operands: ['ID'],
      complete: 'schedule',
      options: { json },
      examples: [['vwmp schedule resume nightly-report', 'resume it']],
    },
  },
};
