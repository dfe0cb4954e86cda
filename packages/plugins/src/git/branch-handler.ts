import { defineHandler, type Handler } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import type { GitOptions } from './options.ts';
import { repositorySchema } from './schemas.ts';

/** `git.branch`: makes a branch, checks it out, or both. */
export function createBranchHandler(options: GitOptions): Handler {
  return defineHandler({
    title: 'Git branch',
    description: 'Makes a branch and checks it out. Never moves one that is there.',
    category: 'git',
    icon: 'git-branch',
    config: Type.Object({
      repository: repositorySchema,
      name: Type.String({ minLength: 1, maxLength: 200, description: 'Name of the branch.' }),
      from: Type.Optional(
        Type.String({ minLength: 1, description: 'Commit that it begins at.', default: 'HEAD' }),
      ),
      create: Type.Optional(
        Type.Boolean({ description: 'Makes it; off: it has to be there already.', default: true }),
      ),
      switch: Type.Optional(Type.Boolean({ description: 'Checks it out.', default: true })),
    }),
    output: Type.Object({
      kind: Type.Literal('branch'),
      name: Type.String(),
      sha: Type.String(),
      created: Type.Boolean(),
      previous: Type.Union([Type.String(), Type.Null()], {
        description: 'What was checked out before, a branch or a commit; null when that did not change.',
      }),
    }),
    load: async () => ({ execute: (await import('./branch.ts')).createBranch(options) }),
  });
}
