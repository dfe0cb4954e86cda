import type { Task } from '@vwmp/core/ports';
import { type Job, toTask } from './bullmq/job.ts';
import { notHeld } from './errors.ts';

/** A job that this process has taken. */
export class Held {
  readonly queue: string;
  readonly job: Job;
  readonly token: string;
  #controller: AbortController | undefined;
  state: 'held' | 'completed' | 'ended' | 'lost' = 'held';
  /** Redis was told what became of it, and the answer got lost: it may have taken notice or not. */
  unsure = false;

  constructor(queue: string, job: Job, token: string) {
    this.queue = queue;
    this.job = job;
    this.token = token;
  }

  /** Aborted when someone else has got the job. Made when it is asked for: not everyone does. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.state === 'lost') this.#abort();
    return this.#controller.signal;
  }

  toTask(): Task {
    return toTask(this.queue, this.job, this.job.attemptsMade + 1);
  }

  lose(): void {
    this.state = 'lost';
    this.#abort();
  }

  #abort(): void {
    this.#controller?.abort(notHeld({ id: this.job.id, queue: this.queue }));
  }
}
