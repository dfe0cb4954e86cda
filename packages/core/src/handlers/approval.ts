import type { JsonValue } from '../model/json.ts';
import { defineHandler, emit, type Handler, suspend } from '../plugin/handler.ts';
import { Type } from '../schema.ts';
import { durationSchema } from './duration-schema.ts';

/** `core.approval`: goes on when a person has decided. */
export const approval: Handler = defineHandler({
  title: 'Approval',
  description: 'Goes on when a person has decided; a rejection makes the port "rejected" live.',
  icon: 'user-check',
  config: Type.Object({
    prompt: Type.String({ minLength: 1, description: 'What is to be decided.' }),
    form: Type.Optional(Type.Unknown({ description: 'Fields to fill in: a JSON Schema of an object.' })),
    timeout: Type.Optional(durationSchema),
  }),
  output: Type.Object({
    approved: Type.Boolean(),
    by: Type.Union([Type.String(), Type.Null()]),
    comment: Type.Union([Type.String(), Type.Null()]),
    values: Type.Unknown(),
  }),
  ports: ['rejected'],
  execute({ config }) {
    const { prompt, form, timeout } = config;
    return suspend({ kind: 'approval', prompt, form: form as JsonValue | undefined, timeout });
  },
  resume(_context, payload) {
    const decision = payload as { approved?: unknown; by?: unknown; comment?: unknown; values?: unknown };
    const output = {
      approved: decision.approved === true,
      by: decision.by ?? null,
      comment: decision.comment ?? null,
      values: decision.values ?? {},
    };
    return output.approved ? output : emit('rejected', output);
  },
});
