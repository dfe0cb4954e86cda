import { type ErrorInfo, VwmpError } from '../errors.ts';
import type { JsonObject } from '../model/json.ts';
import { defineHandler, type Handler, suspend } from '../plugin/handler.ts';
import { Type } from '../schema.ts';

/** `core.workflow`: runs another workflow as a step. */
export const workflow: Handler = defineHandler({
  title: 'Workflow',
  description: 'Runs another workflow; its output is the output of the step.',
  icon: 'workflow',
  config: Type.Object({
    workflow: Type.String({ minLength: 1, description: 'Id of the workflow.' }),
    parameters: Type.Optional(Type.Unsafe<JsonObject>({ type: 'object' })),
    wait: Type.Optional(
      Type.Boolean({ default: true, description: 'False: goes on at once; the output is { execution_id }.' }),
    ),
  }),
  async execute({ config, executions }) {
    const attached = config.wait ?? true;
    const id = await executions.start(config.workflow, config.parameters ?? {}, { attached });
    return attached ? suspend({ kind: 'child', execution_id: id }) : { execution_id: id };
  },
  resume({ config }, payload) {
    const child = payload as unknown as {
      execution_id: string;
      status: string;
      output?: unknown;
      error?: ErrorInfo;
    };
    if (child.status === 'success' || child.status === 'partial') return child.output ?? null;
    const reason = child.error ? `: ${child.error.message}` : '.';
    throw new VwmpError(
      'CHILD_FAILED',
      `Execution "${child.execution_id}" of workflow "${config.workflow}" ended as ${child.status}${reason}`,
      {
        details: { execution_id: child.execution_id, status: child.status },
        cause: child.error,
      },
    );
  },
});
