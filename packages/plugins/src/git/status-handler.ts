import { defineHandler, type Handler } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import type { GitOptions } from './options.ts';
import { maxFiles, repositorySchema } from './schemas.ts';

const state = Type.Enum(
  [
    'unmodified',
    'modified',
    'added',
    'deleted',
    'renamed',
    'copied',
    'type_changed',
    'unmerged',
    'untracked',
  ],
  { description: 'What became of it.' },
);

/** `git.status`: what is checked out, and what has changed. */
export function createStatusHandler(options: GitOptions): Handler {
  return defineHandler({
    title: 'Git status',
    description: 'Says what is checked out and which files have changed.',
    category: 'git',
    icon: 'git-compare',
    config: Type.Object({
      repository: repositorySchema,
      untracked: Type.Optional(
        Type.Boolean({ description: 'Lists files that git does not know, too.', default: true }),
      ),
      clean: Type.Optional(
        Type.Boolean({ description: 'Fails with GIT_NOT_CLEAN when anything has changed.', default: false }),
      ),
    }),
    output: Type.Object({
      branch: Type.Union([Type.String(), Type.Null()], {
        description: 'Null when no branch is checked out.',
      }),
      head: Type.Union([Type.String(), Type.Null()], { description: 'Commit; null before the first one.' }),
      upstream: Type.Union([Type.String(), Type.Null()]),
      ahead: Type.Integer({ description: 'Commits that the upstream has not.' }),
      behind: Type.Integer({ description: 'Commits that only the upstream has.' }),
      clean: Type.Boolean(),
      files: Type.Array(
        Type.Object({
          path: Type.String(),
          from: Type.Optional(Type.String({ description: 'Path before it was renamed.' })),
          staged: state,
          unstaged: state,
        }),
      ),
      truncated: Type.Boolean({ description: `There are more than ${maxFiles} files.` }),
    }),
    load: async () => ({ execute: (await import('./status.ts')).createStatus(options) }),
  });
}
