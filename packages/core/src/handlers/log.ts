import { defineHandler, type Handler } from '../plugin/handler.ts';
import { Type } from '../schema.ts';

/** `core.log`: writes a line to the log of the execution. */
export const log: Handler = defineHandler({
  title: 'Log',
  description: 'Writes a line to the log of the execution.',
  icon: 'text',
  config: Type.Object({
    message: Type.Unknown({ description: 'Text, or any value, which is written as JSON.' }),
    level: Type.Optional(Type.Enum(['debug', 'info', 'warn', 'error'], { default: 'info' })),
  }),
  execute({ config, logger }) {
    const { message, level = 'info' } = config;
    logger.log(level, typeof message === 'string' ? message : JSON.stringify(message));
    return null;
  },
});
