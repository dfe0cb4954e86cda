import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const packageRoot = join(import.meta.dirname, '..');
const tools = join(packageRoot, '../../node_modules');
const text = await readFile(join(packageRoot, 'README.md'), 'utf8');
const examples = [...text.matchAll(/^```ts\n\/\/ (\S+)\n(.*?)^```$/gms)].map(([, name, code]) => ({
  name: name!,
  code: code!,
}));

/** Sources of this workspace instead of built packages, as everywhere in its tests. */
const config = `
const conditions = ['source', 'module', 'node', 'development|production'];
export default {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['source', 'node'] } },
};`;

/** Inside of the package, so that the examples find it under its own name. */
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(packageRoot, '.readme-'));
  for (const { name, code } of examples) await writeFile(join(folder, name), code);
  await writeFile(join(folder, 'vitest.config.mjs'), config);
  const tsconfig = {
    extends: '../tsconfig.json',
    compilerOptions: { isolatedDeclarations: false, declaration: false },
    include: ['*.ts'],
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('the examples have the right types', async () => {
  expect(examples).toHaveLength(2);
  const { stdout } = await run(join(tools, '.bin/tsc'), ['-p', folder]).catch(
    (error: { stdout: string }) => error,
  );
  expect(stdout).toBe('');
});

test.each(examples)('the example $name passes', { timeout: 120_000 }, async ({ name }) => {
  const vitest = join(tools, 'vitest/vitest.mjs');
  const outputFile = join(folder, `${name}.json`);
  // Of the one in files a group is enough: all of them are run elsewhere.
  const filter = name === 'my-files.test.ts' ? ['-t', 'my files storage'] : [];
  const options = ['--root', folder, '--reporter=json', `--outputFile=${outputFile}`];
  await run(process.execPath, [vitest, 'run', ...options, ...filter, name], { cwd: folder });
  const report = JSON.parse(await readFile(outputFile, 'utf8'));
  expect(report).toMatchObject({ success: true, numFailedTests: 0 });
  expect(report.numPassedTests).toBeGreaterThan(filter.length > 0 ? 10 : 200);
});
