import { expect, test } from 'vitest';
import { createMemoryStorage } from '../adapters/memory/index.ts';
import { VwmpError } from '../errors.ts';
import { isoTime } from '../machine/index.ts';
import type { Retention } from '../ports/execution-store.ts';
import type { Storage } from '../ports/storage.ts';
import { createPruner, type Pruner, type PrunerOptions } from './retention.ts';
import { WallClock } from './schedules/testing/wall-clock.ts';

const day = 86_400_000;

async function add(storage: Storage, id: string, workflow_id: string, completedAt: number): Promise<void> {
  const at = isoTime(completedAt);
  await storage.executions.append({
    summary: {
      id,
      workflow_id,
      workflow_version: '1.0.0',
      status: 'success',
      started_at: at,
      completed_at: at,
    },
    ...{ expected_seq: 0, epoch: 0, document: { name: workflow_id, steps: [] } },
    events: [{ event: 'workflow_completed', status: 'success', execution_id: id, seq: 1, timestamp: at }],
  });
}

interface Rig {
  clock: WallClock;
  pruner: Pruner;
  logged: string[];
  compacted: number;
}

function rig(
  clock: WallClock,
  options: Pick<PrunerOptions, 'executions' | 'rules'> & Partial<PrunerOptions>,
): Rig {
  const made: Rig = {
    clock,
    logged: [],
    compacted: 0,
    pruner: createPruner({
      clock,
      logger: { log: (level, message) => void made.logged.push(`${level}: ${message}`) },
      maintenance: {
        compact: async () => {
          made.compacted++;
          return 4096;
        },
      },
      ...options,
    }),
  };
  return made;
}

/** A store in which so many executions are to go; tells when and how many at a time. */
function pile(
  clock: WallClock,
  size: number,
): { steps: { at: number; count: number }[]; prune: () => Promise<number> } {
  const steps: { at: number; count: number }[] = [];
  let left = size;
  return {
    steps,
    async prune(_rule?: Retention, _now?: number, batch = 0): Promise<number> {
      const count = Math.min(left, batch);
      left -= count;
      steps.push({ at: clock.now(), count });
      return count;
    },
  };
}

test('what is too old or too many goes, by itself and while running', async () => {
  const clock = new WallClock('2030-06-01T00:00:00Z');
  const storage = createMemoryStorage({ clock });
  await storage.open();
  for (let n = 0; n < 10; n++) await add(storage, `a${n}`, 'a', clock.now() - n * day);
  for (let n = 0; n < 3; n++) await add(storage, `b${n}`, 'b', clock.now() - n * day);
  const { pruner } = rig(clock, {
    executions: storage.executions,
    rules: [{ max_age: 7.5 * day }, { max_count: 2, workflow_id: 'b' }],
  });
  pruner.open();
  await clock.advance(59_999);
  expect((await storage.executions.list()).count).toBe(13);
  await clock.advance(1);
  const { results } = await storage.executions.list();
  expect(results.map(({ id }) => id).sort()).toEqual([
    'a0',
    'a1',
    'a2',
    'a3',
    'a4',
    'a5',
    'a6',
    'a7',
    'b0',
    'b1',
  ]);
  await clock.advance(2 * day);
  expect((await storage.executions.list()).count).toBe(8);
  await pruner.close();
});

test('it goes on while a clock that was set back shows what it showed before', async () => {
  const clock = new WallClock();
  const store = pile(clock, 1050);
  const { pruner } = rig(clock, { executions: store, rules: [{ max_age: day }], batch: 200 });
  pruner.open();
  clock.shift(-day);
  await clock.advance(60_000);
  clock.shift(-day);
  await clock.advance(1000);
  expect(store.steps).toHaveLength(6);
  await pruner.close();
});

test('it goes in small steps with pauses, and the database is made smaller when many have gone', async () => {
  const clock = new WallClock();
  const store = pile(clock, 1050);
  const made = rig(clock, { executions: store, rules: [{ max_age: day }], batch: 200 });
  made.pruner.open();
  await clock.advance(70_000);
  expect(store.steps.map(({ count }) => count)).toEqual([200, 200, 200, 200, 200, 50]);
  for (let n = 1; n < 6; n++) expect(store.steps[n]!.at - store.steps[n - 1]!.at).toBeGreaterThanOrEqual(50);
  expect(made.compacted).toBe(1);
  expect(made.logged).toEqual(['info: Executions were removed, as they need not be kept any longer.']);
  expect(clock.timers).toEqual([expect.objectContaining({ background: true })]);
  await made.pruner.close();
  expect(clock.timers).toEqual([]);
});

test('few that go do not make the database smaller, until there have been many', async () => {
  const clock = new WallClock();
  const made = rig(clock, { executions: { prune: async () => 100 }, rules: [{ max_count: 1 }], batch: 101 });
  made.pruner.open();
  await clock.advance(60_000 + 8 * 300_000);
  expect(made.compacted).toBe(0);
  await clock.advance(300_000);
  expect(made.compacted).toBe(1);
});

test('without limits nothing is set', () => {
  const clock = new WallClock();
  rig(clock, { executions: pile(clock, 0), rules: [{}, { workflow_id: 'a' }] }).pruner.open();
  expect(clock.timers).toEqual([]);
});

test('a store that is away is tried again at the next round, and complained about once', async () => {
  const clock = new WallClock();
  let away = true;
  let rounds = 0;
  const made = rig(clock, {
    rules: [{ max_age: day }],
    executions: {
      prune: async () => {
        rounds++;
        if (away) throw new VwmpError('STORE_UNAVAILABLE', 'The database is away.');
        return 0;
      },
    },
  });
  made.pruner.open();
  await clock.advance(60_000 + 2 * 300_000);
  expect(rounds).toBe(3);
  expect(made.logged).toEqual(['warn: Old executions could not be removed; it is tried again.']);
  await expect(made.pruner.prune()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  away = false;
  expect(await made.pruner.prune()).toBe(0);
});

test('closing ends a round after the step that is under way', async () => {
  const clock = new WallClock();
  const store = pile(clock, 100_000);
  const made = rig(clock, { executions: store, rules: [{ max_age: day }] });
  const round = made.pruner.prune();
  await clock.advance(120);
  const { length } = store.steps;
  await made.pruner.close();
  expect(await round).toBe(length * 200);
  expect(store.steps).toHaveLength(length);
  expect(made.compacted).toBe(0);
});

test('one round at a time', async () => {
  const clock = new WallClock();
  const store = pile(clock, 100);
  const { pruner } = rig(clock, { executions: store, rules: [{ max_age: day }] });
  expect(await Promise.all([pruner.prune(), pruner.prune()])).toEqual([100, 100]);
  expect(store.steps).toHaveLength(1);
});
