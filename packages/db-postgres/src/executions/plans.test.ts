import { completion, creation, progress } from '@vwmp/adapter-tests/samples';
import type { Append } from '@vwmp/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Connection, connect } from '../connection/connection.ts';
import type { Statement } from '../connection/exchange.ts';
import { readSettings } from '../connection/settings.ts';
import { beginSession } from '../session.ts';
import { createPostgresStorage } from '../storage.ts';
import { temporaryDatabase } from '../testing/place.ts';
import { itemOf } from './item.ts';
import { createKnownExecutions } from './known.ts';
import { planOf } from './plan.ts';

// The server makes a plan once, perhaps when there is next to nothing, and keeps it while a table grows to a million rows.

let database: Awaited<ReturnType<typeof temporaryDatabase>>;
let connection: Connection;
beforeAll(async () => {
  database = await temporaryDatabase();
  const storage = createPostgresStorage({ url: database.url });
  await storage.open();
  await storage.close();
  connection = await connect(readSettings(database.url), 30_000);
  await beginSession(connection, 'public', 30_000);
});
afterAll(async () => {
  await connection.close();
  await database.drop();
});

/** The plan of a statement that does not know its values. */
async function planText({ text }: Statement): Promise<string> {
  const types: string[] = [];
  for (const [, n, type] of text.matchAll(/\$(\d+)::(\w+(?:\[\])?)/g)) types[Number(n) - 1] = type!;
  const prepared = `prepare it (${types.join(', ')}) as ${text}`;
  const explain = `explain execute it (${types.map(() => 'null').join(', ')})`;
  const answers = await connection.run(`${prepared}; ${explain}; deallocate it`, 30_000);
  return answers[1]!.rows.map(([line]) => line).join('\n');
}

const parked = (id: string): Append => ({
  ...progress(id, 1),
  ...{ owner: null, wake_at: '2026-01-01T00:00:00.000Z', handled: ['m'] },
  messages: [{ id: 'm', execution_id: `parent of ${id}`, body: 1 }],
});
const queued = (id: string): Append => ({
  ...creation(id, { status: 'pending' }),
  origin: { concurrency: { key: 'k', limit: 1, policy: 'skip' } },
});

const kinds: Record<string, (id: string) => Append> = {
  creation,
  progress: (id) => progress(id, 1),
  completion: (id) => completion(id, 1),
  parked,
  queued,
};

const nothing = { known: createKnownExecutions(100), filed: new Set<string>(), read: ['hash'] };

/** Indexes of executions and events that a plan reads from one end to the other. */
function readThrough(plan: string): string[] {
  const nodes = plan.split('->');
  return nodes.filter(
    (node) => /Index (Only )?Scan .* on (executions|events)/.test(node) && !node.includes('Index Cond'),
  );
}

test('claims look each execution up by its id', async () => {
  for (const count of [1, 50]) {
    const claims = Array.from({ length: count }, (_, n) => ({ id: `e${n}`, worker: 'w', now: 0 }));
    const [, claim] = planOf({ items: [], claims }, nothing, true).statements;
    const text = await planText(claim!);
    expect(text).toContain('Update on executions');
    expect(text).not.toMatch(/Seq Scan/);
    expect(readThrough(text)).toEqual([]);
  }
});

test.each(Object.keys(kinds))('no table is read as a whole: %s', async (kind) => {
  for (const count of [1, 50]) {
    const ids = Array.from({ length: count }, (_, n) => `e${n}`);
    const known = createKnownExecutions(100);
    for (const id of ids) known.note(itemOf(creation(id)));
    const items = ids.map((id) => itemOf(kinds[kind]!(id)));
    const filed = new Set(items.flatMap(({ document }) => document?.hash ?? []));
    for (const hopeful of [true, false]) {
      for (const statement of planOf({ items, claims: [] }, { known, filed, read: [] }, hopeful).statements) {
        const text = await planText(statement);
        expect(text).toContain('cost=');
        // Tallies are only written, and what is given is no table.
        expect(text).not.toMatch(/Seq Scan on (?!tallies)/);
        expect(readThrough(text), text).toEqual([]);
      }
    }
  }
});
