interface Worker {
  /** End of its lease, in milliseconds since 1970. */
  until: number;
  owned: Set<string>;
  /** Of what it owns that whose turn has come: it can be claimed when the lease has ended. */
  called: Set<string>;
}

/** The leases of workers and what they own. */
export interface Workers {
  /** Begins or renews a lease. */
  renew(worker: string, until: number): void;
  /** Ends a lease. */
  end(worker: string, now: number): void;
  isRunning(worker: string, now: number): boolean;
  /** @param called - whether its turn has come; may be told again */
  own(worker: string, id: string, called: boolean): void;
  disown(worker: string, id: string): void;
  owned(worker: string): Iterable<string>;
  /** Of each worker whose lease has ended the first that can be claimed, and since when. */
  abandoned(now: number, limit: number): { id: string; due: number }[];
  /** When the first lease ends by which something can be claimed. */
  next(): number | undefined;
}

/** Makes it without any worker. There are few of them: they are looked through one by one. */
export function createWorkers(): Workers {
  const workers = new Map<string, Worker>();

  const known = (name: string): Worker => {
    const unknown = { until: Number.NEGATIVE_INFINITY, owned: new Set<string>(), called: new Set<string>() };
    const worker = workers.get(name) ?? unknown;
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
    own(name, id, called) {
      const worker = known(name);
      worker.owned.add(id);
      if (called) worker.called.add(id);
    },
    disown(name, id) {
      const worker = workers.get(name);
      worker?.owned.delete(id);
      worker?.called.delete(id);
    },
    owned: (name) => workers.get(name)?.owned ?? [],
    abandoned(now, limit) {
      const found: { id: string; due: number }[] = [];
      for (const [name, { until, owned, called }] of workers) {
        if (until > now) continue;
        if (owned.size === 0) workers.delete(name);
        let left = limit;
        for (const id of called) {
          if (--left < 0) break;
          found.push({ id, due: Math.max(until, 0) });
        }
      }
      return found;
    },
    next() {
      let next: number | undefined;
      for (const { until, called } of workers.values()) {
        const due = Math.max(until, 0);
        if (called.size > 0 && (next === undefined || due < next)) next = due;
      }
      return next;
    },
  };
}
