// What an expression gives with the data of an execution. Apart, as it brings the engine: loaded when someone writes an expression.
import { type Execution, type JsonObject, type JsonValue, WorkflowEngine } from '@vwmp/core';
import { isObject, stepOf, valueAt } from '../document/index.ts';

export type Preview = { readonly value: JsonValue } | { readonly error: string };

/** The step that reads; no step of a document is called so. */
const reader = 'preview__';

/** What {@link fillTemplate} gives; of a loop, what it gives for its first item. */
export async function previewTemplate(...given: Parameters<typeof fillTemplate>): Promise<Preview> {
  const [, document, , step, key] = given;
  const filled = await fillTemplate(...given);
  if ('error' in filled || foreachOf(document, step, key) === undefined) return filled;
  return { value: Array.isArray(filled.value) ? ((filled.value as JsonValue[])[0] ?? null) : filled.value };
}

/** What a template of a step is filled in for, one by one; undefined where that is the step itself. */
function foreachOf(
  document: unknown,
  step: string | undefined,
  key: string | undefined,
): JsonValue | undefined {
  return step === undefined || key === 'foreach' ? undefined : valueAt(stepOf(document, step), ['foreach']);
}

/**
 * Fills in a template as it would have been in an execution; in a loop, for each item: then a list of all is the result. Nothing is called: a small workflow of `core.set` gives what each
 * step gave then, and one more step reads it.
 *
 * @param step - whose item is in scope, if it has some
 * @param key - of the step that the template stands under
 */
export async function fillTemplate(
  template: JsonValue,
  document: unknown,
  execution: Execution,
  step?: string,
  key?: string,
): Promise<Preview> {
  const recorded = Object.entries(execution.steps).filter(([id]) => id !== step);
  const foreach = foreachOf(document, step, key);
  const workflow = {
    id: execution.workflow_id ?? 'preview',
    name: 'Preview',
    ...pick(document, ['config', 'parameters']),
    steps: [
      ...recorded.map(([id, { status, output, error }]): JsonObject => {
        if (status === 'failed')
          return {
            id,
            handler: 'core.fail',
            required: false,
            config: {
              message: literal(error?.message ?? 'It failed.') as string,
              code: error?.code ?? 'FAILED',
            },
          };
        if (status !== 'success') return { id, handler: 'core.set', enabled: false, config: { value: null } };
        return { id, handler: 'core.set', config: { value: literal(output ?? null) } };
      }),
      {
        id: reader,
        handler: 'core.set',
        dependencies: recorded.map(([id]) => id),
        join: 'done',
        ...(foreach === undefined ? {} : { foreach }),
        config: { value: template },
      },
    ],
  };
  const nobody = { debug() {}, info() {}, warn() {}, error() {} };
  try {
    const began = Date.parse(execution.started_at ?? '') || Date.now();
    const engine = new WorkflowEngine({
      logger: nobody as never,
      secrets: { get: () => '***' },
      // Nothing in it waits.
      clock: { now: () => began, setTimer: () => () => {} },
    });
    const same = {
      ...(execution.id !== undefined && { id: execution.id }),
      ...(execution.trigger !== undefined && { trigger: execution.trigger }),
    };
    const { steps } = await engine.executeWorkflow(workflow as never, execution.parameters, same);
    const outcome = steps[reader];
    if (outcome?.status !== 'success') return { error: outcome?.error?.message ?? 'It cannot be evaluated.' };
    return { value: outcome.output ?? null };
  } catch (error) {
    const [problem] = (error as { details?: { message?: string }[] }).details ?? [];
    return { error: problem?.message ?? (error instanceof Error ? error.message : String(error)) };
  }
}

function pick(document: unknown, keys: readonly string[]): Record<string, JsonValue> {
  if (!isObject(document)) return {};
  return Object.fromEntries(
    keys.flatMap((key) => (document[key] === undefined ? [] : [[key, document[key]]])),
  );
}

/** A value that is no template, whatever its texts look like. */
function literal(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value.replaceAll('${', () => '$${');
  if (Array.isArray(value)) return (value as JsonValue[]).map(literal);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, literal(each)]));
}
