import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bin, folder, startProcess, vwmp } from '../testing/vwmp.ts';

test('a new project runs at once, validates, and says what is next', async () => {
  const cwd = folder();
  const { code, stdout } = await vwmp(['init', 'my project'], { cwd });
  expect(code).toBe(0);
  expect(stdout).toMatch(/cd 'my project'\s+npm install.*\s+npx vwmp run/);
  expect(stdout).toContain('vwmp.config.mjs');
  const project = join(cwd, 'my project');
  const run = await vwmp(['run', 'workflows/hello.yaml', '--json', '-p', 'name=Ana'], { cwd: project });
  expect(run.code).toBe(0);
  expect(JSON.parse(run.stdout)).toMatchObject({
    output: { greetings: ['Hello, Ana!', 'Hallo, Ana!', 'Bonjour, Ana!'] },
  });
  expect(await vwmp(['validate', '.'], { cwd: project })).toMatchObject({ code: 0 });
  const started = await vwmp(['start', 'workflows/hello.yaml', '-p', 'name=Ana'], { cwd: project });
  expect(started).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\w{21}\n$/) as string });
  expect(existsSync(join(project, '.vwmp/vwmp.db'))).toBe(true);
  expect(readFileSync(join(project, '.gitignore'), 'utf8')).toMatch(/^\.vwmp\/$/m);
  const { name } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { name: string };
  expect(name).toBe('my-project');
});

test('it never overwrites: it lists what is in the way and writes nothing', async () => {
  const cwd = folder({ 'README.md': 'mine' });
  const { code, stderr } = await vwmp(['init'], { cwd });
  expect(code).toBe(2);
  expect(stderr).toMatch(/Nothing was written[\s\S]* {4}README\.md\n/);
  expect(readdirSync(cwd).sort()).toEqual(['.git', 'README.md']);
  expect(readFileSync(join(cwd, 'README.md'), 'utf8')).toBe('mine');
});

test('a file where a folder has to be, and a link into nowhere, are in the way, too', async () => {
  const cwd = folder({ workflows: 'a file' });
  symlinkSync(join(cwd, 'elsewhere'), join(cwd, '.gitignore'));
  const { code, stderr } = await vwmp(['init'], { cwd });
  expect(code).toBe(2);
  expect(stderr).toMatch(/ {4}workflows\n/);
  expect(stderr).toMatch(/ {4}\.gitignore\n/);
  expect(existsSync(join(cwd, 'elsewhere'))).toBe(false);
  mkdirSync(join(cwd, 'empty'));
  writeFileSync(join(cwd, 'empty/other.txt'), '');
  expect(await vwmp(['init', 'empty'], { cwd })).toMatchObject({ code: 0 });
});

test.skipIf(process.platform !== 'linux')(
  'without room it ends with 1, and leaves nothing in the way of the next try',
  async () => {
    const cwd = folder({});
    const limited = (...args: string[]): ReturnType<typeof vwmp> => {
      const script = `ulimit -f 0; exec "${process.execPath}" "${bin}" "$@"`;
      return startProcess('bash', ['-c', script, 'vwmp', ...args], { cwd, input: '' }).outcome;
    };
    const { code, stderr } = await limited('init', 'deep/project');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^✖ vwmp: ".*" can't be written: EFBIG.*\n$/);
    expect(existsSync(join(cwd, 'deep'))).toBe(false);
    expect(await vwmp(['init', 'deep/project'], { cwd })).toMatchObject({ code: 0 });
    // A place that cannot be is a mistake of the command line.
    writeFileSync(join(cwd, 'file'), '');
    expect(
      await vwmp(['graph', 'deep/project/workflows/hello.yaml', '-o', 'file/x.svg'], { cwd }),
    ).toMatchObject({ code: 2 });
    expect(await limited('graph', 'deep/project/workflows/hello.yaml', '-o', 'x.svg')).toMatchObject({
      code: 1,
    });
  },
);
