import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import {
  freePort,
  makeTempFolder,
  removeFolder,
  type ServerProcess,
  startPostgres,
  startRedis,
  startServer,
} from '@vwmp/test-servers';
import { afterAll, expect, test } from 'vitest';
import { interpolate, readCompose } from '../src/compose.ts';
import { environmentOf, readDockerfile, wordsOf } from '../src/dockerfile.ts';
import { repository, textOf } from '../src/files.ts';
import { imageWorkspace } from '../src/workspace.ts';
import { call, environment } from './vwmp.ts';

const [build = [], image = []] = readDockerfile(textOf('docker/Dockerfile'));
const key = 'k'.repeat(40);
const cleanups: (() => unknown)[] = [];
const folder = makeTempFolder('image');
afterAll(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
  removeFolder(folder);
});

/** The folders of a container of this mode, below one of the machine. */
const rootOf = (mode: string): string => join(folder, mode);
const place = (mode: string, text: string): string =>
  text.replaceAll(/(?<=^|')\/(?=opt|srv|usr|var)/g, `${rootOf(mode)}/`);

/** What the Dockerfile does once the packages are built. */
function makeImage(mode: string): void {
  const [command] = build.filter(({ name, text }) => name === 'RUN' && text.includes('install.mjs'));
  const words = command!.text.replaceAll('"$MODE"', mode).split(' ');
  const [program, ...args] = words.map((word) => place(mode, word));
  const { status, stderr } = spawnSync(program!, args, { cwd: repository, encoding: 'utf8' });
  expect({ status, stderr }).toMatchObject({ status: 0 });
  const folders = image.flatMap(
    ({ name, text }) =>
      (name === 'RUN' && /^install -d -o 1000 -g 1000 (.+)$/.exec(text)?.[1]?.split(' ')) || [],
  );
  for (const each of folders) mkdirSync(place(mode, each), { recursive: true });
  for (const { name, text } of image) {
    const [, target = '', link = ''] = (name === 'RUN' && /^ln -s (\S+) (\S+)$/.exec(text)) || [];
    if (link !== '') {
      mkdirSync(dirname(place(mode, link)), { recursive: true });
      symlinkSync(place(mode, target), place(mode, link));
    }
    if (name !== 'COPY' || text.startsWith('--')) continue;
    const [from = '', to = ''] = text.split(' ');
    writeFileSync(place(mode, to), place(mode, readFileSync(join(repository, from), 'utf8')));
  }
}

/** Bytes of all files. */
function sizeOf(path: string): number {
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

function variables(mode: string, own: Record<string, string>): NodeJS.ProcessEnv {
  const given = Object.entries(environmentOf(image)).map(([name, value]) => [
    name,
    value === '$MODE' ? mode : place(mode, value),
  ]);
  return environment({ ...Object.fromEntries(given), ...own });
}

/** Starts a container's process, as its user would be if this one were that. */
async function start(
  mode: string,
  command: string[],
  own: Record<string, string>,
  sign: string,
): Promise<{ running: ServerProcess; healthy: () => boolean }> {
  const [program = '', ...args] = [...wordsOf(image, 'ENTRYPOINT'), ...command].map((word) =>
    place(mode, word),
  );
  const env = variables(mode, own);
  const running = await startServer({ program, args, folder: join(rootOf(mode), 'srv/vwmp'), env });
  cleanups.push(async () => {
    running.signal('SIGKILL');
    await running.ended;
  });
  await running.wrote(sign);
  const [check = '', ...checkArgs] = wordsOf(image, 'HEALTHCHECK').map((word) => place(mode, word));
  return { running, healthy: () => spawnSync(check, checkArgs, { env }).status === 0 };
}

/** `docker compose exec vwmp vwmp …` */
function run(mode: string, args: string[], own: Record<string, string>): { status: number | null } {
  const cwd = join(rootOf(mode), 'srv/vwmp');
  return spawnSync(place(mode, '/usr/local/bin/vwmp'), args, {
    ...{ cwd, env: variables(mode, own), encoding: 'utf8' },
  });
}

test('it is built by stages of one Node, runs as nobody in particular, and takes files that there are', () => {
  const bases = textOf('docker/Dockerfile').match(/^FROM (\S+)/gm);
  expect(bases).toEqual(['FROM node:24-slim', 'FROM node:24-slim']);
  expect(image.find(({ name }) => name === 'USER')?.text).toBe('1000:1000');
  expect(image.map(({ name }) => name)).toEqual(expect.arrayContaining(['VOLUME', 'EXPOSE', 'HEALTHCHECK']));
  for (const { name, text } of image.filter(({ name }) => name === 'COPY')) {
    const [from = ''] = text.split(' ').filter((word) => !word.startsWith('--'));
    expect({
      name,
      from,
      there: text.includes('--from=build') || existsSync(join(repository, from)),
    }).toMatchObject({
      there: true,
    });
  }
  const scripts = build.flatMap(({ text }) => text.match(/\S+\.mjs/g) ?? []);
  for (const script of scripts) expect(existsSync(join(repository, script)), script).toBe(true);
});

test('it is built by old builders too, and but once for all modes', () => {
  const check = image.find(({ name }) => name === 'HEALTHCHECK')!.text;
  const options = check.match(/--[a-z-]+/g) ?? [];
  // Docker 24, and Buildah and Podman of Debian 12, end with an error at others.
  expect(options.filter((each) => !/^--(?:interval|timeout|start-period|retries)$/.test(each))).toEqual([]);
  // Whatever runs behind an ARG runs anew for each value of it.
  const index = (start: string): number =>
    build.findIndex(({ name, text }) => `${name} ${text}`.startsWith(start));
  expect(index('RUN npm run build')).toBeGreaterThan(0);
  expect(index('ARG MODE')).toBeGreaterThan(index('RUN npm run build'));
});

test('in lightweight mode it serves, works, says that it is alive, and ends in time', {
  timeout: 240_000,
}, async () => {
  makeImage('lightweight');
  expect(sizeOf(join(rootOf('lightweight'), 'opt/vwmp'))).toBeLessThan(10e6);
  const port = String(await freePort());
  const { vwmp } = readCompose('docker-compose.lightweight.yml').services;
  const given = { VWMP_API_KEYS: `admin:admin:${key}` };
  const settings = Object.entries(vwmp!.environment!).map(([name, value]) => [
    ...[name, place('lightweight', interpolate(value, given))],
  ]);
  const own = { ...(Object.fromEntries(settings) as Record<string, string>), VWMP_API_PORT: port };
  const { running, healthy } = await start('lightweight', wordsOf(image, 'CMD'), own, 'VWMP is ready.');
  expect(healthy()).toBe(true);
  const workflow = { name: 'Hello', steps: [{ id: 'a', handler: 'core.set', config: { value: 1 } }] };
  const server = `127.0.0.1:${port}`;
  const execution = await call({ server, key }, 'POST', '/executions/?wait=1m', { workflow });
  expect(execution).toMatchObject({ status: 'success' });
  const config = { path: 'notes/a.txt', content: 'a' };
  const writing = { name: 'Write', steps: [{ id: 'a', handler: 'file.write', config }] };
  expect(await call({ server, key }, 'POST', '/executions/?wait=1m', { workflow: writing })).toMatchObject({
    status: 'success',
  });
  const workspace = place('lightweight', await imageWorkspace());
  expect(readFileSync(join(workspace, 'notes/a.txt'), 'utf8')).toBe('a');
  // The designer is in it, too.
  expect(await (await fetch(`http://${server}/`, { headers: { accept: 'text/html' } })).text()).toContain(
    '<script',
  );
  expect(readdirSync(join(rootOf('lightweight'), 'var/lib/vwmp'))).toContain('vwmp.db');
  expect(run('lightweight', ['keys', 'create', 'ops', '--role', 'viewer'], own)).toMatchObject({
    ...{ status: 0, stdout: expect.stringMatching(/^vwmp_/) },
  });
  running.signal('SIGTERM');
  expect(await running.ended).toBe('exit code 0');
  expect(healthy()).toBe(false);
  expect(running.output()).not.toContain('"level":"warn"');
});

test('what is wrong with the settings ends it with the code that systemd does not try again', async () => {
  const env = variables('lightweight', { VWMP_API_PORT: 'http' });
  const [program = '', ...args] = [...wordsOf(image, 'ENTRYPOINT'), 'serve'].map((word) =>
    place('lightweight', word),
  );
  const { status, stderr } = spawnSync(program, args, { env, encoding: 'utf8', cwd: folder });
  expect(stderr).toContain('VWMP_API_PORT');
  expect(textOf('systemd/vwmp-server.service')).toContain(`RestartPreventExitStatus=${status}\n`);
});

test('in full mode server and worker run with the settings of the Compose file', {
  timeout: 240_000,
}, async () => {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis({ password: 'secret' })]);
  cleanups.push(() => Promise.all([postgres.stop(), redis.stop()]));
  makeImage('full');
  expect(sizeOf(join(rootOf('full'), 'opt/vwmp'))).toBeLessThan(14e6);
  // What is never loaded is not in it.
  expect(existsSync(join(rootOf('full'), 'opt/vwmp/node_modules/@vwmp/db-sqlite'))).toBe(false);
  const { services } = readCompose('docker-compose.full.yml');
  const database = await postgres.createDatabase('deployed');
  const given = {
    ...{ POSTGRES_PASSWORD: 'x', VWMP_REDIS_PASSWORD: 'secret', VWMP_ENCRYPTION_KEY: 'e'.repeat(32) },
    VWMP_API_KEYS: `admin:admin:${key}`,
  };
  const settings = (name: string): Record<string, string> => ({
    ...Object.fromEntries(
      Object.entries(services[name]!.environment!).map(([each, value]) => [each, interpolate(value, given)]),
    ),
    // Names of services are known inside of Compose only.
    ...{ VWMP_DATABASE_URL: database, VWMP_REDIS_HOST: redis.host, VWMP_REDIS_PORT: String(redis.port) },
  });
  const [port, probes] = [String(await freePort()), String(await freePort())];
  const [api, worker] = await Promise.all([
    start('full', services.api!.command!, { ...settings('api'), VWMP_API_PORT: port }, 'VWMP is ready.'),
    start(
      'full',
      services.worker!.command!,
      { ...settings('worker'), VWMP_PROBE_PORT: probes },
      'The worker is ready.',
    ),
  ]);
  expect([api.healthy(), worker.healthy()]).toEqual([true, true]);
  const workflow = { name: 'Hello', steps: [{ id: 'a', handler: 'core.set', config: { value: 1 } }] };
  const server = `127.0.0.1:${port}`;
  const execution = await call({ server, key }, 'POST', '/executions/?wait=1m', { workflow });
  expect(execution).toMatchObject({ status: 'success' });
  const metrics = await fetch(`http://127.0.0.1:${probes}/metrics`, {
    headers: { authorization: `Bearer ${key}` },
  });
  expect(await metrics.text()).toContain('executions_total{status="success"} 1');
  for (const args of [
    ['keys', 'create', 'ops', '--role', 'viewer'],
    ['executions', 'list'],
    ['db', 'status'],
  ])
    expect(run('full', args, settings('api'))).toMatchObject({ status: 0 });
  for (const { running } of [api, worker]) {
    running.signal('SIGTERM');
    expect(await running.ended).toBe('exit code 0');
    expect(running.output()).not.toContain('"level":"warn"');
  }
});
