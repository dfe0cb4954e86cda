import { defineHandler, type Handler } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import type { GitOptions } from './options.ts';
import { repositorySchema } from './schemas.ts';

/** What `git.undo` needs of the output of another handler. */
export type Undoable =
  | { readonly kind: 'stage'; readonly paths: readonly string[] }
  | { readonly kind: 'commit'; readonly sha: string; readonly parent: string | null }
  | { readonly kind: 'tag'; readonly name: string; readonly object: string }
  | {
      readonly kind: 'branch';
      readonly name: string;
      readonly sha: string;
      readonly created: boolean;
      readonly previous: string | null;
    };

/** `git.undo`: takes back what another step of this plugin did. */
export function createUndoHandler(options: GitOptions): Handler {
  return defineHandler({
    title: 'Git undo',
    description:
      'Takes back what git.stage, git.commit, git.tag or git.branch did, unless somebody built on it.',
    category: 'git',
    icon: 'undo-2',
    config: Type.Object({
      repository: repositorySchema,
      of: Type.Unsafe<Undoable>({
        type: 'object',
        description: 'The output of the step to undo.',
        required: ['kind'],
        properties: { kind: { enum: ['stage', 'commit', 'tag', 'branch'] } },
      }),
    }),
    output: Type.Object({
      undone: Type.Boolean({ description: 'False when there was nothing left to take back.' }),
    }),
    load: async () => ({ execute: (await import('./undo.ts')).createUndo(options) }),
  });
}
