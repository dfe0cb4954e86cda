import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Execution, type JsonObject, type WorkflowDocument, WorkflowEngine } from '@vwmp/core';
import { createFileStorage } from '@vwmp/core/file';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { plugins } from '../index.ts';
import { makeFolder } from '../testing/folder.ts';
import { makeRepository, git as realGit } from '../testing/repository.ts';
import { templates } from './templates.ts';

let workspace: string;
let root: string;
let head: string;

beforeEach(async () => {
  workspace = await makeFolder();
  root = join(workspace, 'repo');
  await makeRepository(root, {
    'package.json': '{\n  "name": "a",\n  "version": "1.0.0",\n  "scripts": { "test": "true" }\n}\n',
    'README.md': '# A\n\n<!-- version -->\nnpm install a@1.0.0\n<!-- /version -->\n',
  });
  await git('tag', 'v1.0.0');
  await git('commit', '--quiet', '--allow-empty', '-m', 'feat: new');
  await realGit(workspace, 'init', '--quiet', '--bare', '--initial-branch=main', 'remote.git');
  await git('remote', 'add', 'origin', '../remote.git');
  await git('push', '--quiet', 'origin', 'main', 'v1.0.0');
  head = await git('rev-parse', 'HEAD');
});

const git = (...args: string[]): Promise<string> => realGit(root, ...args);
const template = (name: string): WorkflowDocument => templates.find((each) => each.name === name)!.document;

async function run(
  document: WorkflowDocument,
  parameters: JsonObject = {},
  approved = true,
): Promise<Execution> {
  const engine = new WorkflowEngine({ plugins, workspace });
  onTestFinished(() => engine.close());
  engine.attach({
    onStepWaiting: ({ execution_id, step_id }) =>
      setImmediate(() => engine.decideApproval(execution_id, step_id, { approved })),
  });
  return engine.executeWorkflow(document, { folder: 'repo', ...parameters });
}

async function expectReleased(): Promise<void> {
  const remote = join(workspace, 'remote.git');
  expect(await realGit(remote, 'rev-parse', 'main')).toBe(await git('rev-parse', 'HEAD'));
  expect(await git('rev-list', '--count', `${head}..HEAD`)).toBe('1');
  expect(await git('log', '-1', '--format=%s')).toBe('chore(release): v1.1.0');
  expect(await realGit(remote, 'rev-parse', 'v1.1.0^{commit}')).toBe(await git('rev-parse', 'HEAD'));
  expect(JSON.parse(await git('show', 'HEAD:package.json'))).toMatchObject({ version: '1.1.0' });
  expect(await git('show', 'HEAD:CHANGELOG.md')).toContain('### Added\n\n- New');
  expect(await git('status', '--porcelain')).toBe('');
}

async function expectUntouched(): Promise<void> {
  expect(await git('status', '--porcelain', '--ignored')).toBe('');
  expect(await git('rev-parse', 'HEAD')).toBe(head);
  expect(await git('symbolic-ref', 'HEAD')).toBe('refs/heads/main');
  expect(await git('tag')).toBe('v1.0.0');
  expect(await realGit(join(workspace, 'remote.git'), 'for-each-ref', '--format=%(refname)')).toBe(
    'refs/heads/main\nrefs/tags/v1.0.0',
  );
}

describe.each(['Standard', 'Quick'])('the template %s', (name) => {
  it('bumps, writes, commits, tags and pushes', async () => {
    const execution = await run(template(name));
    expect(execution).toMatchObject({
      status: 'success',
      output: { version: '1.1.0', tag: 'v1.1.0', notes: '### Added\n\n- New' },
    });
    await expectReleased();
    if (name === 'Standard') expect(await readFile(join(root, 'README.md'), 'utf8')).toContain('a@1.1.0');
  });

  it('leaves all as it was when the remote refuses', async () => {
    await writeFile(join(root, 'x'), '');
    await realGit(workspace, 'clone', '--quiet', 'remote.git', 'other');
    await realGit(
      join(workspace, 'other'),
      '-c',
      'user.name=B',
      '-c',
      'user.email=b@example.test',
      'commit',
      '--quiet',
      '--allow-empty',
      '-m',
      'theirs',
    );
    await git('clean', '-fdq');
    const execution = await run(template(name), { remote: 'nowhere' });
    expect(execution).toMatchObject({
      status: 'failed',
      steps: { push: { error: { code: 'GIT_REMOTE_UNKNOWN' } } },
    });
    await expectUntouched();
    await realGit(join(workspace, 'other'), 'push', '--quiet', 'origin', 'main');
    expect(await run(template(name))).toMatchObject({ steps: { push: { error: { code: 'GIT_REJECTED' } } } });
    expect(await git('status', '--porcelain')).toBe('');
    expect(await git('rev-parse', 'HEAD')).toBe(head);
  });

  it('does not begin with changes that are not committed', async () => {
    await writeFile(join(root, 'x'), '');
    expect(await run(template(name))).toMatchObject({
      status: 'failed',
      steps: { clean: { error: { code: 'GIT_NOT_CLEAN' } } },
    });
  });
});

