import { defineHandler, type Handler } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import type { GitOptions } from './options.ts';
import { filesSchema, pathsSchema, repositorySchema } from './schemas.ts';

/** `git.stage`: puts changes into the next commit. */
export function createStageHandler(options: GitOptions): Handler {
  return defineHandler({
    title: 'Git stage',
    description: 'Puts the changes of files and folders into the next commit, deletions too.',
    category: 'git',
    icon: 'git-pull-request-draft',
    config: Type.Object({
      repository: repositorySchema,
      paths: pathsSchema('Files and folders, from the folder `repository`; "." for all of it.'),
    }),
    output: Type.Object({
      kind: Type.Literal('stage'),
      paths: Type.Array(Type.String(), {
        description: 'What was asked for, from the root of the repository.',
      }),
      files: filesSchema,
    }),
    load: async () => ({ execute: (await import('./stage.ts')).createStage(options) }),
  });
}
