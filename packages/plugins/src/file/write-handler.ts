import { defineHandler, type Handler } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import { encodingSchema, fileProperties, overwriteSchema, pathSchema } from './schemas.ts';

/** `file.write`: makes a file, replaces it or adds to it. */
export const write: Handler = defineHandler({
  title: 'Write file',
  description:
    'Writes a file of the workspace, as a whole or not at all. With append, adds to its end; ' +
    'an attempt that is made again adds again.',
  category: 'files',
  icon: 'file-pen',
  config: Type.Object({
    path: pathSchema('File to write. Missing folders are made.'),
    content: Type.Unknown({ description: 'Text is written as it is, anything else as JSON.' }),
    encoding: encodingSchema,
    append: Type.Optional(Type.Boolean({ description: 'Adds to the end.', default: false })),
    overwrite: overwriteSchema,
  }),
  output: Type.Object({
    ...fileProperties,
    created: Type.Boolean({ description: 'False when the file was there before.' }),
  }),
  load: () => import('./write.ts'),
});
