import { VwmpError } from '../errors.ts';
import { defineHandler, type Handler } from '../plugin/handler.ts';
import { Type } from '../schema.ts';

/** `core.fail`: fails, always or up to an attempt. */
export const fail: Handler = defineHandler({
  title: 'Fail',
  description: 'Fails: always, or while the attempt is below a number.',
  icon: 'circle-x',
  config: Type.Object({
    message: Type.Optional(Type.String({ default: 'Failed on purpose.' })),
    code: Type.Optional(Type.String({ pattern: '^[A-Z][A-Z0-9_]*$', default: 'FAILED' })),
    until_attempt: Type.Optional(Type.Integer({ minimum: 1, description: 'Succeeds from this attempt on.' })),
    retryable: Type.Optional(
      Type.Boolean({ default: true, description: 'False: fails at once, without another attempt.' }),
    ),
  }),
  execute({ config, attempt }) {
    if (config.until_attempt !== undefined && attempt >= config.until_attempt) return null;
    throw new VwmpError(config.code ?? 'FAILED', config.message ?? 'Failed on purpose.', {
      retryable: config.retryable ?? true,
    });
  },
});
