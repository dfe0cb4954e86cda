import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Execution } from '@vwmp/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { folder, type Outcome, start, vwmp, workflow } from '../testing/vwmp.ts';
import type { MadeBundle } from './make-bundle.ts';

const root = join(import.meta.dirname, '../../../..');
/** What a machine with nothing but Node has. */
const bare = { PATH: dirname(process.execPath) };

async function bundle(
  cwd: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<MadeBundle> {
  const outcome = await vwmp(['bundle', ...args, '--json'], { cwd, env });
  expect(outcome).toMatchObject({ code: 0 });
  return JSON.parse(outcome.stdout) as MadeBundle;
}

/** Runs a bundle to its end, with no other variable than the path of Node. */
function run(main: string, args: readonly string[], cwd: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn('node', [main, ...args], { cwd, env: bare });
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        texts[name] += text;
      });
    child.on('close', (code) => resolve({ code, ...texts }));
  });
}

interface Server {
  url: string;
  kill(): Promise<void>;
}

function serve(main: string, cwd: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const child = spawn('node', [main, 'serve', '--port', '0', '--json'], {
      cwd,
      env: { ...bare, VWMP_LEASE: '1s' },
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const ended = new Promise<void>((end) => child.on('close', () => end()));
    const kill = (): Promise<void> => {
      child.kill('SIGKILL');
      return ended;
    };
    let all = '';
    const look = (text: string): void => {
      all += text;
      const url = /"url":"([^"]+)"/.exec(all)?.[1];
      if (url !== undefined) resolve({ url, kill });
    };
    child.stdout.setEncoding('utf8').on('data', look);
    child.stderr.setEncoding('utf8').on('data', look);
    void ended.then(() => reject(new Error(`It ended: ${all}`)));
  });
}

async function get(url: string, id: string): Promise<Execution> {
  return (await fetch(`${url}/api/vwmp/executions/${id}`)).json() as Promise<Execution>;
}

async function until(url: string, id: string, holds: (execution: Execution) => boolean): Promise<Execution> {
  for (;;) {
    const execution = await get(url, id);
    if (holds(execution)) return execution;
  }
}

const plugin = (
  name: string,
  text: string,
): string => `import { definePlugin, defineHandler } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
export default definePlugin({ name: '${name}', handlers: { say: defineHandler({
  title: 'Say', description: 'Says it.', config: Type.Object({}), execute: async () => ${text} }) } });
`;

/** A project with a plugin of its own that loads more on first use, and one from npm that needs another package. */
const project = {
  'package.json': '{ "type": "module" }',
  'vwmp.config.mjs': `import near from './plugins/near.js';
// import nothing from 'a-package-that-is-only-a-comment';
export default { plugins: [near, 'vwmp-plugin-far'], workspace: '.' };`,
  'plugins/near.js': plugin('near', `(await import('./words.js')).word`),
  'plugins/words.js': `import data from './data.json' with { type: 'json' };\nexport const word = data.word;`,
  'plugins/data.json': '{ "word": "near" }',
  'node_modules/vwmp-plugin-far/package.json':
    '{ "name": "vwmp-plugin-far", "version": "1.0.0", "type": "module", "exports": "./index.js", "dependencies": { "far-word": "*" } }',
  'node_modules/vwmp-plugin-far/index.js': plugin('far', `(await import('far-word')).default`),
  'node_modules/vwmp-plugin-far/index.d.ts': 'export {};',
  'node_modules/far-word/package.json': '{ "name": "far-word", "version": "2.0.0", "main": "lib/a" }',
  'node_modules/far-word/lib/a.js': 'module.exports = "far";',
  'workflows/w.json': workflow(
    [
      { id: 'near', handler: 'near.say' },
      { id: 'far', handler: 'far.say' },
      {
        id: 'gate',
        handler: 'shell.run',
        dependencies: ['near', 'far'],
        config: {
          command: 'echo x >> ran; while [ -e ran ] && [ ! -e go ]; do sleep 0.05; done',
          shell: true,
        },
      },
      { id: 'sub', handler: 'core.workflow', dependencies: ['gate'], config: { workflow: 'child' } },
    ],
    { output: { said: '${[steps.near.output, steps.far.output, steps.sub.output.text]}' } },
  ),
  'workflows/more/child.yaml':
    'id: child\nname: Child\nsteps: [{ id: t, handler: core.set, config: { value: sub } }]\noutput: { text: "${steps.t.output}" }\n',
};

