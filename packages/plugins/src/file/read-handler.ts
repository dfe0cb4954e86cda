import { defineHandler, type Handler } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import { defaultMaxBytes, encodingSchema, fileProperties, pathSchema } from './schemas.ts';

/** `file.read`: the content of a file. */
export const read: Handler = defineHandler({
  title: 'Read file',
  description: 'Reads a file of the workspace.',
  category: 'files',
  icon: 'file-text',
  config: Type.Object({
    path: pathSchema('File to read.'),
    encoding: encodingSchema,
    json: Type.Optional(Type.Boolean({ description: 'Reads the text as JSON.', default: false })),
    max_bytes: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Longest file in bytes.', default: defaultMaxBytes }),
    ),
  }),
  output: Type.Object({
    ...fileProperties,
    content: Type.Unknown({ description: 'Text, base64, or the value of the JSON.' }),
  }),
  load: () => import('./read.ts'),
});
