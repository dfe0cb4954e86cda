import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { bytes } from '../src/compose.ts';
import { repository, textOf } from '../src/files.ts';
import { mostMemory } from '../src/measured.ts';
import { command, environment } from './vwmp.ts';

const units = ['vwmp-server.service', 'vwmp-worker@.service'];
const guide = readFileSync(join(repository, 'docs/deploy.md'), 'utf8');
const valuesOf = (text: string, name: string): string[] =>
  [...text.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value]) => value!);

test.each(units)('%s keeps away from what it does not need', (unit) => {
  const text = textOf(`systemd/${unit}`);
  for (const line of [
    ...[
      'DynamicUser=yes',
      'NoNewPrivileges=yes',
      'ProtectSystem=strict',
      'ProtectHome=yes',
      'PrivateTmp=yes',
    ],
    ...['CapabilityBoundingSet=', 'SystemCallFilter=@system-service', 'RestrictNamespaces=yes'],
  ])
    expect(text.split('\n')).toContain(line);
  expect(text).not.toMatch(/^MemoryDenyWriteExecute=/m);
  // Where steps read and write files.
  expect(valuesOf(text, 'WorkingDirectory')).toEqual([`/var/lib/${valuesOf(text, 'StateDirectory')[0]}`]);
  const [limit] = valuesOf(text, 'MemoryMax');
  expect(bytes(limit!)).toBeGreaterThan(mostMemory());
  // Twice VWMP_GRACE_PERIOD of 20 s.
  expect(Number(valuesOf(text, 'TimeoutStopSec')[0])).toBeGreaterThan(40);
});

test('what the units have in common is the same', () => {
  const [server, worker] = units.map((unit) => textOf(`systemd/${unit}`));
  const common = (text: string): string => text.slice(text.indexOf('# What runs may end'));
  expect(common(worker!)).toBe(common(server!));
});

test('units read secrets from a file of root alone, and hold none themselves', () => {
  for (const unit of units) {
    const text = textOf(`systemd/${unit}`);
    expect(valuesOf(text, 'EnvironmentFile')).toContain('/etc/vwmp/vwmp.env');
    expect(valuesOf(text, 'Environment').join(' ')).not.toMatch(/URL|KEY|PASSWORD|SECRET/);
  }
  expect(guide).toContain('sudo install -D -m 600 deploy/systemd/vwmp.env /etc/vwmp/vwmp.env');
});

/** The command of the guide that runs the installed `vwmp`, run with the built one. */
const built = (text: string): string =>
  text.replace('/opt/vwmp/node_modules/@vwmp/cli/bin/vwmp.js', command).replace(/\bnode\b/, process.execPath);
const dropIn = /^```ini\n([\s\S]*?)^```$/m.exec(guide)![1]!;

/** @returns the settings that `vwmp doctor` sees @param credentials - the folder in which systemd puts what it decrypted */
function settingsSeen(script: string, credentials: string): Record<string, string> {
  const own = {
    VWMP_LOG_FORMAT: 'json',
    CREDENTIALS_DIRECTORY: credentials,
    VWMP_DATABASE_BACKEND: 'memory',
  };
  const { stdout, stderr } = spawnSync('bash', ['-c', script], {
    ...{ cwd: credentials, encoding: 'utf8', env: environment(own) },
  });
  expect(stderr).toBe('');
  const { settings } = JSON.parse(stdout) as { settings: { variable: string; value: string }[] };
  return Object.fromEntries(settings.map(({ variable, value }) => [variable, value]));
}

test('a credential that systemd decrypts is what the service reads its secrets from', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vwmp-credentials-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'vwmp'), 'VWMP_QUEUE_LIMIT=4321\nVWMP_LOG_FORMAT=pretty\n');
  const start = valuesOf(dropIn, 'ExecStart')
    .at(-1)!
    .replace('%d', folder)
    .replace(/ serve$/, ' doctor --json');
  expect(start).toContain(' doctor');
  const wanted = { VWMP_QUEUE_LIMIT: '4321', VWMP_LOG_FORMAT: 'json' };
  expect(settingsSeen(built(start), folder)).toMatchObject(wanted);
  // The function for commands, without systemd.
  const shell = /^vwmp\(\) \{[\s\S]*?^\}$/m.exec(guide)![0];
  const stub = 'systemd-run() { while [[ $1 == -* ]]; do [[ $1 == -p ]] && shift; shift; done; "$@"; }';
  expect(
    settingsSeen(`sudo() { "$@"; }\n${stub}\n${built(shell)}\nvwmp doctor --json`, folder),
  ).toMatchObject(wanted);
});

/** Of Debian's package `systemd`; without it nothing can be verified. */
const systemd = spawnSync('systemd-analyze', ['--version']).error === undefined;
test.skipIf(!systemd)('systemd has nothing to say against them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vwmp-units-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const unit of units) {
    const file = join(folder, unit);
    writeFileSync(file, textOf(`systemd/${unit}`));
    mkdirSync(`${file}.d`);
    writeFileSync(join(`${file}.d`, 'override.conf'), dropIn);
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], {
      encoding: 'utf8',
    });
    expect({ unit, status, stderr: stderr.split('\n').filter((line) => line.includes(folder)) }).toEqual({
      ...{ unit, status: 0, stderr: [] },
    });
  }
});
