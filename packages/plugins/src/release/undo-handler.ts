import { defineHandler, type Handler } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import type { Edited } from './edit.ts';

/** `release.undo`: makes files what they were. */
export const undo: Handler = defineHandler({
  title: 'Undo release edits',
  description:
    'Makes the files that a step of this plugin edited what they were, unless somebody changed them since.',
  category: 'release',
  icon: 'undo-2',
  config: Type.Object({
    of: Type.Unsafe<Edited>({
      type: 'object',
      description: 'The output of the step to undo.',
      required: ['kind', 'folder', 'changes', 'journal'],
      properties: {
        kind: { const: 'release' },
        folder: { type: 'string' },
        journal: { type: 'string' },
        changes: {
          type: 'array',
          items: {
            type: 'object',
            required: ['path', 'before', 'after', 'at', 'removed', 'added'],
            properties: {
              path: { type: 'string' },
              before: { type: ['string', 'null'] },
              after: { type: 'string' },
              at: { type: 'integer', minimum: 0 },
              removed: { type: 'string' },
              added: { type: 'string' },
            },
          },
        },
      },
    }),
  }),
  output: Type.Object({ restored: Type.Array(Type.String(), { description: 'Files, from the workspace.' }) }),
  load: () => import('./undo.ts'),
});
