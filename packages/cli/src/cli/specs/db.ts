import type { CommandGroup, CommandSpec, OptionSpec } from '../command.ts';

const json: OptionSpec = { description: 'Print JSON on stdout and nothing else' };

const copy: CommandSpec = {
  summary: 'Copy a whole database into another one, SQLite or PostgreSQL',
  operands: [],
  options: {
    from: { value: 'URL', description: 'The source (default: that of the settings)', complete: 'file' },
    to: { value: 'URL', description: 'The target; it has to be empty', complete: 'file' },
    resume: { description: 'Go on with a copy that was broken off' },
    force: { description: 'Copy although a worker is at work on the source' },
    json: { description: 'Print the result as JSON on stdout' },
  },
  details: `URL is sqlite:PATH, postgresql://USER@HOST/DATABASE, or the plain path of an SQLite file. Everything is copied: workflows with their
versions, schedules, logs, and executions, those in flight included, which go on where they were. At the end every table is
compared: how many rows there are, and a digest of what is in them. Ends with 1 when they differ.

Stop the workers of the source first: what they record later is not copied. A copy that is broken off, even by
kill -9, goes on with --resume: the target tells how far it got, and nothing is kept elsewhere. Until it is
complete, no command and no worker opens the target.`,
  examples: [
    ['vwmp db copy --to postgresql://vwmp@db.example/vwmp', 'move from SQLite to PostgreSQL'],
    ['vwmp db copy --from postgresql://vwmp@db.example/vwmp --to vwmp.db', 'and back'],
  ],
};

export const dbGroup: CommandGroup = {
  summary: 'The database: migrate, copy, back up, prune and check it',
  details: 'They work on the database of the settings; vwmp doctor shows which one that is.',
  commands: {
    migrate: {
      summary: 'Bring the database to the schema of this version, or create it',
      operands: [],
      options: { json },
      details:
        'All or nothing. A worker does the same when it starts; SQLite is backed up before. Running it again changes nothing.',
      examples: [['vwmp db migrate', 'carry out what is pending']],
    },
    status: {
      summary: 'Show migrations, tables and sizes',
      operands: [],
      options: { json },
      details: 'Ends with 1 when migrations are pending.',
      examples: [['vwmp db status', 'show them']],
    },
    copy,
    backup: {
      summary: 'Write a consistent copy of the database into a new file, while it is in use',
      operands: ['PATH'],
      complete: 'file',
      options: { json },
      examples: [['vwmp db backup "backup-$(date +%F).db"', 'one for each day']],
    },
    prune: {
      summary: 'Remove executions that ended long ago, and give their room back',
      operands: [],
      options: {
        'older-than': {
          value: 'DURATION',
          description: 'Those that ended longer ago than this, such as 30d',
        },
        keep: { value: 'N', description: 'Of each workflow, keep the N that ended last' },
        workflow: { short: 'w', value: 'ID', description: 'Of this workflow only', complete: 'stored' },
        json,
      },
      details:
        'Without either limit those of the settings hold: VWMP_RETENTION_AGE and VWMP_RETENTION_COUNT.',
      examples: [['vwmp db prune --older-than 30d --keep 1000', 'keep a month, and at most 1000 of each']],
    },
    check: {
      summary: 'Look for damage and contradictions',
      operands: [],
      options: { json },
      details: 'Ends with 1 when there are any.',
      examples: [['vwmp db check', 'look for them']],
    },
  },
};
