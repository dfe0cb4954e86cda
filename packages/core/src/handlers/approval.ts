import type { JsonObject } from '../model/json.ts';
import { defineHandler, emit, type Handler, suspend } from '../plugin/handler.ts';
import { Type } from '../schema.ts';
import { durationSchema } from './duration-schema.ts';

/** `core.approval`: goes on when a person has decided. */
export const approval: Handler = defineHandler({
  title: 'Approval',
  description:
    'Goes on when a person has decided, on its port "approved" or "rejected"; the plain edge is live either way.',
  icon: 'user-check',
  config: Type.Object({
    prompt: Type.String({ minLength: 1, description: 'What is to be decided.' }),
    form: Type.Optional(
      Type.Unsafe<JsonObject>({
        type: 'object',
        format: 'json-schema',
        description:
          'What is to be filled in: a JSON Schema of an object, which the given values must match.',
      }),
    ),
    timeout: Type.Optional(durationSchema),
  }),
  output: Type.Object({
    approved: Type.Boolean(),
    by: Type.Union([Type.String(), Type.Null()]),
    comment: Type.Union([Type.String(), Type.Null()]),
    values: Type.Unknown(),
  }),
  ports: ['approved', 'rejected'],
  execute({ config }) {
    const { prompt, form, timeout } = config;
    return suspend({ kind: 'approval', prompt, form, timeout });
  },
  resume(_context, payload) {
    const decision = payload as { approved?: unknown; by?: unknown; comment?: unknown; values?: unknown };
    const output = {
      approved: decision.approved === true,
      by: decision.by ?? null,
      comment: decision.comment ?? null,
      values: decision.values ?? {},
    };
    return emit(output.approved ? 'approved' : 'rejected', output);
  },
});
