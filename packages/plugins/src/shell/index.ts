import { definePlugin, type Plugin } from '@vwmp/core';
import { run } from './run-handler.ts';

/** The plugin `shell`: commands of this machine. */
export const shell: Plugin = definePlugin({
  name: 'shell',
  description: 'Runs commands of the machine that VWMP runs on.',
  handlers: { run },
});

export default shell;
