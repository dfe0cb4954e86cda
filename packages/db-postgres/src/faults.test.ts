import { existsSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { completion, creation, progress } from '@vwmp/adapter-tests/samples';
import { hasCode, type Storage } from '@vwmp/core';
import { startPostgres } from '@vwmp/test-servers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPostgresStorage } from './storage.ts';
import { sql, temporaryDatabase } from './testing/place.ts';
import { verify } from './testing/verify.ts';

// Errors that the server gives, made by triggers: they come from where real ones come from.

let database: Awaited<ReturnType<typeof temporaryDatabase>>;
let storage: Storage;
beforeEach(async () => {
  database = await temporaryDatabase();
  storage = createPostgresStorage({ url: database.url });
  await storage.open();
});
afterEach(async () => {
  await storage.close();
  await database.drop();
});

/** Lets rows that are added to a table fail. @param when - SQL on `new` */
async function failOn(table: string, when: string, code: string): Promise<void> {
  await sql(
    database.url,
    `create sequence if not exists tries;
    create or replace function fail() returns trigger language plpgsql as $$ begin
      if ${when} then raise exception 'on purpose' using errcode = '${code}'; end if;
      return new;
    end $$;
    create or replace trigger fail before insert on ${table} for each row execute function fail()`,
  );
}

async function outcomes(work: readonly Promise<unknown>[]): Promise<string[]> {
  const settled = await Promise.allSettled(work);
  return settled.map((each) =>
    each.status === 'fulfilled' ? 'done' : (each.reason as { code: string }).code,
  );
}

test('a full disk says so, and loses nothing that was recorded', async () => {
  const { executions } = storage;
  await executions.append(creation('e1'));
  await failOn('events', 'true', '53100');
  const full = await executions.append(progress('e1', 1)).catch((error: unknown) => error as Error);
  expect(hasCode(full, 'STORE_FULL')).toBe(true);
  expect((full as Error).message).toContain('The disk of the database');
  expect(await outcomes(['e2', 'e3'].map((id) => executions.append(creation(id))))).toEqual([
    'STORE_FULL',
    'STORE_FULL',
  ]);
  await sql(database.url, 'drop trigger fail on events');
  await executions.append(progress('e1', 1));
  await verify(storage, new Map([['e1', 2]]));
  expect((await executions.list()).count).toBe(1);
});

// Files of which every byte is one too many are what a full disk is to whoever writes them.
test.skipIf(!existsSync('/dev/full'))('a ping finds a full disk that writes have not found yet', async () => {
  const server = await startPostgres();
  const there = createPostgresStorage({ url: await server.createDatabase('full') });
  try {
    await there.open();
    const temporary = join(await server.sql('show data_directory'), 'base/pgsql_tmp');
    // The server makes it, with its first temporary file.
    await server.sql(`set work_mem = '64kB'; select count(*) from generate_series(1, 10000)`);
    const pids = await server.sql(`select pid from pg_stat_activity where datname = 'full'`);
    const files = pids
      .split('\n')
      .flatMap((pid) =>
        Array.from({ length: 10 }, (_, number) => join(temporary, `pgsql_tmp${pid}.${number}`)),
      );
    for (const file of files) symlinkSync('/dev/full', file);
    const full = await there.ping().catch((error: unknown) => error as Error);
    expect(hasCode(full, 'STORE_FULL')).toBe(true);
    for (const file of files) rmSync(file, { force: true });
    await there.ping();
  } finally {
    await there.close();
    await server.stop();
  }
});

test('a server that allows no temporary files is no full one', async () => {
  const server = await startPostgres({ config: { temp_file_limit: '0' } });
  const there = createPostgresStorage({ url: await server.createDatabase('limited') });
  try {
    await there.open();
    await there.ping();
  } finally {
    await there.close();
    await server.stop();
  }
});

test('collisions are not shown: it is tried again', async () => {
  const { executions } = storage;
  for (const [n, code] of ['40P01', '40001', '55P03'].entries()) {
    // Sequences count on when a transaction is taken back.
    await failOn('events', `nextval('tries') % 4 <> 0`, code);
    const ids = Array.from({ length: 3 }, (_, index) => `e${n}-${index}`);
    for (const id of ids) await executions.append(creation(id));
    for (const id of ids) await executions.append(completion(id, 1));
  }
  await failOn('workflows', `nextval('tries') % 4 <> 0`, '40001');
  await storage.workflows.save(
    { id: 'w', name: 'w', type: 'generic', version: '1.0.0', text: 'x' },
    undefined,
  );
  expect((await executions.list({ status: ['success'] })).count).toBe(9);
  await verify(storage, new Map());
});

test('who collides for ever is told in the end', async () => {
  await failOn('events', 'true', '40P01');
  const error = await storage.executions.append(creation('e1')).catch((reason: unknown) => reason);
  expect(hasCode(error, 'STORE_UNAVAILABLE')).toBe(true);
});

test('what one brings does not keep the others of its batch from being stored', async () => {
  const { executions, logs } = storage;
  await executions.append(creation('first'));
  await failOn('events', `new.execution_id = 'bad'`, '22021');
  const ids = ['a', 'b', 'bad', 'c', 'd'];
  expect(await outcomes(ids.map((id) => executions.append(creation(id))))).toEqual([
    ...['done', 'done', 'VALUE_INVALID', 'done', 'done'],
  ]);
  expect(await outcomes([...ids, 'first'].map((id) => executions.append(progress(id, 1))))).toEqual([
    ...['done', 'done', 'VERSION_CONFLICT', 'done', 'done', 'done'],
  ]);
  await failOn('messages', `new.id = 'bad'`, '22P05');
  const post = (id: string) => executions.post({ id, execution_id: 'a', body: 1 });
  expect(await outcomes(['m1', 'bad', 'm2'].map(post))).toEqual(['done', 'VALUE_INVALID', 'done']);
  expect((await executions.messages('a')).map(({ id }) => id)).toEqual(['m1', 'm2']);
  await failOn('logs', `new.message = 'bad'`, '22021');
  const log = (message: string) =>
    logs.add([{ execution_id: 'a', timestamp: '2026-01-01T00:00:00.000Z', level: 'info', message }]);
  expect(await outcomes(['l1', 'bad', 'l2'].map(log))).toEqual(['done', 'VALUE_INVALID', 'done']);
  expect((await logs.list('a')).count).toBe(2);
  await verify(storage, new Map(['a', 'b', 'c', 'd', 'first'].map((id) => [id, 2])));
});

test('an id that is too long for an index is refused, and only that', async () => {
  const { executions } = storage;
  const long = Array.from({ length: 3000 }, (_, n) =>
    String.fromCharCode(0x4e00 + ((n * 7919) % 20_000)),
  ).join('');
  expect(await outcomes([executions.append(creation('a')), executions.append(creation(long))])).toEqual([
    'done',
    'VALUE_INVALID',
  ]);
  expect(await executions.get(long)).toBe(undefined);
});

test('who posts to two of each other at the same time in opposite order ends in no deadlock', async () => {
  const other = createPostgresStorage({ url: database.url });
  await other.open();
  for (const id of ['a', 'b']) await storage.executions.append(creation(id));
  const pairs = [
    [storage, 'a', 'b'],
    [other, 'b', 'a'],
  ] as const;
  let seq = 1;
  for (let n = 0; n < 50; n++, seq++) {
    await Promise.all(
      pairs.map(([{ executions }, from, to]) =>
        executions.append({ ...progress(from, seq), messages: [{ id: `${n}`, execution_id: to, body: n }] }),
      ),
    );
  }
  expect(
    await sql(database.url, 'select deadlocks from pg_stat_database where datname = current_database()'),
  ).toEqual([['0']]);
  await other.close();
  await verify(
    storage,
    new Map([
      ['a', seq],
      ['b', seq],
    ]),
  );
});

test('a document that nobody needs any more goes, and comes again when it is needed', async () => {
  const { executions } = storage;
  const count = async (): Promise<string> =>
    (await sql(database.url, 'select count(*) from documents'))[0]![0]!;
  for (let n = 0; n < 3; n++) {
    await executions.append(creation(`e${n}`));
    expect(await count()).toBe('1');
    await executions.append(completion(`e${n}`, 1));
    expect(await executions.prune({ max_count: 0 }, Date.now(), 10)).toBe(1);
    expect(await count()).toBe('0');
  }
  const other = createPostgresStorage({ url: database.url });
  await other.open();
  // Whoever starts while others prune finds its document, whatever is believed to be there.
  const starting = (async () => {
    for (let n = 0; n < 100; n++) {
      await executions.append(creation(`s${n}`));
      await executions.append(completion(`s${n}`, 1));
    }
  })();
  let pruned = 0;
  let done = false;
  void starting.then(() => {
    done = true;
  });
  while (!done) pruned += await other.executions.prune({ max_count: 0 }, Date.now(), 10);
  await starting;
  pruned += await other.executions.prune({ max_count: 0 }, Date.now(), 1000);
  expect(pruned).toBe(100);
  expect(await count()).toBe('0');
  await other.close();
  await verify(storage, new Map());
});
