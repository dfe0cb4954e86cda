import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '@vwmp/core';
import type { Maintenance, Storage } from '@vwmp/core/ports';
import { contentsOf, fill } from './contents.ts';
import { type Case, caseOf, rejectsWith, type Subject } from './suite.ts';

/** Everything that the {@link Maintenance} of a storage has to pass, where there is one. */
export function maintenanceSuite(subject: Subject<Storage>): Case[] {
  if (subject.maintenance) return [...migrationCases(subject), ...careCases(subject), ...copyCases(subject)];
  return [
    caseOf(subject, 'there is nothing to maintain', async (storage) => {
      assert.equal(storage.maintenance, undefined);
    }),
  ];
}

/** A case that begins before anything was opened. */
function unopened(
  subject: Subject<Storage>,
  name: string,
  run: (make: () => Storage) => Promise<void>,
): Case {
  return {
    name,
    async run() {
      const place = await subject.place();
      const made: Storage[] = [];
      const make = (): Storage => {
        const storage = place.make();
        made.push(storage);
        return storage;
      };
      try {
        await run(make);
      } finally {
        for (const storage of made) await storage.close();
        await place.dispose?.();
      }
    },
  };
}

function migrationCases(subject: Subject<Storage>): Case[] {
  return [
    unopened(subject, 'it migrates when told to, once', async (make) => {
      const maintenance = make().maintenance!;
      const before = await maintenance.status();
      assert.deepEqual(before.applied, []);
      assert.ok(before.pending.length > 0);
      // Asking has changed nothing.
      assert.deepEqual(await maintenance.status(), before);
      assert.deepEqual(await maintenance.migrate(), before.pending);
      assert.deepEqual(await maintenance.status(), { applied: before.pending, pending: [] });
      assert.deepEqual(await maintenance.migrate(), []);
      const other = make().maintenance!;
      assert.deepEqual(await other.migrate(), []);
      assert.deepEqual(await other.status(), { applied: before.pending, pending: [] });
    }),
    unopened(
      subject,
      'of several that migrate at once each migration is carried out by one',
      async (make) => {
        const all = [make(), make(), make(), make()].map(({ maintenance }) => maintenance!);
        const { pending } = await all[0]!.status();
        const done = await Promise.all(all.map((each) => each.migrate()));
        assert.deepEqual(done.flat().sort(), [...pending].sort());
        for (const each of all) assert.deepEqual((await each.status()).pending, []);
      },
    ),
    unopened(subject, 'several that open a new place at once can all be used', async (make) => {
      const all = [make(), make(), make(), make()];
      await Promise.all(all.map((each) => each.open()));
      await fill(all[1]!);
      for (const each of all) assert.equal((await each.executions.list()).count, 6);
      assert.deepEqual(await all[0]!.maintenance!.migrate(), []);
    }),
    unopened(subject, 'migrating leaves what is there as it is', async (make) => {
      const storage = make();
      await storage.open();
      await fill(storage);
      const before = await contentsOf(storage);
      assert.deepEqual(await storage.maintenance!.migrate(), []);
      assert.deepEqual(await contentsOf(storage), before);
    }),
  ];
}

function careCases(subject: Subject<Storage>): Case[] {
  return [
    caseOf(subject, 'what is well is found well', async (storage) => {
      assert.deepEqual(await storage.maintenance!.check(), []);
      await fill(storage);
      assert.deepEqual(await storage.maintenance!.check(), []);
    }),
    caseOf(subject, 'compacting leaves everything as it is', async (storage) => {
      await fill(storage);
      const before = await contentsOf(storage);
      const freed = await storage.maintenance!.compact();
      assert.ok(Number.isInteger(freed) && freed >= 0, `${freed} bytes`);
      assert.deepEqual(await contentsOf(storage), before);
    }),
    caseOf(subject, 'tables tell how many rows they have', async (storage) => {
      const maintenance = storage.maintenance!;
      const empty = await maintenance.tables();
      assert.ok(empty.length > 0);
      assert.equal(new Set(empty.map(({ name }) => name)).size, empty.length);
      await fill(storage);
      const full = await maintenance.tables();
      assert.deepEqual(
        full.map(({ name }) => name),
        empty.map(({ name }) => name),
      );
      for (const { name, rows } of full) assert.equal((await rowsOf(maintenance, name)).length, rows, name);
      const sum = (sizes: { rows: number }[]): number => sizes.reduce((all, { rows }) => all + rows, 0);
      assert.ok(sum(full) > sum(empty));
    }),
    caseOf(subject, 'a backup is a new file and never overwrites one', async (storage) => {
      await fill(storage);
      const folder = await mkdtemp(join(tmpdir(), 'vwmp-backup-'));
      try {
        const file = join(folder, 'backup');
        await storage.maintenance!.backup(file);
        const written = await readFile(file);
        assert.ok(written.length > 0);
        await rejectsWith(storage.maintenance!.backup(file), 'ALREADY_EXISTS');
        assert.ok((await readFile(file)).equals(written));
        const other = join(folder, 'other');
        await writeFile(other, 'mine');
        await rejectsWith(storage.maintenance!.backup(other), 'ALREADY_EXISTS');
        assert.equal(await readFile(other, 'utf8'), 'mine');
        const nowhere = join(folder, 'missing', 'backup');
        await rejectsWith(storage.maintenance!.backup(nowhere), 'STORE_UNAVAILABLE');
      } finally {
        await rm(folder, { recursive: true });
      }
    }),
  ];
}

