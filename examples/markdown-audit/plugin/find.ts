import { stat } from 'node:fs/promises';
import { defineHandler } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import { isMarkdown } from './context.ts';
import { walk } from './walk.ts';

/** `audit.find`: the Markdown files below a folder. */
export const find = defineHandler({
  title: 'Find Markdown',
  description: 'Lists the Markdown files below a folder, without what .gitignore leaves out.',
  icon: 'folder-search',
  config: Type.Object({
    folder: Type.String({ minLength: 1, description: 'Relative to the workspace.' }),
    ignore: Type.Optional(
      Type.Array(Type.String(), { description: 'More to leave out, as in a .gitignore.' }),
    ),
  }),
  output: Type.Object({
    files: Type.Array(Type.String(), { description: 'Sorted, relative to the folder.' }),
  }),
  async execute({ config, workspace, signal, logger }) {
    const root = await workspace.resolve(config.folder);
    const found = await stat(root).catch(() => undefined);
    if (!found?.isDirectory()) {
      const message = `"${config.folder}" is no folder of the workspace ${workspace.root}.`;
      throw Object.assign(new Error(message), { code: 'FOLDER_NOT_FOUND', retryable: false });
    }
    const files: string[] = [];
    for await (const path of walk(root, config.ignore)) {
      signal.throwIfAborted();
      if (isMarkdown(path)) files.push(path);
    }
    if (files.length === 0) logger.warn(`There is no Markdown below "${config.folder}".`);
    return { files };
  },
});
