import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryDatabase } from './testing/place.ts';

const packageRoot = join(import.meta.dirname, '..');

test('the example of the README prints what it promises', async () => {
  const text = await readFile(join(packageRoot, 'README.md'), 'utf8');
  const [, example = ''] = /^```ts\n(.*?)^```$/ms.exec(text) ?? [];
  const promised = [...example.matchAll(/console\.log\(.*\/\/ (.*)$/gm)].map(([, output]) => output);
  expect(promised.length).toBeGreaterThan(0);
  const { url, drop } = await temporaryDatabase();
  // Inside of the package, so that the example finds it under its own name.
  const folder = await mkdtemp(join(packageRoot, '.readme-'));
  try {
    await writeFile(join(folder, 'example.ts'), example);
    const args = ['--conditions=source', join(folder, 'example.ts')];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      env: { ...process.env, DATABASE_URL: url },
    });
    expect(stdout.trimEnd().split('\n')).toEqual(promised);
  } finally {
    await rm(folder, { recursive: true, force: true });
    await drop();
  }
});
