import { defineHandler, type Handler, suspend } from '../plugin/handler.ts';
import { Type } from '../schema.ts';
import { durationSchema } from './duration-schema.ts';

/** `core.wait`: goes on when a signal comes, with its payload as output. */
export const wait: Handler = defineHandler({
  title: 'Wait for a signal',
  description:
    'Goes on when a signal comes; its payload is the output. One that came before is taken at once.',
  icon: 'radio',
  config: Type.Object({
    signal: Type.String({ minLength: 1, description: 'Name of the signal.' }),
    timeout: Type.Optional(durationSchema),
  }),
  execute: ({ config }) => suspend({ kind: 'signal', signal: config.signal, timeout: config.timeout }),
});
