import { notify } from '../engine/observer.ts';
import type { Workflow } from '../engine/workflow.ts';
import type { RecordedEvent, StoredEvent } from '../model/event.ts';
import type { Append, Origin } from '../ports/execution-store.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { Given } from './given.ts';
import type { Newcomer } from './make-room.ts';
import type { PlatformParts } from './parts.ts';

/**
 * Records an execution that waits for a worker, and has one told. Commit first, tell after: what is told and not recorded would be
 * lost, the other way round a sweep finds it.
 */
export async function queueExecution(
  { parts, dispatcher }: { readonly parts: PlatformParts; readonly dispatcher: Dispatcher },
  workflow: Workflow,
  { id, acceptedAt: timestamp }: Newcomer,
  origin: Origin | undefined,
  recorded: readonly RecordedEvent[],
): Promise<void> {
  const events = recorded.map((event, index) =>
    Object.freeze({ ...event, seq: index + 1, execution_id: id, timestamp } as StoredEvent),
  );
  const append: Append = {
    summary: { id, ...versionOf(workflow), status: 'pending', started_at: timestamp },
    ...{ expected_seq: 0, epoch: 0, events, document: workflow.document },
    ...(origin && { origin }),
  };
  const woken = await parts.storage.executions.append(append);
  for (const event of events) for (const observer of parts.host.observers) notify(observer, event, () => {});
  if (woken.length === 0) return;
  const { priority } = origin ?? {};
  const told = dispatcher.ready(id, priority === undefined ? {} : { priority });
  // It is accepted; a queue that is away must not hold up the answer.
  if (parts.settings.queue.sync) await told;
}

/** What the history of an execution begins with that waits for a worker. */
export function queuedEvent(workflow: Workflow, { redactor, shown, trigger }: Given): RecordedEvent {
  return {
    ...{ event: 'workflow_queued', ...versionOf(workflow), parameters: redactor.redactData(shown) },
    ...(trigger === undefined ? {} : { trigger: redactor.redactData(trigger) }),
  };
}

function versionOf({ id, version }: Workflow): { workflow_id: string; workflow_version: string } {
  return { workflow_id: id, workflow_version: version };
}
