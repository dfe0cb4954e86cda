import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCommands } from './testing/commands.ts';

const folder = import.meta.dirname;
const root = join(folder, '..');
const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'README.md')));
const bin = join(root, 'node_modules', '.bin');

test('the table names every example', () => {
  const text = readFileSync(join(folder, 'README.md'), 'utf8');
  expect(names.filter((name) => !text.includes(`| [${name}](${name}/README.md) |`))).toEqual([]);
  expect(names.length).toBeGreaterThanOrEqual(7);
});

test('every workflow is valid, as the command sees it', async () => {
  const { code, stdout } = await shell('vwmp validate examples --json');
  expect({ code, stdout }).toMatchObject({ code: 0 });
}, 60_000);

test('the picture of the audit is what the command draws of it', async () => {
  const { stdout } = await shell('vwmp graph examples/markdown-audit/workflow.yaml --format svg');
  expect(readFileSync(join(folder, 'markdown-audit/graph.svg'), 'utf8').trim()).toBe(stdout.trim());
});

describe.each(['README.md', ...names.map((name) => `${name}/README.md`)])('%s', (file) => {
  const commands = readCommands(readFileSync(join(folder, file), 'utf8'));

  test.each(commands.map((each, index) => ({ ...each, index })))(
    'commands $index',
    async ({ script, exit }) => {
      const { code, stderr, stdout } = await shell(script);
      expect({ code, log: code === exit ? '' : stdout + stderr }).toEqual({ code: exit, log: '' });
    },
    120_000,
  );
});

/** Runs a script at the root of the repository, with the tools of the repository, up to the first command that fails. */
function shell(script: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`, NODE_OPTIONS: '' };
  return new Promise((resolve) => {
    execFile(
      '/bin/sh',
      ['-e', '-c', script],
      { cwd: root, env, timeout: 110_000 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ code, stdout, stderr });
      },
    );
  });
}
