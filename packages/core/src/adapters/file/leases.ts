import type { Clock } from '../../ports/clock.ts';
import { hashOf, readable } from './hash.ts';
import { node } from './node.ts';
import { namesIn, putValue, readValue, removeFile } from './small-file.ts';

interface Lease {
  worker: string;
  /** In milliseconds since 1970. */
  until: number;
}

/** A lease that ended so long ago is of nobody who will ask again. */
const forgottenAfter = 24 * 3_600_000;

/** How long what workers own belongs to them: a file for each worker, which all processes see. */
export interface Leases {
  renew(worker: string, ttl: number): Promise<void>;
  end(worker: string): Promise<void>;
  isRunning(worker: string): Promise<boolean>;
  /** When each lease ends or has ended, by worker. */
  all(): Promise<Map<string, number>>;
}

/** Makes the leases of one folder. They need not survive a loss of power: nobody works on after one. */
export function createLeases(folder: string, clock: Pick<Clock, 'now'>): Leases {
  const pathOf = (worker: string): string =>
    node.path.join(folder, `${readable(worker)}~${hashOf(worker).slice(0, 32)}.json`);

  return {
    renew: (worker, ttl) =>
      putValue(pathOf(worker), { worker, until: clock.now() + ttl } satisfies Lease, { durable: false }),
    async end(worker) {
      await removeFile(pathOf(worker));
    },
    async isRunning(worker) {
      const lease = await readValue<Lease>(pathOf(worker));
      return lease !== undefined && lease.until > clock.now();
    },
    async all() {
      const ends = new Map<string, number>();
      const read = async (name: string): Promise<void> => {
        const path = node.path.join(folder, name);
        const lease = await readValue<Lease>(path);
        if (!lease) return;
        if (lease.until < clock.now() - forgottenAfter) await removeFile(path);
        else ends.set(lease.worker, lease.until);
      };
      await Promise.all((await namesIn(folder)).filter((name) => name.endsWith('.json')).map(read));
      return ends;
    },
  };
}
