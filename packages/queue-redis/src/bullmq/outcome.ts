import { type Job, readJob } from './job.ts';
import { readFields } from './turns.ts';

/** What became of asking for a job. */
export interface Fetched {
  job?: Job;
  /** What it is locked with. */
  token: string;
  /** When the next delayed job is due, in milliseconds since 1970; 0 when there is none. */
  due: number;
  /** How long the rate keeps everyone waiting, in milliseconds. */
  wait: number;
}

/** What the scripts answer when a job cannot be ended by this holder. */
export const missingJob = -1;
export const missingLock = -2;

/** What a script answers: a negative number says why nothing was done. */
export type Outcome = { ok: true; next?: Fetched } | { ok: false; code: number };

/** @param result - of a script that takes one job */
export function toFetched(result: unknown, token: string): Fetched {
  const [fields, id, wait, due] = result as [string[] | 0, string | 0, number, number];
  const none = { token, due: Number(due ?? 0), wait: Math.max(Number(wait ?? 0), 0) };
  if (!Array.isArray(fields) || !id) return none;
  return { ...none, job: readJob(String(id), readFields(fields)) };
}

/** @param fetched - whether another job was asked for: a plain 0 says that there was none */
export function toOutcome(result: unknown, token: string, fetched = false): Outcome {
  if (Array.isArray(result)) return { ok: true, next: toFetched(result, token) };
  const code = Number(result ?? 0);
  if (code < 0) return { ok: false, code };
  return fetched ? { ok: true, next: { token, due: 0, wait: 0 } } : { ok: true };
}
