import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

// The built command, as it is installed: this is what a user runs.
const vwmp = join(import.meta.dirname, '../../../node_modules/.bin/vwmp');
const run = (...args: string[]) => promisify(execFile)(vwmp, args);

test('--help explains how the command is used', async () => {
  const { stdout } = await run('--help');
  expect(stdout).toContain('Usage: vwmp <command>');
});

test('an unknown command ends with code 2 and says what to do', async () => {
  await expect(run('dance')).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('"dance"') });
});
