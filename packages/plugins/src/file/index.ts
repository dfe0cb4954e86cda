import { definePlugin, type Plugin } from '@vwmp/core';
import { copy } from './copy-handler.ts';
import { glob } from './glob-handler.ts';
import { move } from './move-handler.ts';
import { read } from './read-handler.ts';
import { remove } from './remove-handler.ts';
import { write } from './write-handler.ts';

/** The plugin `file`: files of the workspace, and no others. */
export const file: Plugin = definePlugin({
  name: 'file',
  description: 'Reads and writes files of the workspace.',
  handlers: { read, write, copy, move, remove, glob },
});

export default file;
