import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { bytes, type Compose, composeFiles, interpolate, readCompose, type Service } from '../src/compose.ts';
import { environmentOf, readDockerfile } from '../src/dockerfile.ts';
import { deployFolder, repository, textOf } from '../src/files.ts';
import { mostMemory } from '../src/measured.ts';
import { knownSettings, settingsIn } from '../src/settings.ts';
import { imageWorkspace } from '../src/workspace.ts';

/** Keys of services that the Compose Specification has, as far as they are used. */
const serviceKeys = [
  ...['image', 'build', 'command', 'environment', 'ports', 'volumes', 'depends_on', 'healthcheck', 'restart'],
  ...['stop_grace_period', 'init', 'read_only', 'tmpfs', 'cap_drop', 'security_opt', 'deploy', 'shm_size'],
];
const files = composeFiles.map((name) => [name, readCompose(name)] as const);
const services = files.flatMap(([file, { services }]) =>
  Object.entries(services).map(([name, service]) => [file, name, service] as const),
);
const own = services.filter(([, , { build }]) => build !== undefined);
const combined = (file: string): Compose['services'] => ({
  ...(file.includes('observability') && readCompose('docker-compose.full.yml').services),
  ...readCompose(file).services,
});

test.each(files)('%s has nothing but what Compose knows', (_file, compose) => {
  expect(Object.keys(compose).filter((key) => !key.startsWith('x-'))).toEqual(
    expect.arrayContaining(['name', 'services']),
  );
  for (const [name, service] of Object.entries(compose.services)) {
    expect({ name, odd: Object.keys(service).filter((key) => !serviceKeys.includes(key)) }).toMatchObject({
      odd: [],
    });
    expect(service.image).toMatch(/^[a-z]+(?:\/[a-z]+)?:[\w.-]+$/);
    expect(service.image).not.toMatch(/:latest$/);
  }
});

test.each(services)('%s: %s depends on services and volumes that there are', (file, _name, service) => {
  const { volumes = {} } = readCompose(file);
  for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
    expect(condition).toBe('service_healthy');
    expect(combined(file)[other]?.healthcheck, other).toBeDefined();
  }
  for (const volume of service.volumes ?? []) {
    const [from = '', to = ''] = volume.split(':');
    expect(to).toMatch(/^\//);
    if (from.startsWith('.')) expect(existsSync(join(deployFolder, from)), from).toBe(true);
    else expect(Object.keys(volumes)).toContain(from);
  }
  for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
});

test.each(services)('%s: %s has limits', (_file, _name, { deploy, restart }) => {
  expect(restart).toBe('unless-stopped');
  expect(Number(deploy?.resources.limits.cpus)).toBeGreaterThan(0);
  expect(bytes(deploy!.resources.limits.memory)).toBeGreaterThan(64 * 1024 * 1024);
});

