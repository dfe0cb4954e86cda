import type { ActiveExecution } from '../engine/active-execution.ts';
import type { Elsewhere, TaskWait } from '../engine/services.ts';
import type { Step } from '../model/workflow.ts';
import type { Clock } from '../ports/clock.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { QueueBackend } from '../ports/queue-backend.ts';
import { type Dispatcher, stepTask } from './dispatcher.ts';
import { HandOut } from './hand-out.ts';
import type { StepTask } from './step-task.ts';
import type { Waiting } from './waits.ts';

export interface StepTasksOptions {
  readonly dispatcher: Dispatcher;
  readonly queue: QueueBackend;
  readonly ids: IdSource;
  readonly clock: Clock;
  /** An execution that this process owns. */
  find(id: string): ActiveExecution | undefined;
}

/** Has steps with a queue of their own run by the workers of that queue. */
export class StepTasks implements Elsewhere {
  readonly #options: StepTasksOptions;
  readonly #handOut: HandOut;

  constructor(options: StepTasksOptions) {
    this.#options = options;
    this.#handOut = new HandOut(options.dispatcher, options.clock);
  }

  waitFor({ queue }: Step): TaskWait | undefined {
    return queue === undefined ? undefined : { kind: 'task', queue, task_id: this.#options.ids.next() };
  }

  async withdraw({ queue, task_id }: TaskWait): Promise<boolean> {
    return (await this.#handOut.withdraw(queue, task_id)) ?? this.#options.queue.withdraw(queue, task_id);
  }

  /** Gives out the tasks of what an execution waits for. @param fresh - whether none of them can have been given out before */
  handOut(id: string, waits: readonly Waiting[], fresh = false): void {
    const { find } = this.#options;
    for (const { ref, wait } of waits) {
      if (wait.kind !== 'task') continue;
      const { task_id } = wait;
      const wanted = (): boolean => find(id)?.wants(ref, task_id) === true;
      if (!wanted()) {
        if (fresh && find(id)) this.#handOut.keepBack(task_id);
        continue;
      }
      const payload: StepTask = { execution_id: id, task_id, ...ref };
      const task = { name: stepTask, payload: payload as never };
      void this.#handOut.add(wait.queue, { task, key: task_id, wanted });
    }
  }

  close(): void {
    this.#handOut.close();
  }
}
