import { defineHandler, type Handler } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import { durationSchema } from '../shared/duration-schema.ts';
import { defaultMaxOutputBytes, inheritedByDefault } from './defaults.ts';

/** `shell.run`: runs a command to its end. */
export const run: Handler = defineHandler({
  title: 'Run command',
  description: 'Runs a command in the workspace and waits for its end. What it starts ends with it.',
  category: 'system',
  icon: 'terminal',
  config: Type.Object({
    command: Type.String({
      minLength: 1,
      description: 'Program to run; with shell, a script.',
      examples: ['git'],
    }),
    args: Type.Optional(
      Type.Array(Type.String(), {
        description:
          'Arguments, each passed on as it is. A script gets them as "$1", "$2"…: the safe way for values.',
        default: [],
      }),
    ),
    shell: Type.Optional(
      Type.Boolean({ description: 'Runs the command as a script of /bin/sh.', default: false }),
    ),
    cwd: Type.Optional(Type.String({ description: 'Folder of the workspace to run in.', default: '.' })),
    env: Type.Optional(Type.Record(Type.String(), { description: 'Environment variables.' })),
    inherit: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description: 'Names of the variables that the command gets from the environment of the server.',
        default: inheritedByDefault,
      }),
    ),
    input: Type.Optional(
      Type.Unknown({ description: 'Standard input: text as it is, anything else as JSON.' }),
    ),
    ok: Type.Optional(
      Type.Array(Type.Integer({ minimum: 0, maximum: 255 }), {
        description: 'Exit codes that count as success.',
        default: [0],
      }),
    ),
    json: Type.Optional(Type.Boolean({ description: 'Reads stdout as JSON.', default: false })),
    timeout: Type.Optional(
      durationSchema({ description: 'Ends the command after this time. Default: none.' }),
    ),
    max_output_bytes: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: 'How much of stdout and of stderr is kept, each: the beginning.',
        default: defaultMaxOutputBytes,
      }),
    ),
    overflow: Type.Optional(
      Type.Enum(['truncate', 'fail'], {
        description: 'What more output does: it is counted and dropped, or the command is ended and fails.',
        default: 'truncate',
      }),
    ),
    log: Type.Optional(
      Type.Boolean({ description: 'Writes the output to the log, line by line.', default: true }),
    ),
  }),
  output: Type.Object({
    code: Type.Integer({ description: 'Exit code.' }),
    stdout: Type.Unknown({ description: 'Text, or the value of the JSON.' }),
    stderr: Type.String(),
    stdout_bytes: Type.Integer({ description: 'All of it, kept or not.' }),
    stderr_bytes: Type.Integer({ description: 'All of it, kept or not.' }),
    duration_ms: Type.Number(),
  }),
  load: () => import('./run.ts'),
});
