import { spawnSync } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { createProject, gated, noted } from '../testing/platform.ts';
import { bin, startProcess, workflow } from '../testing/vwmp.ts';

// That of util-linux makes a pseudo-terminal without a native dependency.
const hasScript =
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false;

test.skipIf(!hasScript)('in a terminal --wait shows each step while it runs', async () => {
  const project = createProject({ 'w.yaml': workflow([noted('first'), gated('second', 'gate', ['first'])]) });
  await project.worker();
  const command = `stty cols 80 rows 24; "${process.execPath}" "${bin}" start w.yaml --wait`;
  const terminal = startProcess('script', ['-qec', command, '/dev/null'], {
    cwd: project.cwd,
    env: { VWMP_SQLITE_PATH: 'vwmp.db', VWMP_LEASE: '1s' },
  });
  const plain = (text: string): string => stripVTControlCharacters(text).replaceAll('\r', '');
  // The sign of a running step turns.
  await terminal.until(/⠸[^\n]*second/);
  project.write('gate');
  const { code, stdout } = await terminal.outcome;
  expect(code).toBe(0);
  const lines = plain(stdout).split('\n');
  expect(lines.findLast((line) => line.includes('first'))).toMatch(/^✔ first +shell\.run +\S+/);
  expect(lines.findLast((line) => line.includes('second'))).toMatch(/^✔ second +shell\.run +\S+/);
  expect(plain(stdout)).toMatch(/✔ success in \S+ +2 succeeded/);
});
