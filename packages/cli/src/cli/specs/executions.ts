import type { CommandGroup, CommandSpec, OptionSpec } from '../command.ts';

const json: OptionSpec = { description: 'Print JSON on stdout and nothing else' };
const statuses = ['pending', 'running', 'waiting', 'success', 'partial', 'failed', 'cancelled'];

const list: CommandSpec = {
  summary: 'List executions, newest first',
  operands: [],
  options: {
    workflow: { short: 'w', value: 'ID', description: 'Only those of this workflow', complete: 'stored' },
    status: {
      short: 's',
      value: 'STATUS',
      multiple: true,
      description: 'Only those with this status, such as failed',
      complete: statuses,
    },
    since: { value: 'TIME', description: 'Started at or after this: 2h, 2026-11-21, 2026-11-21T08:00Z' },
    until: { value: 'TIME', description: 'Started before this' },
    search: { value: 'TEXT', description: 'Beginning of the id or the workflow, or words of the error' },
    limit: { short: 'n', value: 'N', description: 'So many at most, up to 500 (default 20)' },
    cursor: { value: 'CURSOR', description: 'Go on where the page before ended' },
    all: { description: 'All that match, page after page' },
    ids: { description: 'Only the ids, one a line' },
    json,
  },
  examples: [
    ['vwmp executions list --status failed --since 1d', 'what failed within a day'],
    ['vwmp executions list -w deploy --all --json | jq .results[].id', 'all of one workflow'],
  ],
};

const logs: CommandSpec = {
  summary: 'Print what the steps of an execution logged',
  operands: ['ID'],
  complete: 'execution',
  options: {
    follow: { short: 'f', description: 'Go on until the execution has ended' },
    step: { value: 'STEP', description: 'Only of this step' },
    level: {
      value: 'LEVEL',
      description: 'Only this level and above: debug, info, warn or error',
      complete: ['debug', 'info', 'warn', 'error'],
    },
    json: { description: 'Lines of JSON' },
  },
  examples: [['vwmp executions logs 0mi9 --follow', 'watch one, its id abbreviated']],
};

const retry: CommandSpec = {
  summary: 'Start an execution that has ended again, keeping what had succeeded',
  operands: ['ID'],
  complete: 'execution',
  options: {
    from: { value: 'STEP', description: 'Begin from this step, with all that depend on it' },
    workflow: { value: 'FILE', description: 'Go on with this corrected document', complete: 'workflow' },
    key: {
      short: 'k',
      value: 'KEY',
      description: 'Retrying it again with the same key gives the execution of the first time',
    },
    wait: { short: 'w', description: 'Wait for its end, and end as it ended' },
    json: { description: 'Print the id, or with --wait the final execution, as JSON on stdout' },
  },
  details: `Without --from every step runs again that did not succeed, and what depends on it. The new execution has an id of its own,
which is printed.`,
  examples: [
    ['vwmp executions retry 0mi9xkq', 'try again what failed'],
    ['vwmp executions retry 0mi9xkq --from build --workflow fixed.yaml', 'with a corrected document'],
  ],
};

const approve: CommandSpec = {
  summary: 'Decide an approval that an execution waits for',
  operands: ['ID', '[STEP]'],
  complete: 'execution',
  options: {
    reject: { description: 'Reject it' },
    comment: { value: 'TEXT', description: 'Why' },
    by: { value: 'NAME', description: 'Who decides (default: your user name)' },
    values: { value: 'JSON', description: 'What is filled in, or @FILE with it' },
    asked: { value: 'N', description: 'Only the question of this number, and no later one of the step' },
    json,
  },
  details: `STEP may be left out when only one waits for an approval; STEP:INDEX is an item of a foreach. Ends with 2 when what was filled
in does not fit the form.

vwmp executions show ID --json tells the number of a question, as asked. With it the same decision may be sent again, when
nobody knows whether it was accepted; without it the question is decided that the step asks now.`,
  examples: [
    ['vwmp executions approve 0mi9xkq release', 'approve it'],
    ['vwmp executions approve 0mi9xkq --reject --comment "not on a Friday"', 'reject the only one'],
  ],
};

export const executionsGroup: CommandGroup = {
  summary: 'Executions: list, look into, cancel, retry and answer them',
  details: `ID may be abbreviated to a beginning that no other one has. These commands carry nothing out themselves: what they ask for is recorded,
and done by the worker that has the execution, or by the next one that runs.`,
  commands: {
    list,
    show: {
      summary: 'Show how an execution stands: each step, what it waits for, what failed',
      operands: ['ID'],
      complete: 'execution',
      options: {
        wait: { short: 'w', description: 'Wait for its end first, and end as it ended' },
        json,
      },
      details: `With --wait it ends with 0 on success, and with 1 when the execution failed, was partial or cancelled. Ctrl-C ends the
waiting only, with 130.`,
      examples: [
        ['vwmp executions show 0mi9xkq', 'show one, its id abbreviated'],
        ['vwmp executions show 0mi9xkq --wait', 'watch it until it has ended'],
      ],
    },
    logs,
    cancel: {
      summary: 'Cancel an execution; what succeeded is undone',
      operands: ['ID'],
      complete: 'execution',
      options: {
        reason: { value: 'TEXT', description: 'Why; told in its error' },
        gentle: { description: 'Let what is being undone go on, so that it may be sent again' },
        json,
      },
      details: `While what succeeded is being undone, cancelling once more gives that up, unless it is --gentle.`,
      examples: [['vwmp executions cancel 0mi9xkq --reason "wrong branch"', 'cancel one']],
    },
    retry,
    signal: {
      summary: 'Send a signal to an execution',
      operands: ['ID', 'NAME', '[PAYLOAD]'],
      complete: 'execution',
      options: {
        key: {
          short: 'k',
          value: 'KEY',
          description: 'Of the signals of this name with the same key the execution takes in one',
        },
        json,
      },
      details: 'PAYLOAD is JSON, or @FILE with JSON in it. A signal is kept until a step waits for it.',
      examples: [[`vwmp executions signal 0mi9xkq paid '{"amount": 12}'`, 'tell that it was paid']],
    },
    approve,
  },
};