function copyCases(subject: Subject<Storage>): Case[] {
  return [
    caseOf(subject, 'what is exported comes in batches, in an order that stays', async (storage) => {
      await fill(storage);
      const maintenance = storage.maintenance!;
      for (const { name } of await maintenance.tables()) {
        const whole = await rowsOf(maintenance, name, 1000);
        assert.deepEqual(await rowsOf(maintenance, name, 1), whole);
        assert.deepEqual(await rowsOf(maintenance, name, 3), whole);
        assert.deepEqual(JSON.parse(JSON.stringify(whole)), whole);
      }
    }),
    caseOf(subject, 'what was exported and imported is the same', async (storage) => {
      await fill(storage);
      const place = await subject.place();
      const copy = place.make();
      try {
        await copy.maintenance!.migrate();
        await copyAll(storage.maintenance!, copy.maintenance!);
        await copy.open();
        assert.deepEqual(await contentsOf(copy), await contentsOf(storage));
        assert.deepEqual(await copy.maintenance!.check(), []);
        const sizes = async ({ maintenance }: Storage) => await maintenance!.tables();
        assert.deepEqual(await sizes(copy), await sizes(storage));
        for (const { name } of await sizes(storage))
          assert.deepEqual(
            await rowsOf(copy.maintenance!, name),
            await rowsOf(storage.maintenance!, name),
            name,
          );
        // Once more: everything is there and is replaced.
        await copyAll(storage.maintenance!, copy.maintenance!);
        assert.deepEqual(await contentsOf(copy), await contentsOf(storage));
        // Both go on alike.
        await fill(storage, 'again');
        await fill(copy, 'again');
        assert.deepEqual(await contentsOf(copy), await contentsOf(storage));
      } finally {
        await copy.close();
        await place.dispose?.();
      }
    }),
    caseOf(subject, 'rows are imported all or none', async (storage) => {
      await fill(storage);
      const place = await subject.place();
      const copy = place.make();
      try {
        await copy.open();
        let tried = 0;
        for (const { name } of await storage.maintenance!.tables()) {
          const rows = await rowsOf(storage.maintenance!, name);
          const before = await rowsOf(copy.maintenance!, name);
          if (rows.length === 0 || before.length > 0) continue;
          tried++;
          await assert.rejects(copy.maintenance!.importRows(name, [...rows, {}]), name);
          assert.deepEqual(await rowsOf(copy.maintenance!, name), before, name);
          await copy.maintenance!.importRows(name, rows);
          await copy.maintenance!.importRows(name, []);
        }
        assert.ok(tried > 0);
      } finally {
        await copy.close();
        await place.dispose?.();
      }
    }),
    unopened(subject, 'a copy that is not complete is opened by nobody else', async (make) => {
      const to = make().maintenance!;
      if (!to.importing) return;
      await to.importing('begin');
      assert.ok((await to.tables()).every(({ rows }) => rows === 0));
      for (const refused of [
        () => make().open(),
        () => make().maintenance!.migrate(),
        () => make().maintenance!.status(),
        () => make().maintenance!.tables(),
      ])
        await rejectsWith(refused(), 'STORE_UNAVAILABLE');
      // After a crash another one goes on.
      const next = make().maintenance!;
      await next.importing!('begin');
      await next.importing!('end');
      await next.importing!('end');
      const whole = make();
      await whole.open();
      await fill(whole);
      // What is in use does not become a copy.
      await make().maintenance!.importing!('begin');
      await make().open();
    }),
    caseOf(subject, 'a table that is not there is refused', async (storage) => {
      for (const name of ['nothing', 'executions; DROP TABLE executions', '__proto__', '']) {
        await assert.rejects(storage.maintenance!.exportRows(name, undefined, 10));
        await assert.rejects(storage.maintenance!.importRows(name, [{ id: 'x' }]));
      }
      assert.equal((await storage.executions.list()).count, 0);
    }),
  ];
}

async function rowsOf(maintenance: Maintenance, table: string, limit = 100): Promise<JsonObject[]> {
  const all: JsonObject[] = [];
  let cursor: string | undefined;
  do {
    const batch = await maintenance.exportRows(table, cursor, limit);
    assert.ok(batch.rows.length <= limit);
    all.push(...batch.rows);
    cursor = batch.cursor;
  } while (cursor !== undefined);
  return all;
}

async function copyAll(from: Maintenance, to: Maintenance): Promise<void> {
  for (const { name } of await from.tables()) {
    let cursor: string | undefined;
    do {
      const batch = await from.exportRows(name, cursor, 3);
      await to.importRows(name, batch.rows);
      cursor = batch.cursor;
    } while (cursor !== undefined);
  }
}
