import type { ErrorInfo, JsonValue } from '@vwmp/core';
import type { EnqueueOptions, Task } from '@vwmp/core/ports';

/** A job that is to be added. */
export interface NewJob {
  name: string;
  /** As JSON. */
  payload: string;
}

/** A job of BullMQ, as far as we need to know it. */
export interface Job {
  id: string;
  name: string;
  /** The payload as JSON. */
  data: string;
  /** Attempts that were made and failed. */
  attemptsMade: number;
  attempts: number;
  backoff: number;
}

/** What is stored with a job. Short names are BullMQ's. */
export interface JobOptions {
  priority: number;
  attempts?: number;
  backoff?: { type: 'exponential'; delay: number };
  delay?: number;
  de?: { id: string };
  [name: string]: number | { [name: string]: string | number } | undefined;
}

/** Half of what BullMQ allows: ours lie around 0, its between 1 and 2^21. */
const middle = 2 ** 20;

/**
 * Ours: higher goes first, 0 is usual. BullMQ's: lower goes first, and those without one before all others, which is why
 * every job gets one.
 */
function toJobPriority(priority: number): number {
  return Math.min(Math.max(Math.round(middle - priority), 1), 2 * middle - 1);
}

export function toJobOptions(options: EnqueueOptions): JobOptions {
  const { attempts = 1, backoff = 1000, priority = 0, delay = 0, dedupe } = options;
  return {
    priority: toJobPriority(priority),
    // What is not needed is not stored: the scripts pack and unpack all of it.
    ...(attempts > 1 && { attempts, backoff: { type: 'exponential', delay: backoff } }),
    ...(delay > 0 && { delay: Math.ceil(delay) }),
    ...(dedupe !== undefined && { de: { id: dedupe } }),
  };
}

/** The fields of the hash that a job is. */
export type JobFields = Partial<Record<(typeof jobFields)[number], string | null>>;

export const jobFields = ['name', 'data', 'opts', 'atm', 'error', 'failedReason'] as const;

export function readJob(id: string, fields: JobFields): Job {
  const options = JSON.parse(fields.opts ?? '{}') as Partial<JobOptions>;
  return {
    ...{ id, name: fields.name ?? '', data: fields.data ?? 'null', attemptsMade: Number(fields.atm ?? 0) },
    ...{ attempts: options.attempts ?? 1, backoff: options.backoff?.delay ?? 1000 },
  };
}

/** The task of a job, in its `attempt`-th attempt. */
export function toTask(queue: string, { id, name, data }: Job, attempt: number): Task {
  return { id, name, payload: JSON.parse(data) as JsonValue, queue, attempt };
}

/** Why a job failed. */
export function readError({ error, failedReason }: JobFields): ErrorInfo {
  if (error) return JSON.parse(error) as ErrorInfo;
  return { code: 'HANDLER_ERROR', message: failedReason || 'It is not known why this task failed.' };
}
