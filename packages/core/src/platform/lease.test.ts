import { expect, test } from 'vitest';
import type { ExecutionStore } from '../ports/execution-store.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { Lease } from './lease.ts';

test('an outage is told once, and its end, however often the lease is tried', async () => {
  const clock = new FakeClock();
  const told: string[] = [];
  let away = false;
  let asked = 0;
  const store = {
    async heartbeat() {
      asked++;
      if (away) throw new Error('It is away.');
    },
    async retire() {},
  } as Partial<ExecutionStore> as ExecutionStore;
  const logger = { log: (level: string, message: string) => void told.push(`${level} ${message}`) };
  const lease = new Lease({ ...{ store, worker: 'w', ttl: 15_000 }, clock, logger });
  const failed = 'warn The lease of the worker cannot be renewed; trying again.';
  const again = 'info The lease of the worker is renewed.';
  await lease.ensure();
  lease.hold();
  for (let outage = 1; outage <= 2; outage++) {
    away = true;
    const before = asked;
    await clock.advance(20_000);
    expect(asked - before).toBeGreaterThan(3);
    expect(told.splice(0)).toEqual([failed]);
    away = false;
    await clock.advance(20_000);
    expect(told.splice(0)).toEqual([again]);
  }
  await lease.close();
});