it('the template Standard leaves all as it was when it fails after any step', async () => {
  const document = template('Standard');
  const steps = document.steps.filter(({ id }) => id !== 'rejected' && id !== 'push');
  for (const [index, last] of steps.entries()) {
    const boom = { id: 'boom', handler: 'core.fail', dependencies: [last.id], config: { message: 'boom' } };
    const { output: _, ...rest } = document;
    const execution = await run({ ...rest, steps: [...steps.slice(0, index + 1), boom] });
    expect(execution, last.id).toMatchObject({ status: 'failed', steps: { boom: { status: 'failed' } } });
    await expectUntouched();
  }
});

it('a release that is rejected leaves all as it was', async () => {
  const execution = await run(template('Standard'), {}, false);
  expect(execution).toMatchObject({
    status: 'failed',
    steps: { rejected: { error: { code: 'RELEASE_REJECTED' } } },
  });
  await expectUntouched();
});

/** Runs the template Quick in a process that is killed when the code of a step has done its work, before that is recorded. */
async function runAndKill(step: string, parameters: JsonObject): Promise<void> {
  const script = `
    const { WorkflowEngine } = await import('@vwmp/core');
    const { createFileStorage } = await import('@vwmp/core/file');
    const { plugins } = await import(${JSON.stringify(join(import.meta.dirname, '../index.ts'))});
    const { templates } = await import(${JSON.stringify(join(import.meta.dirname, 'templates.ts'))});
    const killing = plugins.map((plugin) => ({ ...plugin, handlers: Object.fromEntries(
      Object.entries(plugin.handlers).map(([name, handler]) => [name, { ...handler, load: async () => {
        const module = await handler.load();
        return { execute: async (context) => {
          const output = await module.execute(context);
          if (context.step.id === ${JSON.stringify(step)}) process.kill(process.pid, 'SIGKILL');
          return output;
        } };
      } }])) }));
    const storage = createFileStorage({ folder: ${JSON.stringify(join(workspace, 'data'))} });
    await storage.open();
    const engine = new WorkflowEngine({ plugins: killing, workspace: ${JSON.stringify(workspace)}, executions: storage.executions });
    const document = templates.find(({ name }) => name === 'Quick').document;
    const { result } = await engine.startWorkflow(document, ${JSON.stringify(parameters)}, { id: 'release' });
    await result;
  `;
  const child = spawn(process.execPath, ['--conditions=source', '--input-type=module', '--eval', script], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  expect(signal).toBe('SIGKILL');
}

async function resume(): Promise<Execution> {
  const storage = createFileStorage({ folder: join(workspace, 'data') });
  await storage.open();
  const engine = new WorkflowEngine({ plugins, workspace, executions: storage.executions });
  onTestFinished(async () => {
    await engine.close();
    await storage.close();
  });
  const { result } = await engine.resume('release');
  return result;
}

it.each(['bump', 'commit', 'push'])(
  'killed in the step %s, it releases once when it is taken up',
  async (step) => {
    await runAndKill(step, { folder: 'repo' });
    expect(await resume()).toMatchObject({ status: 'success', output: { version: '1.1.0' } });
    await expectReleased();
  },
);

it.each(['changelog', 'stage', 'commit', 'tag'])(
  'killed in the step %s, it leaves all as it was when it is taken up and fails',
  async (step) => {
    await runAndKill(step, { folder: 'repo', remote: 'nowhere' });
    expect(await resume()).toMatchObject({ status: 'failed' });
    await expectUntouched();
  },
);
