import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { type PostgresOptions, type PostgresServer, startPostgres } from './postgres.ts';
import { findMemory } from './temp-folder.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

test('what was committed survives a kill and a restart', async () => {
  const server = await start();
  const url = await server.createDatabase('some place');
  expect(url).toBe(`postgres://vwmp:secret@127.0.0.1:${server.port}/some%20place`);
  await server.sql('create table t(v text); insert into t values (1)', 'some place');
  await server.kill();
  await expect(server.sql('select 1')).rejects.toThrow('psql failed');
  await server.restart();
  await server.restart();
  expect(await server.sql('select v from t', 'some place')).toBe('1');
});

test('it waits for no disk, the rest of its settings is that of production, and its order of text is not that of bytes', async () => {
  const server = await start({ config: { max_connections: '7' } });
  const shown = await server.sql('show fsync; show synchronous_commit; show max_connections');
  expect(shown).toBe('off\non\n7');
  const locale = await server.sql("select datlocprovider from pg_database where datname = 'postgres'");
  if (locale === 'i') expect(await server.sql(`select 'b' > 'A', 'a' > 'B'`)).toBe('t|f');
  expect(await server.sql(`select rolsuper from pg_roles where rolname = 'vwmp'`)).toBe('f');
});

test('its data are in memory where there is room, on disk for whoever measures, and its shared memory is beside them', async () => {
  const folderOf = async (server: PostgresServer): Promise<string> => server.sql('show data_directory');
  const [server, kept, durable] = await Promise.all([
    start(),
    start({ disk: true }),
    start({ config: { fsync: 'on' } }),
  ]);
  expect(dirname(dirname(await folderOf(server)))).toBe(findMemory() ?? tmpdir());
  for (const other of [kept, durable]) expect(dirname(dirname(await folderOf(other)))).toBe(tmpdir());
  expect(await server.sql('show dynamic_shared_memory_type')).toBe('mmap');
});

test('what a process that was killed left in memory goes with the next server', async () => {
  const memory = findMemory();
  if (memory === undefined) return;
  const { pid } = spawnSync(process.execPath, ['--version']);
  const space = statSync('/proc/self/ns/pid').ino;
  const owners = [`${pid}-${space}`, `${process.pid}-${space}`, `${pid}-${space + 1}`];
  const folders = owners.map((owner) => mkdtempSync(join(memory, `vwmp-test-${owner}-`)));
  cleanUp.push(() => folders.map((folder) => rmSync(folder, { recursive: true, force: true })));
  await start();
  expect(folders.map((folder) => existsSync(folder))).toEqual([false, true, true]);
});

test('a frozen server is silent until it thaws, whoever is connected', async () => {
  const server = await start();
  server.freeze();
  let answered = false;
  const answer = server.sql('select 1').finally(() => {
    answered = true;
  });
  const other = await start();
  expect(await other.sql('select 2')).toBe('2');
  expect(answered).toBe(false);
  server.thaw();
  expect(await answer).toBe('1');
  server.freeze();
  await server.restart();
  expect(await server.sql('select 3')).toBe('3');
});

test('it speaks TLS with a certificate that can be trusted', async () => {
  const { port, host, ca } = await start({ tls: true });
  const socket = connect(port, host);
  socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])); // SSLRequest
  expect(String((await once(socket, 'data'))[0])).toBe('S');
  const secure = connectTls({ socket, ca, host });
  await once(secure, 'secureConnect');
  expect(secure.authorized).toBe(true);
  secure.destroy();
});

test('all of it ends with the process that started it, also while it is frozen', async () => {
  const script = `
    import { startPostgres } from ${JSON.stringify(new URL('postgres.ts', import.meta.url).href)};
    const server = await startPostgres();
    server.freeze();
    process.stdout.write(String(server.port));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [text] = (await once(child.stdout, 'data')) as [Buffer];
  const socket = connect(Number(text), '127.0.0.1');
  await once(socket, 'connect');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => {});
  child.kill('SIGKILL');
  await closed;
});

async function start(options: PostgresOptions = {}): Promise<PostgresServer> {
  const server = await startPostgres(options);
  cleanUp.push(server.stop);
  return server;
}
