import { defineHandler, type Handler } from '../plugin/handler.ts';
import { Type } from '../schema.ts';

/** `core.set`: gives back what it is given. */
export const set: Handler = defineHandler({
  title: 'Set',
  description: 'Gives back a value, mostly one that expressions make.',
  icon: 'equal',
  pure: true,
  config: Type.Object({ value: Type.Unknown({ description: 'The output.' }) }),
  execute: ({ config }) => config.value,
});
