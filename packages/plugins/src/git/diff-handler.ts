import { defineHandler, type Handler } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import type { GitOptions } from './options.ts';
import { maxFiles, pathsSchema, repositorySchema } from './schemas.ts';

/** `git.diff`: what differs. */
export function createDiffHandler(options: GitOptions): Handler {
  return defineHandler({
    title: 'Git diff',
    description: 'Compares the working tree, what is staged, or two commits.',
    category: 'git',
    icon: 'file-diff',
    config: Type.Object({
      repository: repositorySchema,
      staged: Type.Optional(
        Type.Boolean({ description: 'Compares what is staged, not the working tree.', default: false }),
      ),
      from: Type.Optional(
        Type.String({
          minLength: 1,
          description: 'Commit to compare with. Default: what is staged; with staged or to, HEAD.',
          examples: ['main', 'v1.2.0'],
        }),
      ),
      to: Type.Optional(Type.String({ minLength: 1, description: 'Commit to compare instead of files.' })),
      paths: Type.Optional(pathsSchema('Only these, from the folder `repository`.')),
      context: Type.Optional(
        Type.Integer({ minimum: 0, maximum: 1000, description: 'Lines around a change.', default: 3 }),
      ),
      max_bytes: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: 16 * 1024 * 1024,
          description: 'How much of the patch is kept. 0 for the counts alone.',
          default: 262_144,
        }),
      ),
    }),
    output: Type.Object({
      files: Type.Array(
        Type.Object({
          path: Type.String(),
          from: Type.Optional(Type.String({ description: 'Path before it was renamed.' })),
          additions: Type.Integer(),
          deletions: Type.Integer(),
          binary: Type.Boolean(),
        }),
        { description: `The first ${maxFiles} of them.` },
      ),
      additions: Type.Integer({ description: 'Lines, in the files listed.' }),
      deletions: Type.Integer({ description: 'Lines, in the files listed.' }),
      patch: Type.String({ description: 'Unified diff, as git apply takes it when it is whole.' }),
      truncated: Type.Boolean({ description: 'The patch is longer than max_bytes.' }),
    }),
    load: async () => ({ execute: (await import('./diff.ts')).createDiff(options) }),
  });
}
