import type { JsonValue } from '../model/json.ts';
import { defineHandler, type Handler } from '../plugin/handler.ts';
import { Type } from '../schema.ts';

/** `core.emit`: sends a signal to an execution. */
export const emitSignal: Handler = defineHandler({
  title: 'Emit a signal',
  description: 'Sends a signal to an execution, to this one when none is named.',
  icon: 'send',
  config: Type.Object({
    signal: Type.String({ minLength: 1, description: 'Name of the signal.' }),
    execution: Type.Optional(
      Type.String({ minLength: 1, description: 'Id of the execution. Default: this one.' }),
    ),
    payload: Type.Optional(Type.Unknown({ description: 'What the waiting step gets as its output.' })),
  }),
  async execute({ config, execution, executions, idempotencyKey }) {
    await executions.signal(
      config.execution ?? execution.id,
      config.signal,
      (config.payload ?? null) as JsonValue,
      { idempotencyKey },
    );
    return null;
  },
});
