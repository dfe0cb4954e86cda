import { defineHandler, type Handler } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import { defaultLimit } from './schemas.ts';

const patterns = Type.Union([
  Type.String({ minLength: 1, maxLength: 1000 }),
  Type.Array(Type.String({ minLength: 1, maxLength: 1000 }), { maxItems: 100 }),
]);

/** `file.glob`: paths that match a pattern. */
export const glob: Handler = defineHandler({
  title: 'Find files',
  description: 'Lists the files of the workspace that match a pattern. Symlinks to folders are not followed.',
  category: 'files',
  icon: 'folder-search',
  config: Type.Object({
    pattern: Type.Unsafe<string | readonly string[]>({
      ...patterns,
      description: 'One pattern or several: * ? [a-z] {a,b} within a name, ** for any folders.',
      examples: ['src/**/*.ts'],
    }),
    cwd: Type.Optional(
      Type.String({ description: 'Folder to search. Default: the whole workspace.', default: '.' }),
    ),
    ignore: Type.Optional(
      Type.Unsafe<string | readonly string[]>({ ...patterns, description: 'Patterns of what to leave out.' }),
    ),
    dot: Type.Optional(
      Type.Boolean({ description: 'Wildcards also match names that begin with a dot.', default: false }),
    ),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100_000,
        description: 'Lists no more than this.',
        default: defaultLimit,
      }),
    ),
  }),
  output: Type.Object({
    paths: Type.Array(Type.String(), { description: 'Sorted, from the root of the workspace, with "/".' }),
    truncated: Type.Boolean({ description: 'True when there were more than the limit.' }),
  }),
  load: () => import('./glob.ts'),
});
