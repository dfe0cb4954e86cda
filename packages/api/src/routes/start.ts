import type { JsonObject, WorkflowDocument } from '@vwmp/core';
import { parseDuration } from '@vwmp/core';
import { unless } from '../app/ending.ts';
import { requestInvalid } from '../app/error-answer.ts';
import type { Call, Reply } from '../app/route.ts';
import type { ExecutionAnswer, StartedAnswer } from '../contract/index.ts';
import { showExecution } from './show-execution.ts';

/** Nobody waits longer for one answer. */
const longestWait = 5 * 60_000;

interface StartRequest {
  workflow: string | WorkflowDocument;
  workflow_id?: string;
  parameters?: JsonObject | undefined;
  priority?: number | undefined;
  wait?: string | undefined;
  idempotency_key?: string | undefined;
}

/** Accepts an execution, and waits for its end when that is asked for. */
export async function start(
  call: Call,
  { workflow, workflow_id, parameters, priority, wait, idempotency_key }: StartRequest,
): Promise<Reply<StartedAnswer | ExecutionAnswer>> {
  const { platform, views } = call;
  const timeout = wait === undefined ? undefined : readWait(wait);
  // Read once for all who start it in one turn of the event loop.
  const record = workflow_id === undefined ? undefined : await views.find(workflow_id);
  const started = await platform.start(workflow, parameters ?? {}, {
    ...(record && { record }),
    ...(idempotency_key !== undefined && { idempotencyKey: idempotency_key }),
    ...(priority !== undefined && { priority }),
  });
  const { execution_id, created } = started;
  // Written while it is carried out; the answer says that it was.
  const noted = created
    ? call.audit('execution.started', execution_id, workflow_id === undefined ? {} : { workflow_id })
    : undefined;
  const headers = { location: `/api/vwmp/executions/${encodeURIComponent(execution_id)}/` };
  if (timeout !== undefined && timeout > 0) {
    try {
      const waited = platform.wait(execution_id, { timeout, signal: call.signal });
      const execution = await unless(call.ending.comes, waited);
      const isOver = execution.completed_at !== undefined;
      const body = isOver && (await showExecution(platform, execution, created));
      await noted;
      if (body) return { status: 200, body, headers };
    } catch (error) {
      // It is recorded. That the server closes, or the store is away by now, must not have it started once more.
      if (!call.signal.aborted) call.report(error);
    }
  }
  await noted;
  return {
    status: 202,
    body: { execution_id, created, ...(workflow_id !== undefined && { workflow_id }) },
    headers,
  };
}

/** @throws REQUEST_INVALID */
function readWait(text: string): number {
  const wait = parseDuration(/^\d+$/.test(text) ? Number(text) : text);
  if (wait !== undefined && wait <= longestWait) return wait;
  // Cut to what is possible, an answer that says nothing of the end would come long before it is expected.
  const [is, must] =
    wait === undefined
      ? ['no duration such as 500ms, 30s or 5m', 'be a duration such as 500ms, 30s or 5m']
      : ['longer than 5m, and no answer waits longer', 'be 5m at most'];
  throw requestInvalid(`"wait" is ${is}.`, [{ path: 'query.wait', message: `It must ${must}.` }]);
}
