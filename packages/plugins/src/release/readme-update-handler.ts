import { defineHandler, type Handler } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import { editedProperties, folderSchema } from './schemas.ts';

/** `release.readme_update`: brings version numbers up to date. */
export const readmeUpdate: Handler = defineHandler({
  title: 'Update README',
  description:
    'Between <!-- version --> and <!-- /version --> replaces the old version by the new one, in badges too; between other such pairs of comments the text.',
  category: 'release',
  icon: 'book-open',
  config: Type.Object({
    folder: folderSchema,
    path: Type.Optional(
      Type.String({ minLength: 1, description: 'The file, from the folder.', default: 'README.md' }),
    ),
    from: Type.String({ minLength: 1, description: 'The version before.' }),
    to: Type.String({ minLength: 1, description: 'The version now.' }),
    values: Type.Optional(
      Type.Record(Type.String(), {
        description: 'By the name of a pair of comments: the text to put between them, such as a badge.',
        default: {},
      }),
    ),
    required: Type.Optional(
      Type.Boolean({ description: 'Fails when there is no such pair of comments.', default: false }),
    ),
  }),
  output: Type.Object({
    path: Type.String(),
    regions: Type.Integer({ description: 'Pairs of comments that were found.' }),
    ...editedProperties,
  }),
  load: () => import('./readme-update.ts'),
});
