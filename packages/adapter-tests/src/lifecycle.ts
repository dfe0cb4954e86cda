import assert from 'node:assert/strict';
import { hasCode } from '@vwmp/core';
import type { Lifecycle } from '@vwmp/core/ports';
import { type Case, rejectsWith, type Subject } from './suite.ts';

/** One use of each method of an adapter. */
export type Uses<T> = Record<string, (adapter: T) => unknown>;

/** Before open, after close, and each of them twice: the same for every adapter. */
export function lifecycleCases<T extends Lifecycle>(subject: Subject<T>, uses: Uses<T>): Case[] {
  const at = (name: string, run: (adapter: T) => Promise<void>): Case => ({
    name,
    async run() {
      const place = await subject.place();
      const adapter = place.make();
      try {
        await run(adapter);
      } finally {
        await adapter.close();
        await place.dispose?.();
      }
    },
  });

  const cases = Object.entries(uses).flatMap(([name, use]) => [
    at(`${name} before open is refused as CLOSED`, (adapter) => refused(adapter, use)),
    at(`${name} after close is refused as CLOSED`, async (adapter) => {
      await adapter.open();
      await adapter.close();
      await refused(adapter, use);
    }),
  ]);

  return [
    ...cases,
    at('open twice, also at once, is as good as once', async (adapter) => {
      await Promise.all([adapter.open(), adapter.open()]);
      await adapter.open();
    }),
    at('close twice, also at once, is as good as once', async (adapter) => {
      await adapter.open();
      await Promise.all([adapter.close(), adapter.close()]);
      await adapter.close();
    }),
    at('close without open does nothing', (adapter) => adapter.close()),
    at('close is for good', async (adapter) => {
      await adapter.open();
      await adapter.close();
      await rejectsWith(adapter.open(), 'CLOSED');
    }),
    at('close while it opens leaves it closed', async (adapter) => {
      const opening = adapter.open().catch((error: unknown) => assert.ok(hasCode(error, 'CLOSED')));
      await adapter.close();
      await opening;
      await rejectsWith(adapter.open(), 'CLOSED');
    }),
  ];
}

/** Rejects when the method is asynchronous, throws when it is not: both are awaited alike. */
async function refused<T>(adapter: T, use: (adapter: T) => unknown): Promise<void> {
  await rejectsWith(
    (async () => {
      await use(adapter);
    })(),
    'CLOSED',
  );
}
