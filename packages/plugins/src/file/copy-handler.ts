import { defineHandler, type Handler } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import { fileProperties, overwriteSchema, pathSchema } from './schemas.ts';

/** `file.copy`: a second file with the same content. */
export const copy: Handler = defineHandler({
  title: 'Copy file',
  description: 'Copies a file within the workspace, however large, as a whole or not at all.',
  category: 'files',
  icon: 'copy',
  config: Type.Object({
    from: pathSchema('File to copy.'),
    to: pathSchema('Path of the copy. Missing folders are made.'),
    overwrite: overwriteSchema,
  }),
  output: Type.Object(fileProperties),
  load: () => import('./copy.ts'),
});