test('it runs with only Node: serves, carries out, and goes on after SIGKILL', {
  timeout: 240_000,
}, async () => {
  const made = await bundle(folder(project), ['workflows', '--out', 'out']);
  const elsewhere = folder();
  // Nothing above it can help.
  for (let at = elsewhere; at !== dirname(at); at = dirname(at))
    expect(existsSync(join(at, 'node_modules'))).toBe(false);
  renameSync(made.folder, join(elsewhere, 'app'));
  const main = join(elsewhere, 'app/main.mjs');
  expect(made.size).toBeLessThanOrEqual(3_500_000);
  expect(made).toMatchObject({
    config: 'project/vwmp.config.mjs',
    workflows: [
      { id: 'child', file: 'workflows/more/child.yaml' },
      { id: 'w', file: 'workflows/w.json' },
    ],
    packages: { 'vwmp-plugin-far': '1.0.0', 'far-word': '2.0.0' },
  });
  expect(existsSync(join(elsewhere, 'app/node_modules/vwmp-plugin-far/index.d.ts'))).toBe(false);
  // SQLite is that of Node, so that nothing in it is for one platform only.
  expect(made.native).toBe(false);
  expect(existsSync(join(elsewhere, 'app/node_modules/better-sqlite3'))).toBe(false);

  const data = join(elsewhere, 'data');
  mkdirSync(data);
  const first = await serve(main, data);
  const answer = await fetch(`${first.url}/api/vwmp/workflows/w/execute`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"parameters":{}}',
  });
  const { execution_id } = (await answer.json()) as { execution_id: string };
  await until(first.url, execution_id, ({ steps }) => steps.gate?.status === 'running');
  await first.kill();
  writeFileSync(join(data, 'go'), '');
  const second = await serve(main, data);
  const ended = await until(
    second.url,
    execution_id,
    ({ status }) => !['queued', 'running', 'waiting', 'pending'].includes(status),
  );
  expect(ended).toMatchObject({ status: 'success', output: { said: ['near', 'far', 'sub'] } });
  await second.kill();
  expect(readdirSync(data).sort()).toEqual(['.vwmp', 'go', 'ran']);
});

test('other commands work too: by the id of a workflow, by its path in the bundle, from any folder', async () => {
  const { folder: made, version } = await bundle(folder(project), ['workflows', '-o', 'out']);
  const cwd = folder({ go: '' });
  const main = join(made, 'main.mjs');
  for (const name of ['child', 'workflows/more/child.yaml']) {
    const { code, stdout } = await run(main, ['run', name, '--json'], cwd);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ output: { text: 'sub' } });
  }
  expect((await run(main, ['handlers', '--paths'], cwd)).stdout).toContain('far.say\n');
  // Before anything was started, which makes no database either.
  expect((await run(main, ['workflows', 'list', '--ids'], cwd)).stdout).toContain('child\n');
  expect((await run(main, ['workflows', 'show', 'child'], cwd)).code).toBe(0);
  expect(existsSync(join(cwd, '.vwmp/vwmp.db'))).toBe(false);
  expect(await run(main, ['executions', 'list'], cwd)).toMatchObject({
    ...{ code: 2, stderr: expect.stringContaining('There is no database') },
  });
  expect((await run(main, ['doctor'], cwd)).code).toBe(0);
  expect((await run(main, ['--version'], cwd)).stdout).toBe(`${version}\n`);
});

test('an example of the repository runs, and its plugin that is written in TypeScript', async () => {
  const out = join(folder(), 'out');
  const made = await bundle(join(root, 'examples/order-saga'), ['.', '-o', out]);
  expect(made.size).toBeLessThanOrEqual(6_000_000);
  const cwd = folder();
  expect(await run(join(out, 'main.mjs'), ['validate', join(out, 'workflows')], cwd)).toMatchObject({
    code: 0,
  });
});

