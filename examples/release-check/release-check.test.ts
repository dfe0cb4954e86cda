import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openExample } from '../testing/example.ts';
import { release } from './release.ts';

/** A copy of the sample package, and a way to run the check on it. */
async function openCheck() {
  const example = await openExample('release-check', [release]);
  const sample = join(example.workspace, 'sample');
  await cp(join(import.meta.dirname, 'sample'), sample, { recursive: true });
  const decide = (approved: boolean) =>
    example.engine.attach({
      onStepWaiting: ({ execution_id, step_id }) =>
        setImmediate(() => example.engine.decideApproval(execution_id, step_id, { approved, by: 'ana' })),
    });
  return { ...example, sample, decide, check: (more = {}) => example.run({ folder: 'sample', ...more }) };
}

test('packs what was approved', async () => {
  const { check, decide, logs } = await openCheck();
  decide(true);
  const execution = await check();
  expect(execution).toMatchObject({ status: 'success', output: { version: '1.2.0', published: true } });
  expect(logs).toEqual([expect.stringMatching(/^info sample-to-release-1\.2\.0\.tgz: 3 files, .* by ana$/)]);
}, 30_000);

test('packs nothing that was rejected', async () => {
  const { check, decide } = await openCheck();
  decide(false);
  const execution = await check();
  expect(execution).toMatchObject({ status: 'success', output: { published: false } });
  expect(execution.steps.publish).toMatchObject({ status: 'skipped', reason: 'condition' });
  expect(execution.steps.called_off?.status).toBe('success');
}, 30_000);

test('names every check that failed, and asks nobody', async () => {
  const { check, sample } = await openCheck();
  await writeFile(join(sample, 'index.js'), 'export const greet = () => "no";\nexport {');
  await writeFile(join(sample, 'CHANGELOG.md'), '# Changelog\n\n## 11.2.0\n');
  const execution = await check();
  expect(execution.status).toBe('failed');
  expect(execution.steps.blocked?.error).toMatchObject({
    code: 'NOT_READY',
    message: expect.stringContaining('Tests: fail, lint: complains, changelog: does not tell of it'),
  });
  expect(execution.steps.approval?.status).toBe('skipped');
}, 30_000);

test('says that a folder holds no package', async () => {
  const { check } = await openCheck();
  const execution = await check({ folder: '.' });
  expect(execution.steps.version?.error).toMatchObject({ code: 'NO_PACKAGE' });
  expect(execution.status).toBe('failed');
}, 30_000);

test('says that a folder is not there', async () => {
  const { check } = await openCheck();
  const execution = await check({ folder: 'nowhere' });
  expect(execution.steps.tests?.error?.code).toBe('SHELL_CWD_INVALID');
});
