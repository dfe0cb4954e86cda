import type { ExecutionEvent, JsonValue, RunRef, Workflow, WorkflowEngine } from '@vwmp/core';
import { runName } from 'operator-common';
import { hasCode } from '../cli/has-code.ts';
import { UsageError } from '../cli/usage-error.ts';
import { lossIn } from './exact.ts';
import { ignoreEnd } from './ignore-end.ts';

/** What `--signal` says. */
export interface GivenSignal {
  name: string;
  payload: JsonValue;
}

/** Sends the signals of the command line, and ends what only waits for others. */
export interface Signaller {
  onEvent(event: ExecutionEvent): void;
  stop(): void;
}

/** Between the end of one step and the start of the next nothing is under way either. In milliseconds. */
const settling = 100;

/** @param given - `NAME` or `NAME=JSON` @throws UsageError */
export function readSignals(given: readonly string[], { document }: Workflow): GivenSignal[] {
  const signals = given.map(readSignal);
  const waits = document.steps.filter(({ handler }) => handler === 'core.wait');
  const names = waits.map(({ config }) => (config as { signal?: unknown } | undefined)?.signal);
  const isKnown = names.every((name) => typeof name === 'string' && !name.includes('${'));
  // Those of plugins and of workflows that it calls may wait, too.
  if (
    !isKnown ||
    document.steps.some(({ handler }) => !handler.startsWith('core.') || handler === 'core.workflow')
  )
    return signals;
  for (const { name } of signals) {
    if (names.includes(name)) continue;
    const there =
      names.length === 0 ? 'No step waits for a signal.' : `These are waited for: ${names.join(', ')}.`;
    throw new UsageError(`--signal sends "${name}", for which no step waits. ${there}`, 'run');
  }
  return signals;
}

function readSignal(text: string): GivenSignal {
  const at = text.indexOf('=');
  const name = at < 0 ? text : text.slice(0, at);
  if (name === '')
    throw new UsageError(`"${text}" names no signal: write --signal NAME or NAME=JSON.`, 'run');
  if (at < 0) return { name, payload: null };
  const json = text.slice(at + 1);
  let payload: JsonValue;
  try {
    payload = JSON.parse(json) as JsonValue;
  } catch {
    throw new UsageError(
      `The payload of the signal "${name}" has to be JSON, like --signal ${name}='{"key": "value"}' or ${name}='"text"'.`,
      'run',
    );
  }
  const problem = lossIn(json);
  if (problem === undefined) return { name, payload };
  throw new UsageError(`The payload of the signal "${name}" would lose something: ${problem}`, 'run');
}

/**
 * Every execution gets the signals when it starts, children too, and the engine keeps them until a step waits. When
 * then all that is left are steps that wait for signals without a timeout, nobody can send these: it is cancelled.
 */
export function createSignaller(
  engine: WorkflowEngine,
  workflow: Workflow,
  signals: readonly GivenSignal[],
): Signaller {
  /** What is under way, by execution and step: the signal for which it waits without end, or undefined. */
  const open = new Map<string, { signal?: string; step: string; isChild?: boolean }>();
  let root: string | undefined;
  let ends = false;
  let timer: NodeJS.Timeout | undefined;

  const send = async (execution: string): Promise<void> => {
    try {
      for (const { name, payload } of signals) await engine.signal(execution, name, payload);
    } catch (error) {
      // It ended before.
      if (!hasCode(error, 'EXECUTION_NOT_FOUND')) throw error;
    }
  };

  const check = (): void => {
    const stuck = [...open.values()].filter(({ isChild }) => !isChild);
    const [first] = stuck;
    if (root === undefined || !first || stuck.some(({ signal }) => signal === undefined)) return;
    const names = [...new Set(stuck.map(({ signal }) => signal!))];
    const advice = `Send it with ${names.map((name) => `--signal ${name}`).join(' ')}, or give the step a timeout.`;
    const reason = `Step "${first.step}" waits for the signal "${first.signal}" without a timeout, and nothing else runs that could send it. ${advice}`;
    // It may have ended at this moment.
    engine.cancel(root, reason).catch(ignoreEnd);
  };

  return {
    onEvent(event) {
      root ??= event.execution_id;
      // It ends already, and a second cancel would give up what is being undone.
      if (
        event.execution_id === root &&
        /^(workflow_(cancelling|failing|completed)|compensation_started)$/.test(event.event)
      )
        ends = true;
      if (event.event === 'workflow_started') setImmediate(() => void send(event.execution_id));
      track(open, event);
      clearTimeout(timer);
      // A timeout of the workflow ends it.
      if (!ends && workflow.document.timeout === undefined) timer = setTimeout(check, settling);
    },
    stop() {
      clearTimeout(timer);
    },
  };
}

function track(
  open: Map<string, { signal?: string; step: string; isChild?: boolean }>,
  event: ExecutionEvent,
): void {
  if (!('step_id' in event) || event.step_id === undefined) return;
  const step = runName(event as RunRef);
  const key = `${event.execution_id} ${step}`;
  switch (event.event) {
    case 'step_started':
    case 'step_resumed':
    case 'step_retrying':
    case 'iteration_completed':
    case 'compensation_started':
      open.set(key, { step });
      return;
    case 'step_waiting': {
      const { wait } = event;
      const isEndless = wait.kind === 'signal' && wait.deadline === undefined;
      open.set(key, {
        step,
        ...(isEndless ? { signal: wait.signal } : {}),
        isChild: wait.kind === 'child' && wait.deadline === undefined,
      });
      return;
    }
    case 'step_completed':
    case 'step_failed':
    case 'step_cancelled':
    case 'item_completed':
    case 'item_failed':
    case 'compensation_completed':
    case 'compensation_failed':
      open.delete(key);
      return;
  }
}
