import { defineHandler, type Handler } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import type { GitOptions } from './options.ts';
import { authorSchema, repositorySchema } from './schemas.ts';

/** `git.tag`: names a commit for good. */
export function createTagHandler(options: GitOptions): Handler {
  return defineHandler({
    title: 'Git tag',
    description: 'Names a commit for good. Never moves a tag.',
    category: 'git',
    icon: 'tag',
    config: Type.Object({
      repository: repositorySchema,
      name: Type.String({
        minLength: 1,
        maxLength: 200,
        description: 'Name of the tag.',
        examples: ['v1.2.0'],
      }),
      message: Type.Optional(
        Type.String({ pattern: '\\S', maxLength: 65_536, description: 'Makes an annotated tag of it.' }),
      ),
      target: Type.Optional(Type.String({ minLength: 1, description: 'Commit to name.', default: 'HEAD' })),
      author: authorSchema,
    }),
    output: Type.Object({
      kind: Type.Literal('tag'),
      name: Type.String(),
      sha: Type.String({ description: 'The commit.' }),
      object: Type.String({ description: 'Of an annotated tag the tag itself, else the commit.' }),
    }),
    load: async () => ({ execute: (await import('./tag.ts')).createTag(options) }),
  });
}
