import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Storage } from '@vwmp/core/ports';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSqliteStorage } from '../index.ts';

let folder: string;
let storages: Storage[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vwmp-watch-'));
  storages = [];
});
afterEach(async () => {
  for (const storage of storages) await storage.close();
  rmSync(folder, { recursive: true });
});

async function open(): Promise<Storage> {
  const storage = createSqliteStorage({ path: join(folder, 'data.db') });
  storages.push(storage);
  await storage.open();
  return storage;
}

it('tells of what others commit, and not of what it commits itself', async () => {
  const [mine, other] = [await open(), await open()];
  let told = 0;
  const first = Promise.withResolvers<void>();
  const end = mine.onChange!(() => {
    told++;
    first.resolve();
  });
  const record = { at: '2026-01-01T00:00:00.000Z', actor: 'a', action: 'b', subject: 'c' };
  for (let i = 0; i < 20; i++) await mine.audit.add(record);
  expect(told).toBe(0);
  await other.audit.add(record);
  await first.promise;
  expect(told).toBe(1);
  end();
  end();
});
