import type { RunRef, Wait } from '../model/event.ts';
import type { Step } from '../model/workflow.ts';
import type { Executions, Secrets, Workspace } from '../plugin/handler.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal } from './journal.ts';
import type { ExecutionObserver } from './observer.ts';
import type { PayloadGuard } from './payload.ts';

/** What an execution gets from its engine. */
export interface ExecutionServices {
  readonly clock: Clock;
  readonly random: () => number;
  /** In milliseconds. */
  readonly gracePeriod: number;
  readonly concurrency: number;
  readonly payload: PayloadGuard;
  readonly workspace: Workspace;
  /** Missing: nothing is recorded. */
  readonly journal: Journal | undefined;
  readonly observers: Iterable<ExecutionObserver>[];
  readonly secrets: Secrets;
  warn(message: string, error: unknown): void;
  /** What a handler gets to start and signal others. */
  executions(starter: Starter): Executions;
  /** Missing: every attempt is carried out here. */
  readonly elsewhere: Elsewhere | undefined;
  /** A step waits for that child; its end is to be delivered as a `resume`. */
  awaitChild(ref: RunRef, executionId: string): void;
  /** Nobody waits for that child any more. */
  cancelChild(executionId: string): void;
  /** @param error - why this process had to let go of it, if it had to */
  ended(how: Ending, error?: unknown): void;
}

/** What carrying out commands takes, also for one that somebody else owns. */
export type CommandServices = Omit<ExecutionServices, 'awaitChild' | 'ended'>;

/** Carries out attempts that are not carried out by whoever owns the execution. */
export interface Elsewhere {
  /** What an attempt of the step waits for; undefined when it is carried out here. */
  waitFor(step: Step): TaskWait | undefined;
  /** @returns true when nobody had begun with it and nobody will */
  withdraw(wait: TaskWait): Promise<boolean>;
}

export type TaskWait = Wait & { kind: 'task' };

/** The attempt that starts another execution. */
export interface Starter {
  readonly ref: RunRef;
  readonly attempt: number;
  /** Item of a foreach or iteration of a repeat. */
  readonly index?: number;
  /** How often it was parked before. */
  readonly waits?: number;
  readonly compensation?: boolean;
}

/**
 * How this process is done with an execution. `abandoned` and `parked` ones go on later, so what belongs to them
 * goes on existing.
 */
export type Ending = 'completed' | 'abandoned' | 'parked';
