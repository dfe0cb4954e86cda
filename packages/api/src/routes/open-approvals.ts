import type { RunRef, StoredEvent } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import type { ExecutionStore, ExecutionSummary } from '@vwmp/core/ports';
import { runName } from 'operator-common';
import type { Approval } from '../contract/index.ts';
import { given } from './common.ts';

/** What an execution asks and nobody has answered, nor sent an answer that waits until somebody takes up the execution. */
export async function openApprovals(
  { storage: { executions } }: Platform,
  { id, workflow_id }: Pick<ExecutionSummary, 'id' | 'workflow_id'>,
): Promise<Approval[]> {
  // Before the events: an answer that is taken in meanwhile stands among them.
  const { cancelled, decisions } = await sentTo(executions, id);
  if (cancelled) return [];
  const rounds = decisions.length > 0 ? await roundsOf(executions, id) : undefined;
  const open = new Map<string, Approval>();
  for await (const event of executions.events(id)) {
    rounds?.take(event);
    forget(open, event);
    if (event.event !== 'step_waiting' || event.wait.kind !== 'approval') continue;
    const { step_id, index, wait, timestamp, seq: asked } = event;
    const { prompt, form, deadline } = wait;
    const step = runName(event);
    const rest = given({ index, form, deadline });
    open.set(step, {
      execution_id: id,
      workflow_id,
      step,
      step_id,
      prompt,
      waiting_since: timestamp,
      asked,
      ...rest,
    });
  }
  for (const { ref, round } of decisions) {
    const step = runName(ref);
    if (open.has(step) && rounds?.of(ref) === round) open.delete(step);
  }
  return [...open.values()];
}

/** A decision that has been sent; `round` tells which wait of the run it answers. */
interface Decision {
  type: 'decide';
  ref: RunRef;
  round: string;
}

/** What has been sent to an execution and not been taken in. */
async function sentTo(
  store: ExecutionStore,
  id: string,
): Promise<{ cancelled: boolean; decisions: Decision[] }> {
  const bodies: unknown[] = (await store.messages(id)).map(({ body }) => body);
  return {
    cancelled: bodies.some((body) => typeOf(body) === 'cancel'),
    decisions: bodies.filter(isDecision),
  };
}

function isDecision(body: unknown): body is Decision {
  return typeOf(body) === 'decide';
}

function typeOf(body: unknown): unknown {
  return (body as { type?: unknown } | null)?.type;
}

/** Tells the waits of a run apart. It is loaded when there is a decision to be told from one of an earlier wait. */
async function roundsOf(
  store: ExecutionStore,
  id: string,
): Promise<{ take(event: StoredEvent): void; of(ref: RunRef): string } | undefined> {
  const record = await store.get(id);
  if (!record) return undefined;
  const { compileDefinition, evolve, initialState, roundOf } = await import('@vwmp/core/machine');
  const definition = compileDefinition(record.document);
  const state = initialState(definition);
  return {
    take: (event) => evolve(definition, state, event, event.timestamp),
    of: (ref) => roundOf(definition, state, ref),
  };
}

/** Takes out what an event has answered. */
function forget(open: Map<string, Approval>, event: StoredEvent): void {
  switch (event.event) {
    case 'step_resumed':
    case 'step_retrying':
    case 'item_completed':
    case 'item_failed':
      open.delete(runName(event));
      return;
    case 'step_completed':
    case 'step_failed':
    case 'step_cancelled':
    case 'step_skipped':
      for (const [name, { step_id }] of open) if (step_id === event.step_id) open.delete(name);
      return;
    case 'iteration_completed':
      open.delete(event.step_id);
      return;
    case 'workflow_cancelling':
    case 'workflow_completed':
      open.clear();
      return;
    default:
  }
}
