import { VwmpError } from '../errors.ts';
import type { ExecutionEvent, RunRef } from '../model/event.ts';
import type { Woken } from '../ports/execution-store.ts';
import { message } from './journal.ts';
import type { PlatformParts } from './parts.ts';
import { isPassing, patiently } from './patience.ts';
import { isTooLate } from './read-execution.ts';
import { DurableRelatives, type RelativesOptions } from './relatives.ts';
import { type Replayed, Replays } from './replays.ts';
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
  readonly #replays: Replays;

  constructor(options: StepRunnerOptions) {
    this.#options = options;
    this.#replays = new Replays(options);
  }

  /** @param signal - aborted when the task was given to someone else, or this process ends */
  async run(task: StepTask, signal: AbortSignal): Promise<void> {
    const replay = this.#replays.take(task.execution_id);
    try {
      const replayed = await this.#insist(task, signal, () => replay.upToDate());
      if (replayed) await this.#attempt(task, signal, replayed);
    } finally {
      this.#replays.release(replay);
    }
  }

  close(): void {
    this.#replays.close();
  }

  /** Between catching up and the beginning of the attempt nothing is waited for: what the state shows is what counts. */
  async #attempt(task: StepTask, signal: AbortSignal, replayed: Replayed): Promise<void> {
    const { parts, start, signal: send, cancel, wake } = this.#options;
    const { execution_id: id, task_id, ...ref } = task;
    const { execution, depth, redactor } = replayed;
    const relatives = new DurableRelatives({
      ...{ id, depth, redactor, store: parts.storage.executions },
      ...{ start, signal: send, cancel },
    });
    const attempt = execution.prepare(ref, relatives);
    const wait = attempt?.run.wait;
    if (!attempt || wait?.kind !== 'task' || wait.task_id !== task_id) return;
    const at = { ...ref, attempt: attempt.run.attempt, iteration: attempt.iteration };
    const unwatch = parts.bus.subscribe(id, (event) => {
      if (isOver(event, ref)) attempt.abort();
    });
    const returned = Promise.withResolvers<never>();
    const abort = (): void => {
      attempt.abort();
      // Whoever gets it next need not wait for a handler that does not listen.
      returned.reject(handedBack(task));
    };
    returned.promise.catch(() => {});
    signal.addEventListener('abort', abort, { once: true });
    try {
      if (signal.aborted) throw handedBack(task);
      const ended = execution.stopping
        ? { type: 'cancelled' as const, at: parts.clock.now(), ...at }
        : attempt.begin(
            wait.resume ? { type: 'resume', ...at, payload: wait.resume.payload } : { type: 'run', ...at },
          );
      const { at: _at, ...input } = await Promise.race([ended, returned.promise]);
      if (signal.aborted) throw handedBack(task);
      // The owner waits for it, and undoes what has succeeded only then.
      if (input.type === 'cancelled') await relatives.cancelAttached();
      const body = { type: 'report', ref, task_id, input } as const;
      const report = message(`report:${task_id}`, id, body);
      // The step has run: it must not run again because the database was restarted.
      const woken = await this.#insist(task, signal, () => parts.storage.executions.post(report));
      await wake([woken]);
    } catch (error) {
      // The execution has ended meanwhile: nobody waits for the outcome.
      if (!isTooLate(error)) throw error;
    } finally {
      unwatch();
      signal.removeEventListener('abort', abort);
    }
  }

  /** A task that fails is gone, and with a queue in memory nobody would give it out again. */
  #insist<T>(task: StepTask, signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
    const { clock } = this.#options.parts;
    return patiently(ask, { clock, closed: () => signal.aborted }).catch((error: unknown) => {
      throw isPassing(error) ? handedBack(task) : error;
    });
  }
}

function handedBack({ step_id }: StepTask): VwmpError {
  return new VwmpError('TASK_RETURNED', `The attempt of step "${step_id}" is handed back.`);
}

/** True for what ends the attempt from outside. */
function isOver(event: ExecutionEvent, ref: RunRef): boolean {
  if (event.event === 'workflow_cancelling' || event.event === 'workflow_completed') return true;
  const settled = event.event === 'step_failed' || event.event === 'step_cancelled';
  return settled && event.step_id === ref.step_id;
}
