import { execFileSync } from 'node:child_process';
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

it('does not keep a process alive that has nothing else to do', () => {
  const index = JSON.stringify(import.meta.resolve('../index.ts'));
  const program = `import { createSqliteStorage } from ${index};
    const storage = createSqliteStorage({ path: 'data.db' });
    await storage.open();
    storage.onChange(() => {});
    process.on('exit', () => console.log('ended by itself'));`;
  const args = ['--conditions=source', '--disable-warning=ExperimentalWarning', '--input-type=module'];
  // The limit ends what would hang for ever.
  const options = { cwd: folder, encoding: 'utf8', timeout: 45_000 } as const;
  expect(execFileSync(process.execPath, [...args, '-e', program], options)).toBe('ended by itself\n');
});
