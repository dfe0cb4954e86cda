import { definePlugin, type Plugin } from '@vwmp/core';
import { js } from './js-handler.ts';

/** The plugin `script`: code of users, in a sandbox. */
export const script: Plugin = definePlugin({
  name: 'script',
  description: 'Runs code that is not trusted.',
  handlers: { js },
});

export default script;
