import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const packageRoot = join(import.meta.dirname, '..');

test('the example of the README prints what it promises', async () => {
  const text = await readFile(join(packageRoot, 'README.md'), 'utf8');
  const [, example = ''] = /^```ts\n(.*?)^```$/ms.exec(text) ?? [];
  const promised = [...example.matchAll(/console\.log\(.*\/\/ (.*)$/gm)].map(([, output]) => output);
  expect(promised.length).toBeGreaterThan(0);
  // Inside of the package, so that the example finds it under its own name.
  const folder = await mkdtemp(join(packageRoot, '.readme-'));
  try {
    await writeFile(join(folder, 'example.ts'), example);
    const args = ['--conditions=source', 'example.ts'];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
    expect(stdout.trimEnd().split('\n')).toEqual(promised);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
