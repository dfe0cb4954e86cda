import { defineHandler, type Handler } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import type { GitOptions } from './options.ts';
import { authorSchema, filesSchema, repositorySchema } from './schemas.ts';

/** `git.commit`: commits what is staged. */
export function createCommitHandler(options: GitOptions): Handler {
  return defineHandler({
    title: 'Git commit',
    description:
      'Commits what is staged. Runs no hooks. An attempt that is made again commits nothing twice.',
    category: 'git',
    icon: 'git-commit-horizontal',
    config: Type.Object({
      repository: repositorySchema,
      message: Type.String({ pattern: '\\S', maxLength: 65_536, description: 'The message of the commit.' }),
      author: authorSchema,
      allow_empty: Type.Optional(
        Type.Boolean({ description: 'Commits even when nothing has changed.', default: false }),
      ),
    }),
    output: Type.Object({
      kind: Type.Literal('commit'),
      sha: Type.String(),
      parent: Type.Union([Type.String(), Type.Null()], { description: 'Null for the first commit.' }),
      branch: Type.Union([Type.String(), Type.Null()], { description: 'Null when none is checked out.' }),
      files: filesSchema,
    }),
    load: async () => ({ execute: (await import('./commit.ts')).createCommit(options) }),
  });
}