describe('a folder is left as it was', () => {
  const ok = { 'w.json': workflow([{ id: 'a', handler: 'core.set', config: { value: 1 } }]) };

  test('when workflows have problems, of which all are told', async () => {
    const cwd = folder({
      ...ok,
      'x.json': workflow([{ id: 'a', handler: 'core.sett' }]),
      'y.json': workflow([{ id: 'b', handler: 'no.pe' }]),
    });
    const { code, stderr } = await vwmp(['bundle', '.', '-o', 'out'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(/x\.json.*UNKNOWN_HANDLER[\s\S]*y\.json.*UNKNOWN_HANDLER/);
    expect(readdirSync(cwd).sort()).toEqual(['.git', 'w.json', 'x.json', 'y.json']);
  });

  test('when a workflow calls one that would not be there', async () => {
    const steps = [{ id: 'sub', handler: 'core.workflow', config: { workflow: 'w' } }];
    const cwd = folder({ ...ok, 'caller.json': workflow(steps, { id: 'caller' }) });
    const { code, stderr } = await vwmp(['bundle', 'caller.json', '-o', 'out'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^caller\.json:1:\d+ WORKFLOW_NOT_FOUND The workflow "w" is called here/);
    expect((await bundle(cwd, ['caller.json', 'w.json', '-o', 'out'])).workflows.length).toBe(2);
  });

  test.each([
    ['a folder with something else', { 'out/mine.txt': 'mine' }, 'holds something else than a bundle'],
    ['a file', { out: 'mine' }, 'is there already, and no folder'],
  ])('%s', async (_name, files, message) => {
    const cwd = folder({ ...ok, ...files });
    const { code, stderr } = await vwmp(['bundle', 'w.json', '-o', 'out'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(readdirSync(cwd).sort()).toEqual(['.git', 'out', 'w.json']);
    for (const [name, text] of Object.entries(files))
      expect(readFileSync(join(cwd, name), 'utf8')).toBe(text);
  });

  test('a bundle is replaced as a whole, but not one that holds data', async () => {
    const cwd = folder(ok);
    await bundle(cwd, ['.', '-o', 'out']);
    const before = statSync(join(cwd, 'out')).ino;
    // What lies in the bundle itself is no workflow of the project.
    expect((await bundle(cwd, ['.', '-o', 'out'])).workflows).toEqual([
      { id: 'w', file: 'workflows/w.json' },
    ]);
    expect(statSync(join(cwd, 'out')).ino).not.toBe(before);
    mkdirSync(join(cwd, 'out/.vwmp'));
    const { code, stderr } = await vwmp(['bundle', '.', '-o', 'out'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('holds what did not come from "vwmp bundle": .vwmp');
    expect(readdirSync(cwd).sort()).toEqual(['.git', 'out', 'w.json']);
  });

  test('or is a whole bundle, when several are made at once', async () => {
    const cwd = folder(ok);
    const codes = await Promise.all(
      [1, 2, 3].map(async () => (await vwmp(['bundle', 'w.json', '-o', 'out'], { cwd })).code),
    );
    expect(codes).toContain(0);
    expect(readdirSync(cwd).sort()).toEqual(['.git', 'out', 'w.json']);
    expect(await run(join(cwd, 'out/main.mjs'), ['validate', join(cwd, 'out/workflows')], cwd)).toMatchObject(
      { code: 0 },
    );
  });

  test('when something would be missing, which is said with what to do', async () => {
    const cwd = folder({
      ...project,
      'plugins/near.js': `const name = './wor' + 'ds.js';\nawait import(name);\n${plugin('near', '1')}`,
    });
    const { code, stderr } = await vwmp(['bundle', 'workflows', '-o', 'out'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(/BUNDLE_INCOMPLETE[\s\S]*words\.js[\s\S]*--include PATH/);
    expect(existsSync(join(cwd, 'out'))).toBe(false);
    await bundle(cwd, ['workflows', '-o', 'out', '--include', 'plugins']);
    expect(existsSync(join(cwd, 'out/project/plugins/words.js'))).toBe(true);
  });
});

test('what makes no sense is refused', async () => {
  const cwd = folder({
    'w.json': workflow([{ id: 'a', handler: 'core.set', config: { value: 1 } }]),
    'node_modules/x/package.json': '{}',
    'outside/package.json': '{ "version": "1.0.0" }',
  });
  for (const [args, message] of [
    [['w.json'], 'Say where to: --out DIR.'],
    [['-', '-o', 'out'], 'not of stdin'],
    [['w.json', '-o', 'out', '--platform', 'plan9'], '--platform is "plan9"'],
    [['w.json', '-o', 'out', '--add', 'no-such-package'], 'PACKAGE_MISSING'],
    [['w.json', '-o', 'out', '--add', '../outside'], 'PACKAGE_MISSING'],
    [['w.json', '-o', 'out', '--include', 'gone'], 'There is no "gone" to include.'],
    [['w.json', '-o', 'out', '--config', 'gone.mjs'], 'There is no config "gone.mjs".'],
    [['gone.json', '-o', 'out'], 'There is no file "gone.json".'],
  ] as const) {
    const { code, stderr } = await vwmp(['bundle', ...args], { cwd });
    expect({ args, code }).toEqual({ args, code: 2 });
    expect(stderr).toContain(message);
  }
  expect(readdirSync(cwd).sort()).toEqual(['.git', 'node_modules', 'outside', 'w.json']);
});

test('it is as large as the pages say', async () => {
  const cwd = folder({ 'w.json': workflow([{ id: 'a', handler: 'core.set', config: { value: 1 } }]) });
  const plain = await bundle(cwd, ['w.json', '-o', 'plain']);
  const native = await bundle(cwd, ['w.json', '-o', 'native'], { VWMP_SQLITE_DRIVER: 'better-sqlite3' });
  const said = (page: string, words: RegExp): number =>
    Number(words.exec(readFileSync(join(root, page), 'utf8'))?.[1]) * 1e6;
  const off = [
    plain.size - said('README.md', /one folder of ([\d.]+) MB/),
    plain.size - said('docs/bundle.md', /With SQLite it is ([\d.]+) MB/),
    native.size - plain.size - said('docs/bundle.md', /binary for the platform goes along: ([\d.]+) MB/),
  ];
  for (const bytes of off) expect(Math.abs(bytes)).toBeLessThan(100_000);
});

test('the designer goes along when it is asked for, with the notices of what it consists of', async () => {
  const cwd = folder({ 'w.json': workflow([{ id: 'a', handler: 'core.set', config: { value: 1 } }]) });
  const { folder: made } = await bundle(cwd, ['w.json', '-o', 'out', '--designer']);
  const designer = join(made, 'node_modules/@vwmp/designer');
  expect(readdirSync(join(designer, 'dist')).sort()).toEqual(['THIRD_PARTY_LICENSES.txt', 'page']);
  const { url, kill } = await serve(join(made, 'main.mjs'), cwd);
  expect(await (await fetch(url)).text()).toContain('<div id=');
  await kill();
});

test('better-sqlite3 goes along when it is the driver: its binary for the platform, and it says so where it cannot run', async () => {
  const cwd = folder({ 'w.json': workflow([{ id: 'a', handler: 'core.set', config: { value: 1 } }]) });
  const other = process.platform === 'darwin' ? 'win32-x64' : 'darwin-arm64';
  const env = { VWMP_SQLITE_DRIVER: 'better-sqlite3' };
  const own = await bundle(cwd, ['w.json', '-o', 'own'], env);
  expect(own.size).toBeLessThanOrEqual(6_000_000);
  const binaries = join(own.folder, 'node_modules/better-sqlite3/prebuilds');
  expect(readdirSync(binaries)).toEqual([`${own.platform}.node`]);
  const { folder: made } = await bundle(cwd, ['w.json', '-o', 'out', '--platform', other], env);
  expect(readdirSync(join(made, 'node_modules/better-sqlite3/prebuilds'))).toEqual([`${other}.node`]);
  const { code, stderr } = await run(join(made, 'main.mjs'), ['serve'], cwd);
  expect(code).toBe(2);
  expect(stderr).toContain(`holds programs for ${other}`);
});

test.skipIf(process.platform === 'win32')('Ctrl-C leaves nothing behind', async () => {
  const cwd = folder({ 'w.yaml': workflow([{ id: 'a', handler: 'core.set', config: { value: 1 } }]) });
  const begun = Promise.withResolvers<void>();
  const watcher = watch(cwd, (_, name) => name?.startsWith('out.new-') && begun.resolve());
  const { child, outcome } = start(['bundle', 'w.yaml', '-o', 'out'], { cwd });
  await Promise.race([begun.promise, outcome]);
  watcher.close();
  child.kill('SIGINT');
  await outcome;
  // It may have been done already where this process came late.
  if (child.exitCode !== 0) expect(child.signalCode).toBe('SIGINT');
  expect(readdirSync(cwd).filter((name) => name.startsWith('out.new-'))).toEqual([]);
});
