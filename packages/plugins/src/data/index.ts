import { definePlugin, type Plugin } from '@vwmp/core';
import { convert, format, parse, template } from './handlers.ts';

/** The plugin `data`: CSV, JSON Lines, XML and templates. */
export const data: Plugin = definePlugin({
  name: 'data',
  description: 'Reads, writes and converts data.',
  handlers: { parse, format, convert, template },
});

export default data;
