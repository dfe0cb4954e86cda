import { gather } from './gather.ts';
import { type Job, readJob } from './job.ts';
import { pack } from './msgpack.ts';
import type { Argument } from './queue-keys.ts';
import type { ScriptName } from './scripts.ts';

/** Jobs that were taken, or why there are none. */
export interface Taken {
  jobs: Job[];
  /** What they are locked with. */
  token: string;
  /** When the next delayed job is due, in milliseconds since 1970; 0 when there is none, or some are left. */
  due: number;
  /** How long the rate keeps everyone waiting, in milliseconds. */
  wait: number;
  /** How many more could be taken now. */
  left: number;
}

export interface Turn {
  /** A job that is completed. */
  ends?: { job: Job; token: string };
  /** Take so many, but none where an end came to nothing. */
  count: number;
}

export interface Turned extends Taken {
  /** What became of the end: negative when nothing was done. */
  code: number;
}

/** What taking jobs of a queue needs. */
export interface TakingOptions {
  /** Runs a script that takes jobs, and locks them with this token. */
  take: (script: ScriptName, token: string, args: Argument[]) => Promise<unknown>;
  /** The beginning of all keys. */
  base: string;
  /** Milliseconds. */
  lock: number;
  newToken: () => string;
}

/** What taking a job works with. */
export const takingKeys: readonly string[] = [
  ...[
    'wait',
    'active',
    'prioritized',
    'events',
    'stalled',
    'limiter',
    'delayed',
    'paused',
    'meta',
    'pc',
    'marker',
  ],
];

/** Ends jobs and takes others, all that are asked for at the same time in one go. */
export function createTurns({ take, base, lock, newToken }: TakingOptions): (turn: Turn) => Promise<Turned> {
  const keys = [...takingKeys, 'completed', 'metrics:completed'].map((key) => base + key);

  return gather<Turn, Turned>({
    most: { items: 64, size: 256 },
    sizeOf: ({ count }) => count,
    async run(turns) {
      const token = newToken();
      const now = Date.now();
      const count = turns.reduce((sum, turn) => sum + (turn.ends ? 0 : turn.count), 0);
      const ends = turns.flatMap(({ ends, count: wanted }) => (ends ? { ...ends, wanted } : []));
      const answer = await take('turn', token, [
        ...keys,
        ...[base, now, pack({ token, lockDuration: lock }), count],
        ...ends.flatMap(({ job, token: own, wanted }) => [job.id, finishing(job, own, lock), wanted]),
      ]);
      const [told, ...rest] = answer as [unknown[], ...TakenAnswer];
      const { jobs, ...none } = readTaken(rest, token);
      let taken = 0;
      let ended = 0;
      return turns.map((turn) => {
        const code = turn.ends ? Number(told[ended++] ?? 0) : 0;
        const first = taken;
        if (code >= 0) taken += turn.count;
        return { ...none, code, jobs: jobs.slice(first, taken) };
      });
    },
  });
}

function finishing({ attempts }: Job, token: string, lockDuration: number): Buffer {
  return pack({ token, keepJobs: { count: 0 }, lockDuration, attempts, maxMetricsSize: '' });
}

/** Fields and id of each job, how long a rate keeps everyone waiting, when the next one is due, and how many are left. */
type TakenAnswer = [found: [string[], string][], wait: unknown, due: unknown, left: unknown];

export function readTaken([found, wait, due, left]: TakenAnswer, token: string): Taken {
  const jobs = found.map(([fields, id]) => readJob(String(id), readFields(fields)));
  const number = (value: unknown): number => Math.max(Number(value ?? 0), 0);
  return { jobs, token, due: number(due), wait: number(wait), left: number(left) };
}

/** Names and values in turn, as Redis gives the fields of a hash. */
export function readFields(flat: readonly string[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (let index = 0; index < flat.length; index += 2) fields[flat[index]!] = flat[index + 1]!;
  return fields;
}
