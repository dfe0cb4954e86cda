import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { install, shell } from '../init/testing/plugin-project.ts';
import { folder, vwmp } from '../testing/vwmp.ts';

test('a new plugin builds, tests itself, runs, and would be published without its tests', {
  timeout: 300_000,
}, async () => {
  const cwd = folder();
  const { code, stdout, stderr } = await vwmp(['init', '--plugin', 'greetings'], { cwd });
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/cd vwmp-plugin-greetings\s+npm install.*\s+npm test.*\s+npm start/);
  const project = join(cwd, 'vwmp-plugin-greetings');
  install(project);

  const tested = await shell(project, 'npm test');
  expect(tested, tested.stdout).toMatchObject({ code: 0 });
  expect(tested.stdout).toMatch(/pass 3\n[\s\S]*fail 0\n/);

  const started = await shell(project, 'npm start');
  expect(started, started.stderr).toMatchObject({ code: 0 });
  expect(started.stdout).toContain('greet');
  const run = await vwmp(
    ['run', 'workflows/welcome.yaml', '--json', '-p', 'after=1ms', '-p', 'name=Ana', '--approve', 'ask'],
    { cwd: project },
  );
  expect(JSON.parse(run.stdout)).toMatchObject({ status: 'success', output: 'Hello, Ana!' });
  const shown = await vwmp(['handlers', 'greetings.greet'], { cwd: project });
  expect(shown.stdout).toContain('Greets someone in a language.');

  const packed = await shell(project, 'npm pack --dry-run --json --ignore-scripts');
  const [{ files }] = JSON.parse(packed.stdout) as [{ files: { path: string }[] }];
  expect(files.map(({ path }) => path).sort()).toEqual([
    ...['README.md', 'dist/greet.d.ts', 'dist/greet.js', 'dist/index.d.ts', 'dist/index.js', 'package.json'],
  ]);
});

test.each([
  ['', /^.*"" is no name for a plugin/],
  ['Greetings', /"Greetings" is no name/],
  ['../out', /"\.\.\/out" is no name/],
  ["x';process.exit()//", /is no name/],
  ['1st', /is no name/],
  ['x'.repeat(51), /at most 50/],
  ['core', /VWMP itself has a plugin "core"/],
  ['http', /VWMP itself has a plugin "http"/],
])('it refuses the name %j and writes nothing', async (name, message) => {
  const cwd = folder();
  const { code, stderr } = await vwmp(['init', `--plugin=${name}`], { cwd });
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
  expect(readdirSync(cwd)).toEqual(['.git']);
});

test('nothing else may lie in its folder, and a folder of Git may', async () => {
  const cwd = folder({ 'taken/notes.txt': 'mine' });
  const taken = await vwmp(['init', '--plugin', 'greetings', 'taken'], { cwd });
  expect(taken).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/ {4}taken\/notes\.txt\n/) as string,
  });
  expect(readdirSync(join(cwd, 'taken'))).toEqual(['notes.txt']);

  writeFileSync(join(cwd, 'file'), '');
  symlinkSync(join(cwd, 'nowhere'), join(cwd, 'link'));
  for (const place of ['file', 'file/below', 'link']) {
    expect(await vwmp(['init', '--plugin', 'greetings', place], { cwd })).toMatchObject({ code: 2 });
  }
  expect(existsSync(join(cwd, 'nowhere'))).toBe(false);

  mkdirSync(join(cwd, 'empty/.git'), { recursive: true });
  expect(await vwmp(['init', '--plugin', 'my-plugin', 'empty'], { cwd })).toMatchObject({ code: 0 });
  expect(readFileSync(join(cwd, 'empty/workflows/welcome.yaml'), 'utf8')).toContain('my-plugin.greet');
});
