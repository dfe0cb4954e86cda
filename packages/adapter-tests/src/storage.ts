import assert from 'node:assert/strict';
import type { Lifecycle, Storage } from '@vwmp/core/ports';
import { auditStoreSuite } from './audit-store.ts';
import { executionStoreSuite } from './execution-store/index.ts';
import { keyOf, keyStoreSuite } from './key-store.ts';
import { lifecycleCases } from './lifecycle.ts';
import { logStoreSuite } from './log-store.ts';
import { maintenanceSuite } from './maintenance.ts';
import { creation, draftOf, second } from './samples.ts';
import { scheduleStoreSuite } from './schedule-store.ts';
import { type Case, caseOf, part, rejectsWith, type Subject } from './suite.ts';
import { workflowStoreSuite } from './workflow-store.ts';

/** Everything that a {@link Storage} has to pass, by group. */
export function storageSuites(subject: Subject<Storage>): Record<string, Case[]> {
  return {
    executions: executionStoreSuite(part(subject, ({ executions }) => executions)),
    workflows: workflowStoreSuite(part(subject, ({ workflows }) => workflows)),
    schedules: scheduleStoreSuite(part(subject, ({ schedules }) => schedules)),
    logs: logStoreSuite(subject),
    audit: auditStoreSuite(part(subject, ({ audit }) => audit)),
    keys: keyStoreSuite(part(subject, ({ keys }) => keys)),
    maintenance: maintenanceSuite(subject),
    storage: [
      ...wholeCases(subject),
      ...lifecycleCases(subject, { ping: (storage: Storage) => storage.ping() }),
    ],
  };
}

/** What the stores of a storage have to do with each other. */
function wholeCases(subject: Subject<Storage>): Case[] {
  const parts = (storage: Storage): [name: string, store: Lifecycle][] => {
    const { executions, workflows, schedules, logs, audit, keys } = storage;
    return Object.entries({ executions, workflows, schedules, logs, audit, keys });
  };
  const useAll = async ({ executions, workflows, schedules, logs, audit, keys }: Storage): Promise<void> => {
    await Promise.all([
      executions.list(),
      workflows.list(),
      schedules.list(),
      logs.list('e1'),
      audit.list(),
      keys.list(),
    ]);
  };
  const isClosed = async ({
    executions,
    workflows,
    schedules,
    logs,
    audit,
    keys,
    ping,
  }: Storage): Promise<void> => {
    for (const use of [
      () => executions.list(),
      () => workflows.list(),
      () => schedules.list(),
      () => logs.list('e1'),
      () => audit.list(),
      () => keys.list(),
      () => ping(),
    ])
      await rejectsWith(use(), 'CLOSED');
  };

  return [
    {
      name: 'opening any store opens all of them',
      async run() {
        const place = await subject.place();
        const names = ['executions', 'workflows', 'schedules', 'logs', 'audit', 'keys'] as const;
        for (const name of names) {
          const storage = place.make();
          try {
            await isClosed(storage);
            await storage[name].open();
            await useAll(storage);
            await storage.ping();
            await storage.open();
          } finally {
            await storage.close();
          }
        }
        await place.dispose?.();
      },
    },
    {
      name: 'closing any store closes all of them, for good',
      async run() {
        const place = await subject.place();
        const names = ['executions', 'workflows', 'schedules', 'logs', 'audit', 'keys'] as const;
        for (const name of names) {
          const storage = place.make();
          try {
            await storage.open();
            await useAll(storage);
            await storage[name].close();
            await isClosed(storage);
            for (const [, store] of parts(storage)) await rejectsWith(store.open(), 'CLOSED');
            await rejectsWith(storage.open(), 'CLOSED');
          } finally {
            await storage.close();
          }
        }
        await place.dispose?.();
      },
    },
    {
      name: 'all stores can be opened and closed at once',
      async run() {
        const place = await subject.place();
        const storage = place.make();
        try {
          await Promise.all(
            [...parts(storage), ['storage', storage] as const].map(([, store]) => store.open()),
          );
          await useAll(storage);
        } finally {
          await Promise.all(
            [...parts(storage), ['storage', storage] as const].map(([, store]) => store.close()),
          );
          await storage.close();
          await place.dispose?.();
        }
      },
    },
    caseOf(
      subject,
      'closing one storage leaves another one over the same place alone',
      async (storage, bench) => {
        if (!subject.durable) return;
        const other = await bench.another();
        await storage.executions.append(creation('e1'));
        await storage.close();
        await other.executions.append(creation('e2'));
        assert.equal((await other.executions.list()).count, 2);
        await other.ping();
      },
    ),
    caseOf(subject, 'two places have nothing in common', async (storage) => {
      const place = await subject.place();
      const other = place.make();
      try {
        await other.open();
        await storage.executions.append({ ...creation('e1'), origin: { idempotency_key: 'k' } });
        await storage.workflows.save(draftOf('w1'), undefined);
        await storage.logs.add([{ execution_id: 'e1', timestamp: second(1), level: 'info', message: 'm' }]);
        await storage.audit.add({ at: second(1), actor: 'a', action: 'b', subject: 'c' });
        await storage.keys.add(keyOf('k1'));
        await storage.executions.heartbeat('w1', 60_000);
        assert.equal((await other.executions.list()).count, 0);
        assert.equal((await other.workflows.list()).count, 0);
        assert.equal((await other.audit.list()).count, 0);
        assert.equal(await other.keys.get('k1'), undefined);
        await other.executions.append({ ...creation('e1'), origin: { idempotency_key: 'k' } });
        assert.equal((await other.logs.list('e1')).count, 0);
      } finally {
        await other.close();
        await place.dispose?.();
      }
    }),
    caseOf(subject, 'a storage that is open can be read and written', async (storage) => {
      await storage.ping();
      await Promise.all([storage.ping(), useAll(storage), storage.ping()]);
    }),
    caseOf(subject, 'an execution and a workflow of the same id are two things', async (storage) => {
      await storage.executions.append(creation('same'));
      await storage.workflows.save(draftOf('same'), undefined);
      const workflow = (await storage.workflows.get('same'))!;
      await storage.workflows.remove('same', workflow.rev);
      assert.equal((await storage.executions.get('same'))?.id, 'same');
    }),
    {
      name: 'it can be opened and closed again and again',
      async run() {
        const place = await subject.place();
        for (let round = 0; round < 20; round++) {
          const storage = place.make();
          await storage.open();
          const before = await storage.executions.list();
          assert.equal(before.count, subject.durable ? round : 0);
          await storage.executions.append(creation(`e${round}`));
          await storage.close();
        }
        await place.dispose?.();
      },
    },
  ];
}
