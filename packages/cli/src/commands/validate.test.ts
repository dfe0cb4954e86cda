import { spawnSync } from 'node:child_process';
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bin, folder, start, vwmp, vwmpHeldBack, workflow } from '../testing/vwmp.ts';

const good = 'id: good\nname: Good\nsteps:\n  - { id: a, handler: core.set, config: { value: 1 } }\n';
const bad = `name: Bad
steps:
  - id: a
    handler: core.sett
  - id: b
    handler: core.set
    dependencies: [x]
    config: { value: "\${steps.z.output}" }
`;

test('all problems of all files, as file:line:column CODE message', async () => {
  const { code, stdout } = await vwmp(['validate', 'good.yaml', 'bad.yaml'], {
    cwd: folder({ 'good.yaml': good, 'bad.yaml': bad }),
  });
  expect(code).toBe(2);
  expect(stdout).toContain('good.yaml');
  expect(stdout).toMatch(/^bad\.yaml:4:14 UNKNOWN_HANDLER .*Did you mean "core\.set"\?$/m);
  expect(stdout).toMatch(/^bad\.yaml:7:20 UNKNOWN_DEPENDENCY /m);
  expect(stdout).toMatch(/^bad\.yaml:8:\d+ UNKNOWN_STEP /m);
});

test('what is no text is told as such, and nothing is read for ever', async () => {
  const cwd = folder({});
  writeFileSync(join(cwd, 'powershell.yaml'), Buffer.from(`\ufeff${good}`, 'utf16le'));
  symlinkSync('nowhere', join(cwd, 'link.yaml'));
  const stderrOf = async (file: string): Promise<string> => {
    const { code, stdout, stderr } = await vwmp(['validate', file], { cwd });
    expect(code).toBe(2);
    return stdout + stderr;
  };
  expect(await stderrOf('powershell.yaml')).toContain('is no text in UTF-8');
  expect(await stderrOf('link.yaml')).not.toContain('Did you mean');
  if (process.platform !== 'win32') expect(await stderrOf('/dev/zero')).toContain('is too large');
});

test('valid ones end with 0; what was normalised is a note', async () => {
  const older = `workflow:\n${good.replace(/^/gm, '  ').trimEnd()}\n`;
  const { code, stdout } = await vwmp(['validate', 'old.yaml'], { cwd: folder({ 'old.yaml': older }) });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^old\.yaml:1:1 note .*"workflow:"/m);
});

test('folders are searched for what looks like a workflow', async () => {
  const cwd = folder({
    'wf/a.yaml': good,
    'wf/deep/b.yml': good.replace('id: good', 'id: other'),
    'wf/c.json': workflow([{ id: 'a', handler: 'core.set', config: { value: 1 } }]),
    'wf/older.yaml': 'workflow:\n  name: X\n  steps: []\n',
    'wf/package.json': '{"name":"x"}',
    'wf/ci.yml': 'jobs:\n  a:\n    steps:\n      - run: x\n',
    'wf/node_modules/x/d.yaml': good,
    'wf/.hidden/e.yaml': good,
    'wf/notes.txt': 'steps:',
    'wf/tsconfig.json': '{ // comment',
    'wf/broken.yaml': 'name: "X\nfoo: [',
  });
  const { stdout, stderr } = await vwmp(['validate', 'wf', '--json'], { cwd });
  const { valid, files } = JSON.parse(stdout) as {
    valid: boolean;
    files: { file: string; valid: boolean }[];
  };
  expect(valid).toBe(false);
  expect(files.map(({ file, valid: each }) => [file, each])).toEqual([
    ['wf/a.yaml', true],
    ['wf/broken.yaml', false],
    ['wf/c.json', true],
    ['wf/deep/b.yml', true],
    ['wf/older.yaml', false],
  ]);
  expect(stderr).toMatch(/^\S+ wf\/ci\.yml skipped: it has no steps\n$/);
});

test('a reader that goes away makes no success of a failure', async () => {
  const { child, outcome } = start(['validate', 'bad.yaml'], { cwd: folder({ 'bad.yaml': bad }) });
  child.stdout!.destroy();
  expect(await outcome).toMatchObject({ code: 2 });
});

test('two files with one id are a problem', async () => {
  const cwd = folder({ 'a.yaml': good, 'sub/b.yaml': good });
  const { code, stdout } = await vwmp(['validate', '.'], { cwd });
  expect(code).toBe(2);
  expect(stdout).toMatch(/^sub\/b\.yaml:1:5 DUPLICATE_ID .*"a\.yaml"/m);
});

