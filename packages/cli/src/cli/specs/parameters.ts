import type { OptionSpec } from '../command.ts';

/** How parameters are given, wherever a workflow is started. */
export const parameterOptions: Readonly<Record<'param' | 'params-file', OptionSpec>> = {
  param: {
    short: 'p',
    value: 'NAME=VALUE',
    multiple: true,
    description: 'A parameter; lists and objects as JSON, @FILE for what is in a file',
  },
  'params-file': {
    value: 'FILE',
    description: 'Parameters as YAML or JSON; --param wins over them',
    complete: 'file',
  },
};
