interface Worker {
  /** End of its lease, in milliseconds since 1970. */
  until: number;
  owned: Set<string>;
}

/** The leases of workers and what they own. */
export interface Workers {
  /** Begins or renews a lease. */
  renew(worker: string, until: number): void;
  /** Ends a lease. */
  end(worker: string, now: number): void;
  isRunning(worker: string, now: number): boolean;
  own(worker: string, id: string): void;
  disown(worker: string, id: string): void;
  owned(worker: string): Iterable<string>;
  /** Of each worker whose lease has ended the first of what it owns, and since when. */
  abandoned(now: number, limit: number): { id: string; due: number }[];
  /** When the first lease ends of those that own something. */
  next(): number | undefined;
}

/** Makes it without any worker. There are few of them: they are looked through one by one. */
export function createWorkers(): Workers {
  const workers = new Map<string, Worker>();

  const known = (name: string): Worker => {
    const worker = workers.get(name) ?? { until: Number.NEGATIVE_INFINITY, owned: new Set<string>() };
    workers.set(name, worker);
    return worker;
  };

  return {
    renew(name, until) {
      known(name).until = until;
    },
    end(name, now) {
      const worker = workers.get(name);
      if (!worker) return;
      worker.until = Math.min(worker.until, now);
      if (worker.owned.size === 0) workers.delete(name);
    },
    isRunning: (name, now) => (workers.get(name)?.until ?? now) > now,
    own: (name, id) => void known(name).owned.add(id),
    disown(name, id) {
      workers.get(name)?.owned.delete(id);
    },
    owned: (name) => workers.get(name)?.owned ?? [],
    abandoned(now, limit) {
      const found: { id: string; due: number }[] = [];
      for (const [name, { until, owned }] of workers) {
        if (until > now) continue;
        if (owned.size === 0) workers.delete(name);
        let left = limit;
        for (const id of owned) {
          if (--left < 0) break;
          found.push({ id, due: Math.max(until, 0) });
        }
      }
      return found;
    },
    next() {
      let next: number | undefined;
      for (const { until, owned } of workers.values()) {
        const due = Math.max(until, 0);
        if (owned.size > 0 && (next === undefined || due < next)) next = due;
      }
      return next;
    },
  };
}
