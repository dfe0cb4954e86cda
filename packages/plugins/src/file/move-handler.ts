import { defineHandler, type Handler } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import { fileProperties, overwriteSchema, pathSchema } from './schemas.ts';

/** `file.move`: another path for a file or folder. */
export const move: Handler = defineHandler({
  title: 'Move file',
  description: 'Moves or renames a file or folder within the workspace.',
  category: 'files',
  icon: 'file-output',
  config: Type.Object({
    from: pathSchema('File or folder to move.'),
    to: pathSchema('Its new path. Missing folders are made.'),
    overwrite: overwriteSchema,
  }),
  output: Type.Object({
    path: fileProperties.path,
    size: Type.Optional(fileProperties.size),
    sha256: Type.Optional(fileProperties.sha256),
  }),
  load: () => import('./move.ts'),
});
