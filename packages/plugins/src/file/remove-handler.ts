import { defineHandler, type Handler } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import { fileProperties, pathSchema } from './schemas.ts';

/** `file.remove`: removes a file or folder. */
export const remove: Handler = defineHandler({
  title: 'Remove file',
  description: 'Removes a file or folder of the workspace. Of a symlink the link, not what it points at.',
  category: 'files',
  icon: 'trash-2',
  config: Type.Object({
    path: pathSchema('File or folder to remove.'),
    recursive: Type.Optional(
      Type.Boolean({
        description: 'Also removes a folder that is not empty, with all in it.',
        default: false,
      }),
    ),
    ignore_missing: Type.Optional(
      Type.Boolean({ description: 'Succeeds when there is nothing to remove.', default: false }),
    ),
  }),
  output: Type.Object({
    path: fileProperties.path,
    removed: Type.Boolean({ description: 'False when there was nothing to remove.' }),
  }),
  load: () => import('./remove.ts'),
});
