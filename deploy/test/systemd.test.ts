import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { bytes } from '../src/compose.ts';
import { textOf } from '../src/files.ts';
import { mostMemory } from '../src/measured.ts';

const units = ['vwmp-server.service', 'vwmp-worker@.service'];
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

/** Of Debian's package `systemd`; without it nothing can be verified. */
const systemd = spawnSync('systemd-analyze', ['--version']).error === undefined;
test.skipIf(!systemd)('systemd has nothing to say against them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vwmp-units-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const unit of units) {
    const file = join(folder, unit);
    writeFileSync(file, textOf(`systemd/${unit}`));
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], {
      encoding: 'utf8',
    });
    expect({ unit, status, stderr: stderr.split('\n').filter((line) => line.includes(unit)) }).toEqual({
      ...{ unit, status: 0, stderr: [] },
    });
  }
});
