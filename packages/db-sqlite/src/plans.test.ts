import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { completion, creation, progress } from '@vwmp/adapter-tests/samples';
import BetterSqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Database } from './driver/driver.ts';
import { openDatabase } from './driver/open-database.ts';
import { createSqliteStorage } from './storage.ts';
import { drivers } from './testing/drivers.ts';
import { removeFolder, temporaryFolder } from './testing/place.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder, 'test.db');
});
afterEach(() => {
  vi.restoreAllMocks();
  removeFolder(folder);
});

/** How SQLite carries a statement out, for people. */
function planOf(database: Database, text: string): string[] {
  const statement = database.prepare(`explain query plan ${text}`);
  const names = [...new Set([...text.matchAll(/:(\w+)/g)].map(([, name]) => name!))];
  const values = names.length > 0 ? [Object.fromEntries(names.map((name) => [name, 1]))] : [];
  const places = names.length > 0 ? 0 : (text.match(/\?/g)?.length ?? 0);
  const rows = statement.all(...values, ...Array(places).fill(1)) as { detail: string }[];
  return rows.map(({ detail }) => detail);
}

/** Tables that grow with use. */
const large = ['executions', 'events', 'messages', 'logs', 'documents', 'fires', 'audit'];

test.each(drivers)(
  'nothing that is done all the time with %s looks through a whole table or sorts one',
  async (driver) => {
    const { prototype } = driver === 'node:sqlite' ? DatabaseSync : BetterSqlite;
    const prepare = vi.spyOn(prototype as { prepare(text: string): unknown }, 'prepare');
    const storage = createSqliteStorage({ path, driver });
    await storage.open();
    const { executions, logs, schedules } = storage;
    const origin = {
      idempotency_key: 'key',
      parent: { execution_id: 'p', step_id: 'a', attached: true },
      concurrency: { key: 'k', limit: 1, policy: 'queue' as const },
    };
    await executions.heartbeat('w1', 60_000);
    await executions.append({ ...creation('e1', { status: 'pending' }), wake_at: undefined, origin });
    await executions.append({
      ...creation('e2', { status: 'pending' }),
      origin: { ...origin, idempotency_key: 'b' },
    });
    await executions.ready(Date.now(), 10);
    await executions.nextReady();
    await executions.claim('e1', 'w1', Date.now());
    await executions.post({ id: 'm1', execution_id: 'e1', body: 1 });
    await executions.mail('w1');
    await executions.messages('e1');
    await executions.findByKey('sample', 'key');
    await executions.append({ ...progress('e1', 1, 1, 2), handled: ['m1'] });
    await executions.append({ ...completion('e1', 2), epoch: 2 });
    for await (const event of executions.events('e1')) expect(event.execution_id).toBe('e1');
    await logs.add([
      { execution_id: 'e1', timestamp: new Date(0).toISOString(), level: 'info', message: 'x' },
    ]);
    await logs.list('e1');
    const at = new Date(0).toISOString();
    await schedules.put({
      ...{
        id: 's',
        workflow_id: 'w',
        schedule: '* * * * *',
        timezone: 'UTC',
        overlap: 'skip',
        catchup: 'none',
      },
      ...{ parameters: {}, paused: false, decided_until: at },
    });
    await schedules.decide('s', at, at, [{ schedule_id: 's', at, outcome: 'missed', decided_at: at }]);
    await schedules.fires('s');
    await executions.prune({ max_age: 1, max_count: 0 }, Date.now(), 10);
    const page = { limit: 1, cursor: Buffer.from('[5,"x"]').toString('base64url') };
    for (const query of [
      ...[
        {},
        { workflow_id: 'sample' },
        { status: ['running' as const, 'failed' as const] },
        { parent_id: 'p' },
      ],
      ...[
        { concurrency_key: 'k' },
        { workflow_id: 'sample', status: ['success' as const], started_after: at },
      ],
      ...[{ started_before: at }, { q: 'word' }],
    ])
      await executions.list({ ...query, ...page });
    await storage.close();

    const texts = [...new Set(prepare.mock.calls.map(([text]) => text))];
    const database = await openDatabase(path, { driver });
    const bad: string[] = [];
    for (const text of texts) {
      if (!/^\s*(select|insert|update|delete|with)\b/i.test(text) || /migrations|sqlite_master/.test(text))
        continue;
      // A search gathers a few, those that are in no list yet are few, and both are sorted.
      const sorts = / union select |"marks"|"n" in \(/.test(text);
      for (const step of planOf(database, text)) {
        const scanned = /^SCAN (\w+)/.exec(step)?.[1];
        const scans = scanned !== undefined && large.includes(scanned) && !step.includes('USING');
        if (scans || (!sorts && step.includes('TEMP B-TREE FOR ORDER BY'))) bad.push(`${step}: ${text}`);
      }
    }
    database.close();
    expect(texts.length).toBeGreaterThan(50);
    expect(bad).toEqual([]);
  },
);