test('a file that several names and links lead to is one', async () => {
  const cwd = folder({ 'sub/a.yaml': good });
  symlinkSync('sub/a.yaml', join(cwd, 'link.yaml'));
  const files = ['link.yaml', './sub/a.yaml', 'sub/../sub/a.yaml', 'sub', join(cwd, 'sub')];
  const { code, stdout } = await vwmp(['validate', ...files, '--json'], { cwd });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ valid: true, files: [{ file: 'link.yaml' }] });
});

test('a file in a folder that may not be read is a problem', async () => {
  const cwd = folder({ 'a.yaml': good, 'b.yaml': good });
  chmodSync(join(cwd, 'b.yaml'), 0);
  const { code, stdout } = await vwmpHeldBack(['validate', '.'], { cwd });
  expect(code).toBe(2);
  expect(stdout).toMatch(/^b\.yaml FILE_UNREADABLE /m);
});

test('a folder that may not be read is a problem among others', async () => {
  const cwd = folder({ 'a.yaml': good, 'sub/b.yaml': good, 'c.yaml': 'name: x\nsteps: 1\n' });
  chmodSync(join(cwd, 'sub'), 0);
  const { code, stdout } = await vwmpHeldBack(['validate', '.'], { cwd });
  const save = await vwmpHeldBack(['workflows', 'save', '.'], { cwd });
  chmodSync(join(cwd, 'sub'), 0o755);
  expect(code).toBe(2);
  expect(stdout).toMatch(/^sub FILE_UNREADABLE The folder "sub" can't be read/m);
  expect(stdout).toMatch(/^✔ a\.yaml$/m);
  expect(stdout).toMatch(/^c\.yaml.*TYPE/m);
  expect(save.stderr).toMatch(/The folder "sub" can't be read.*\n.*vwmp help workflows save/);
});

test('links to files of the folder are followed, each file once, and others are told', async () => {
  const cwd = folder({ 'cm/..2026_11/w.yaml': good, 'cm/..2026_11/x.json': '{}', 'out.yaml': good });
  const link = (target: string, name: string): void => symlinkSync(target, join(cwd, 'cm', name));
  link('..2026_11', '..data');
  link('..data/w.yaml', 'w.yaml');
  link('w.yaml', 'z.yaml');
  link('../out.yaml', 'out.yaml');
  link('loop.yaml', 'loop.yaml');
  link('nowhere.yaml', 'gone.yaml');
  link('..', 'up');
  link('.', 'folder.yaml');
  const { code, stdout, stderr } = await vwmp(['validate', 'cm'], { cwd });
  expect({ code, stdout }).toEqual({ code: 0, stdout: '✔ cm/w.yaml\n' });
  expect(stderr).toMatch(/out\.yaml skipped: it is a link that leads out of the folder/);
  for (const name of ['loop', 'gone', 'folder'])
    expect(stderr).toMatch(new RegExp(`${name}\\.yaml skipped: it is a link to no file`));
  const saved = await vwmp(['workflows', 'save', 'cm'], { cwd });
  expect(saved).toMatchObject({ code: 0, stdout: expect.stringContaining('created') });
});

test('nothing to check is an error', async () => {
  const cwd = folder();
  expect(await vwmp(['validate', '.'], { cwd })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no workflows in "."'),
  });
  expect(await vwmp(['validate', 'gone.yaml'], { cwd })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no file "gone.yaml"'),
  });
});

test('the handlers of the default plugins and of the config are known', async () => {
  const cwd = folder({
    'vwmp.config.mjs': `export default { plugins: [{ name: 'mine', handlers: { go: { description: '', config: { type: 'object' }, execute() {} } } }] };`,
    'deep/w.yaml': workflow([
      { id: 'a', handler: 'mine.go', config: {} },
      { id: 'b', handler: 'http.request', config: { url: 'https://example.test' } },
      { id: 'c', handler: 'file.read', config: { path: 'x' } },
    ]),
  });
  expect(await vwmp(['validate', 'deep/w.yaml'], { cwd })).toMatchObject({ code: 0 });
});

test.skipIf(process.platform !== 'linux')('in a terminal with the line of the source and a caret', () => {
  const cwd = folder({ 'bad.yaml': `${bad}# ${'x'.repeat(500)}\n` });
  const { stdout } = spawnSync(
    'script',
    ['-qec', `stty cols 60; ${process.execPath} ${bin} validate bad.yaml --no-color`, '/dev/null'],
    { cwd, encoding: 'utf8' },
  );
  expect(stdout.replaceAll('\r', '')).toContain('  4 │     handler: core.sett\n    │              ^\n');
});
