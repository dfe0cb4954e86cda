import { gather } from './gather.ts';
import { pack } from './msgpack.ts';
import type { Argument } from './queue-keys.ts';
import { readTaken, type Taken, type TakingOptions, takingKeys } from './turns.ts';

export interface Addition {
  /** What BullMQ's script takes. */
  job: [head: Buffer, payload: string, options: Buffer];
  /** Takes a job along: in any case, or only while no other process takes jobs of this queue. */
  takes?: 'always' | 'alone';
}

/** What was added, and what was taken along by whoever wanted to. */
export interface Added extends Taken {
  /** Of the job, or of the one that has its deduplication key. */
  id: string;
}

/** Adds jobs, all that are asked for at the same time in one go, and takes those that come first, which are the same where none waits. */
export function createAdditions({
  take,
  base,
  lock,
  newToken,
}: TakingOptions): (one: Addition) => Promise<Added> {
  const keys = [...takingKeys, 'id', 'completed', 'takers'].map((key) => base + key);

  return gather<Addition, Added>({
    most: { items: 64, size: 1024 * 1024 },
    sizeOf: ({ job: [, payload] }) => payload.length,
    async run(additions) {
      const token = newToken();
      const taking = additions.filter(({ takes }) => takes !== undefined).length;
      const always = additions.filter(({ takes }) => takes === 'always').length;
      const args: Argument[] = [base, Date.now(), pack({ token, lockDuration: lock }), taking, always];
      const answer = await take('add', token, [...keys, ...args, ...additions.flatMap(({ job }) => job)]);
      const [added, ...rest] = answer as [unknown[], ...Parameters<typeof readTaken>[0]];
      const { jobs, ...none } = readTaken(rest, token);
      return additions.map(({ takes }, index) => ({
        ...{ ...none, id: String(added[index]), jobs: takes === undefined ? [] : jobs.splice(0, 1) },
      }));
    },
  });
}
