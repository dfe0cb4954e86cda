import { prepareAttempt } from '../engine/lone-attempt.ts';
import { hasCode, VwmpError } from '../errors.ts';
import type { ExecutionEvent, RunRef } from '../model/event.ts';
import type { Woken } from '../ports/execution-store.ts';
import { readHistory, toResumption } from './history.ts';
import { message } from './journal.ts';
import type { PlatformParts } from './parts.ts';
import { isPassing, patiently } from './patience.ts';
import { DurableRelatives, type RelativesOptions } from './relatives.ts';
import type { Sealer } from './seal.ts';
import type { StepTask } from './step-task.ts';
import type { WorkflowCache } from './workflow-cache.ts';

export interface StepRunnerOptions extends Pick<RelativesOptions, 'start' | 'signal' | 'cancel'> {
  readonly parts: PlatformParts;
  readonly cache: WorkflowCache;
  readonly sealer: Sealer;
  wake(woken: readonly Woken[]): Promise<void>;
}

/**
 * Carries out attempts of executions that others own, for the queues of steps. The outcome goes to the owner as a
 * message; an attempt that was given out twice is reported twice, and counts once.
 */
export class StepRunner {
  readonly #options: StepRunnerOptions;

  constructor(options: StepRunnerOptions) {
    this.#options = options;
  }

  /** @param signal - aborted when the task was given to someone else, or this process ends */
  async run(task: StepTask, signal: AbortSignal): Promise<void> {
    const { parts, cache, sealer, start, signal: send, cancel, wake } = this.#options;
    const { execution_id: id, task_id, ...ref } = task;
    const { executions } = parts.storage;
    const { clock } = parts;
    const handBack = (): VwmpError =>
      new VwmpError('TASK_RETURNED', `The attempt of step "${ref.step_id}" is handed back.`);
    // A task that fails is gone, and with a queue in memory nobody would give it out again.
    const insist = <T>(ask: () => Promise<T>): Promise<T> =>
      patiently(ask, { clock, closed: () => signal.aborted }).catch((error: unknown) => {
        throw isPassing(error) ? handBack() : error;
      });
    const read = await insist(async () => {
      const record = await executions.get(id);
      if (!record || record.completed_at !== undefined) return undefined;
      return { record, history: await readHistory(executions, id) };
    });
    if (!read) return;
    const { record, history } = read;
    const workflow = await cache.get(record.document);
    const resumption = toResumption(workflow, record, history, sealer);
    const { redactor, parameters, trigger } = resumption;
    const relatives = new DurableRelatives({
      id,
      depth: record.origin?.depth ?? 0,
      redactor,
      start,
      signal: send,
      cancel,
    });
    const attempt = prepareAttempt(parts.host, workflow, parameters, ref, {
      ...{ id, redactor, relatives, history },
      ...(trigger === undefined ? {} : { trigger }),
    });
    const wait = attempt.run?.wait;
    if (!attempt.run || wait?.kind !== 'task' || wait.task_id !== task_id) return;
    const iteration = iterationAt(history, ref);
    const at = { ...ref, attempt: attempt.run.attempt, iteration };
    const unwatch = parts.bus.subscribe(id, (event) => {
      if (isOver(event, ref)) attempt.abort();
    });
    const returned = Promise.withResolvers<never>();
    const abort = (): void => {
      attempt.abort();
      // Whoever gets it next need not wait for a handler that does not listen.
      returned.reject(handBack());
    };
    returned.promise.catch(() => {});
    signal.addEventListener('abort', abort, { once: true });
    try {
      if (signal.aborted) throw handBack();
      const ended = attempt.begin(
        wait.resume ? { type: 'resume', ...at, payload: wait.resume.payload } : { type: 'run', ...at },
      );
      const { at: _at, ...input } = await Promise.race([ended, returned.promise]);
      if (signal.aborted) throw handBack();
      // Who asked for it has ended, or does not want it any more.
      if (input.type === 'cancelled') return await relatives.cancelAttached();
      const body = { type: 'report', ref, task_id, input } as const;
      const report = message(`report:${task_id}`, id, body);
      // The step has run: it must not run again because the database was restarted.
      const woken = await insist(() => executions.post(report));
      await wake([woken]);
    } catch (error) {
      // The execution has ended meanwhile: nobody waits for the outcome.
      if (!hasCode(error, 'EXECUTION_NOT_ACTIVE') && !hasCode(error, 'EXECUTION_NOT_FOUND')) throw error;
    } finally {
      unwatch();
      signal.removeEventListener('abort', abort);
    }
  }
}

/** How many iterations of a repeat had ended. */
function iterationAt(history: Awaited<ReturnType<typeof readHistory>>, { step_id }: RunRef): number {
  return history.filter((event) => event.event === 'iteration_completed' && event.step_id === step_id).length;
}

/** True for what ends the attempt from outside. */
function isOver(event: ExecutionEvent, ref: RunRef): boolean {
  if (event.event === 'workflow_cancelling' || event.event === 'workflow_completed') return true;
  const settled = event.event === 'step_failed' || event.event === 'step_cancelled';
  return settled && event.step_id === ref.step_id;
}