test.each(own)(
  '%s: %s runs our image with less than root and more memory than was measured',
  (_file, _name, it) => {
    expect(existsSync(join(deployFolder, it.build!.context, it.build!.dockerfile))).toBe(true);
    expect(it.image).toBe(`vwmp:${it.build!.args.MODE}`);
    expect(it).toMatchObject({
      ...{ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'], init: true },
      stop_grace_period: '45s',
    });
    expect(bytes(it.deploy!.resources.limits.memory)).toBeGreaterThan(mostMemory());
  },
);

test.each(own)('%s: %s is given settings that there are', (file, _name, { environment = {}, command }) => {
  expect(['serve', 'worker']).toContain(command?.[0]);
  const known = knownSettings();
  expect(settingsIn(textOf(file)).filter((name) => !known.has(name))).toEqual([]);
  expect(Object.keys(environment).filter((name) => !known.has(name))).toEqual([]);
});

test.each(own)('%s: %s can write where its steps do', async (file, name, { volumes = [] }) => {
  const workspace = await imageWorkspace();
  const writable = volumes.filter((each) => !each.endsWith(':ro')).map((each) => each.split(':')[1]!);
  // The API of full mode has no steps to carry out, and does not see what they write.
  if (file.includes('full') && name === 'api') expect(writable).not.toContain(workspace);
  else expect(writable.some((each) => `${workspace}/`.startsWith(`${each}/`))).toBe(true);
});

test.each(composeFiles)('%s: secrets that are set are kept, and seen by all processes', (file) => {
  const { VWMP_SECRETS_FILE = '' } = environmentOf(readDockerfile(textOf('docker/Dockerfile'))[1]!);
  const { services, volumes = {} } = readCompose(file);
  const kept = Object.values(services)
    .filter(({ build }) => build !== undefined)
    .map((service) => service.volumes?.find((each) => each.endsWith(`:${dirname(VWMP_SECRETS_FILE)}`)));
  // One volume, and one with a name: those without are gone with `docker compose down`, and each container has its own.
  if (kept.length > 0) expect(Object.keys(volumes)).toContain(kept[0]?.split(':')[0]);
  expect(new Set(kept).size).toBe(Math.min(kept.length, 1));
});

test('Redis refuses what does not fit before its container ends, also while it writes its file anew', () => {
  const { command, deploy } = readCompose('docker-compose.full.yml').services.redis as Service;
  const [, megabytes] = /--maxmemory (\d+)mb\b/.exec(command!.join(' ')) ?? [];
  expect(2 * Number(megabytes) * 1024 * 1024).toBeLessThan(bytes(deploy!.resources.limits.memory));
});

test('what has to be given is said, and what is given is filled in', () => {
  const { api } = readCompose('docker-compose.full.yml').services;
  const url = (api as Service).environment!.VWMP_DATABASE_URL!;
  expect(() => interpolate(url, {})).toThrow('POSTGRES_PASSWORD is missing');
  expect(interpolate(url, { POSTGRES_PASSWORD: 'x' })).toBe('postgresql://vwmp:x@postgres:5432/vwmp');
  // Every variable that has to be given is named in the commands at the top.
  for (const [file] of files) {
    const text = textOf(file);
    const head = text.slice(0, text.indexOf('\nname:'));
    const needed = [...text.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name!);
    if (!file.includes('observability')) for (const name of needed) expect(head).toContain(name);
  }
});

test('passwords are not in the files', () => {
  for (const [, , { environment = {} }] of services)
    for (const [name, value] of Object.entries(environment))
      if (/PASSWORD|KEY|AUTH$/.test(name)) expect(value).toMatch(/^\$\{\w+:[-?][^}]*\}$/);
});

test('Grafana finds what is put into its folders', () => {
  const { grafana } = readCompose('docker-compose.observability.yml').services;
  const dashboards = textOf('observability/grafana/dashboards/vwmp.yml');
  const [, path = ''] = /path: (\S+)/.exec(dashboards) ?? [];
  expect(grafana?.volumes?.some((volume) => volume.split(':')[1] === path)).toBe(true);
  expect(textOf('observability/grafana/datasources/prometheus.yml')).toContain('http://prometheus:9090');
});

test('no file speaks of a setting that there is not', () => {
  const known = knownSettings();
  const texts = [
    ...['docker/Dockerfile', 'docker/healthcheck.mjs', 'systemd/vwmp.env', 'systemd/vwmp-server.service'],
    ...['systemd/vwmp-worker@.service', 'kubernetes/settings.yaml', 'kubernetes/secret.example.yaml'],
    ...['kubernetes/api.yaml', 'kubernetes/worker.yaml', 'kubernetes/worker-keda.yaml'],
  ];
  for (const name of texts)
    expect({ name, odd: settingsIn(textOf(name)).filter((each) => !known.has(each)) }).toMatchObject({
      odd: [],
    });
  const page = readFileSync(join(repository, 'docs/deploy.md'), 'utf8');
  expect(settingsIn(page).filter((each) => !known.has(each))).toEqual([]);
});
