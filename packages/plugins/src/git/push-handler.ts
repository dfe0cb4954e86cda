import { defineHandler, type Handler } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import type { GitOptions } from './options.ts';
import { repositorySchema } from './schemas.ts';

/** `git.push`: sends a branch and tags to a remote repository. */
export function createPushHandler(options: GitOptions): Handler {
  return defineHandler({
    title: 'Git push',
    description: 'Sends a branch and tags to a remote repository, all of them or none. Never forces.',
    category: 'git',
    icon: 'upload',
    config: Type.Object({
      repository: repositorySchema,
      remote: Type.Optional(
        Type.String({
          minLength: 1,
          description: 'Name of the remote in the repository.',
          default: 'origin',
        }),
      ),
      branch: Type.Optional(
        Type.Union([Type.String({ minLength: 1 }), Type.Literal(false)], {
          description: 'Branch to send; false for none. Default: the one that is checked out.',
        }),
      ),
      tags: Type.Optional(
        Type.Array(Type.String({ minLength: 1 }), {
          maxItems: 100,
          description: 'Tags to send.',
          default: [],
        }),
      ),
      credentials: Type.Optional(
        Type.Object(
          {
            username: Type.Optional(Type.String({ minLength: 1, pattern: '^[^\\r\\n\\0]+$' })),
            secret: Type.String({ minLength: 1 }),
          },
          { description: 'For https: the user, and the name of the secret with the password or token.' },
        ),
      ),
    }),
    output: Type.Object({
      remote: Type.String(),
      url: Type.String({ description: 'Without credentials.' }),
      refs: Type.Array(
        Type.Object({
          ref: Type.String({ examples: ['refs/heads/main'] }),
          sha: Type.String(),
          status: Type.Enum(['created', 'updated', 'unchanged']),
        }),
      ),
    }),
    load: async () => ({ execute: (await import('./push.ts')).createPush(options) }),
  });
}
