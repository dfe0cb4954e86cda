import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SqliteDriver } from './driver/choose.ts';
import { createSqliteStorage } from './storage.ts';
import { startChild } from './testing/child.ts';
import { drivers } from './testing/drivers.ts';
import { removeFolder, temporaryFolder } from './testing/place.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder, 'test.db');
});
afterEach(() => removeFolder(folder));

/** Lets a process append until so many were confirmed, and kills it. @returns what was confirmed */
async function runAndKill(
  driver: SqliteDriver,
  prefix: string,
  width: number,
  after: number,
): Promise<Map<string, number>> {
  const child = startChild('append-on', [path, prefix, String(width)], { driver });
  const confirmed = new Map<string, number>();
  let lines = 0;
  for await (const line of child.lines) {
    const { id, seq, failed } = JSON.parse(line) as { id?: string; seq?: number; failed?: unknown };
    expect(failed).toBeUndefined();
    if (id !== undefined && seq !== undefined) confirmed.set(id, seq);
    // Whatever it does at that moment: it goes on while this is read.
    if (lines++ === after) child.process.kill('SIGKILL');
  }
  expect((await child.ended).signal).toBe('SIGKILL');
  return confirmed;
}

test.each(drivers)(
  'what %s confirmed is there after a kill at any moment, and nothing is half done, whoever looks',
  {
    timeout: 600_000,
  },
  async (driver) => {
    const confirmed = new Map<string, number>();
    for (let round = 0; round < 6; round++) {
      const width = [1, 4, 64][round % 3]!;
      const after = [0, 1, 5, 30, 250, 2000][round]!;
      for (const [id, seq] of await runAndKill(driver, `r${round}`, width, after)) confirmed.set(id, seq);
      const storage = createSqliteStorage({ path, driver: drivers[round % 2] });
      await storage.open();
      for (const [id, seq] of confirmed) {
        const record = await storage.executions.get(id);
        expect(record, id).toBeDefined();
        expect(record!.seq, id).toBeGreaterThanOrEqual(seq);
        const seqs: number[] = [];
        for await (const event of storage.executions.events(id)) seqs.push(event.seq);
        expect(seqs).toEqual(Array.from({ length: record!.seq }, (_, n) => n + 1));
        // An append of three is there as a whole or not at all, and what ended has ended.
        expect([1, 4, 5, 6]).toContain(record!.seq);
        expect(record!.status).toBe(record!.seq === 6 ? 'success' : 'running');
      }
      expect(await storage.maintenance!.check()).toEqual([]);
      await storage.close();
    }
  },
);

test('of several processes with either driver each can be killed without harm to the others', {
  timeout: 600_000,
}, async () => {
  const runs = [200, 400, 600, 800].map((after, n) => runAndKill(drivers[n % 2]!, `p${n}`, 8, after));
  const confirmed = new Map((await Promise.all(runs)).flatMap((each) => [...each]));
  const storage = createSqliteStorage({ path });
  await storage.open();
  for (const [id, seq] of confirmed)
    expect((await storage.executions.get(id))?.seq, id).toBeGreaterThanOrEqual(seq);
  expect(await storage.maintenance!.check()).toEqual([]);
  await storage.close();
});
