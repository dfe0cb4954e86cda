import type { JsonObject, Storage } from '@vwmp/core';
import { readSettings } from '@vwmp/core/settings';
import { expect, test } from 'vitest';
import { checkDatabase } from './check-database.ts';

const { settings } = readSettings(
  { VWMP_DEPLOYMENT_MODE: 'hybrid', VWMP_DATABASE_URL: 'postgresql://me:secret@db.example/vwmp' },
  { cwd: '/', envFile: false },
);

/** Answers as a database would whose clock is so many milliseconds ahead. */
function storage(ahead: number): { storage: Storage; workers: () => JsonObject[] } {
  let workers: JsonObject[] = [{ id: 'other', expires_at: 1 }];
  const executions = {
    async heartbeat(id: string, ttl: number) {
      workers.push({ id, expires_at: Date.now() + ahead + ttl });
    },
    async retire(id: string) {
      workers = workers.filter((worker) => worker.id !== id);
    },
  };
  const maintenance = {
    status: async () => ({ applied: ['0001'], pending: [] }),
    exportRows: async (_table: string, after: string | undefined) =>
      after === undefined ? { rows: workers.slice(0, 1), cursor: '1' } : { rows: workers.slice(1) },
  };
  const made = { executions, maintenance, open: async () => {}, ping: async () => {} };
  return { storage: made as unknown as Storage, workers: () => workers };
}

test.each([
  [3_600_000, 'The clock of the database is 1h 00m ahead of the one of this machine'],
  [-30_000, 'The clock of the database is 30.0s behind the one of this machine'],
])('a clock that is %i ms off is told, and nothing is left behind', async (ahead, title) => {
  const { storage: made, workers } = storage(ahead);
  const { findings, usable } = await checkDatabase(made, settings);
  expect(usable).toBe(true);
  expect(findings).toContainEqual(expect.objectContaining({ verdict: 'warning', title }));
  expect(workers()).toEqual([{ id: 'other', expires_at: 1 }]);
});

test('clocks that agree are not worth a word', async () => {
  const { findings } = await checkDatabase(storage(0).storage, settings);
  expect(findings.map(({ verdict }) => verdict)).toEqual(['ok']);
  expect(JSON.stringify(findings)).not.toContain('secret');
});
