import { describe, expect, test } from 'vitest';
import { folder, vwmp, workflow } from '../testing/vwmp.ts';

const plugin = (name: string, word: string): string => `{ name: '${name}', handlers: { say: {
  description: 'Says a word.', config: { type: 'object' }, execute: () => '${word}' } } }`;
const w = workflow([{ id: 'a', handler: 'mine.say', config: {} }], { output: '${steps.a.output}' });

async function outputOf(cwd: string, file = 'w.yaml'): Promise<unknown> {
  const { stdout, stderr } = await vwmp(['run', file, '--json'], { cwd });
  const { output, error } = JSON.parse(stdout) as {
    output?: unknown;
    error?: { code: string; message: string };
  };
  return output ?? `${error?.code} ${error?.message} ${stderr}`;
}

describe('plugins of the config', () => {
  test.each([
    ['an object', `export default { plugins: [${plugin('mine', 'object')}] };`, 'object'],
    ['a path', `export default { plugins: ['./plugins/mine.ts'] };`, 'path'],
    ['a URL', `export default { plugins: [new URL('./plugins/mine.ts', import.meta.url).href] };`, 'path'],
    ['a package', `export default { plugins: ['vwmp-mine'] };`, 'package'],
    ['a package that can only be imported', `export default { plugins: ['@acme/vwmp'] };`, 'import only'],
    ['a module that was compiled to CommonJS', `export default { plugins: ['./compiled.cjs'] };`, 'compiled'],
    ['an export of a package', `export default { plugins: ['@acme/vwmp/extra'] };`, 'subpath'],
  ])('as %s', async (_name, config, expected) => {
    const cwd = folder({
      'vwmp.config.mjs': config,
      'wf/w.yaml': w,
      'plugins/mine.ts': `const word: string = 'path'; export default ${plugin('mine', 'path').replace("'path'", 'word')};`,
      'compiled.cjs': `Object.defineProperty(exports, '__esModule', { value: true }); exports.default = ${plugin('mine', 'compiled')};`,
      'node_modules/vwmp-mine/package.json': '{ "name": "vwmp-mine", "type": "module", "main": "index.js" }',
      'node_modules/vwmp-mine/index.js': `export const plugin = ${plugin('mine', 'package')};`,
      'node_modules/@acme/vwmp/package.json': JSON.stringify({
        name: '@acme/vwmp',
        type: 'module',
        exports: {
          '.': { types: './x.d.ts', import: './main.js' },
          './extra': { import: { node: './extra.js' } },
        },
      }),
      'node_modules/@acme/vwmp/main.js': `export default ${plugin('mine', 'import only')};`,
      'node_modules/@acme/vwmp/extra.js': `export default ${plugin('mine', 'subpath')};`,
    });
    expect(await outputOf(cwd, 'wf/w.yaml')).toBe(expected);
  });

  test.each([
    [
      'a package that is not there',
      `export default { plugins: ['vwmp-gone'] };`,
      /^PLUGIN_NOT_FOUND .*"vwmp-gone".*npm install vwmp-gone/,
    ],
    [
      'a path that is not there',
      `export default { plugins: ['./gone.ts'] };`,
      /^PLUGIN_NOT_FOUND .*"\.\/gone\.ts".*Correct the path/,
    ],
    [
      'a module that is none',
      `export default { plugins: ['./empty.js'] };`,
      /^PLUGIN_INVALID .*is no plugin/,
    ],
    [
      'a module that throws',
      `export default { plugins: ['./throws.js'] };`,
      /^PLUGIN_INVALID .*could not be loaded: Oh no/,
    ],
    [
      'two that claim one path',
      `export default { plugins: [${plugin('mine', 'a')}, ${plugin('mine', 'b')}] };`,
      /^PLUGIN_CONFLICT .*"mine\.say": entry 1 and entry 2 of its "plugins"/,
    ],
    [
      'two files that claim one path',
      `export default { plugins: ['./one.mjs', './two.mjs'] };`,
      /^PLUGIN_CONFLICT .*vwmp\.config\.js .*"mine\.say": "\.\/one\.mjs" and "\.\/two\.mjs"/,
    ],
    [
      'a text in place of ports',
      `export default { plugins: [${plugin('mine', 'a').replace('config:', 'ports: "left", config:')}] };`,
      /^PLUGIN_INVALID .*the ports of handler "say" are no list/,
    ],
    [
      'one that claims a path of a default plugin',
      `export default { plugins: [${plugin('http', 'a').replace('say:', 'request:')}] };`,
      /^PLUGIN_CONFLICT .*http\.request/,
    ],
    [
      'a key that does not exist',
      'export default { plugin: [] };',
      /^CONFIG_FILE_INVALID .*Did you mean "plugins"/,
    ],
    [
      'a value of the wrong type',
      'export default { env: "HOME" };',
      /^CONFIG_FILE_INVALID .*"env" has to be a list/,
    ],
    ['no default export', 'export const config = {};', /^CONFIG_FILE_INVALID .*exports no config/],
    [
      'a syntax error',
      'export default {',
      /^CONFIG_FILE_INVALID .*could not be loaded: .+\. See where: node "\S+vwmp\.config\.js"/,
    ],
  ])('%s is an error', async (_name, config, expected) => {
    const cwd = folder({
      'vwmp.config.js': config,
      'w.yaml': w,
      'package.json': '{"type":"module"}',
      'empty.js': '',
      'one.mjs': `export default ${plugin('mine', 'one')};`,
      'two.mjs': `export default ${plugin('mine', 'two')};`,
      'throws.js': 'throw new Error("Oh no")',
    });
    expect(await outputOf(cwd)).toMatch(expected);
  });

  test('with defaultPlugins: false a default one can be replaced', async () => {
    const config = `export default { defaultPlugins: false, plugins: [${plugin('http', 'mine').replace('say:', 'request:')}] };`;
    const cwd = folder({ 'vwmp.config.mjs': config, 'w.yaml': w.replace('mine.say', 'http.request') });
    expect(await outputOf(cwd)).toBe('mine');
  });
});

test('a config in TypeScript imports @vwmp/core where it is not installed', async () => {
  const config = `import { definePlugin, defineHandler, type Plugin } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
const mine: Plugin = definePlugin({ name: 'mine', handlers: { say: defineHandler({
  description: 'Says a word.', config: Type.Object({}), execute: () => 'typed' }) } });
export default { plugins: [mine] };`;
  expect(await outputOf(folder({ 'vwmp.config.ts': config, 'w.yaml': w }))).toBe('typed');
});

test('Node without types says what to do', async () => {
  const cwd = folder({ 'vwmp.config.ts': 'export default {};', 'w.yaml': w });
  const { code, stderr } = await vwmp(['run', 'w.yaml'], {
    cwd,
    env: { NODE_OPTIONS: '--no-experimental-strip-types' },
  });
  expect(code).toBe(2);
  expect(stderr).toContain('NODE_OPTIONS=--experimental-strip-types');
});

test('a config that never settles is no success', async () => {
  const cwd = folder({ 'vwmp.config.mjs': 'await new Promise(() => {}); export default {};', 'w.yaml': w });
  for (const args of [['run'], ['run', '--json'], ['validate']]) {
    const { code, stdout, stderr } = await vwmp([...args, 'w.yaml'], { cwd });
    expect({ args, code }).toEqual({ args, code: 1 });
    expect(stderr).toContain('UNFINISHED It ended before it was done');
    if (args.includes('--json')) expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'UNFINISHED' } });
  }
});

test('a config that ends the process is no success', async () => {
  const cwd = folder({ 'vwmp.config.mjs': 'process.exit();', 'w.yaml': w });
  expect(await vwmp(['run', 'w.yaml'], { cwd })).toMatchObject({ code: 1 });
});

test('the search for a config ends at the root of the repository', async () => {
  const cwd = folder({
    'vwmp.config.mjs': 'export default {',
    'repo/.git/HEAD': '',
    'repo/w.yaml': workflow([{ id: 'a', handler: 'core.log', config: { message: 'x' } }]),
  });
  expect(await vwmp(['run', 'repo/w.yaml'], { cwd })).toMatchObject({ code: 0 });
});

test('the workspace is that of --workspace, else of the config, else the current folder', async () => {
  const read = workflow([{ id: 'a', handler: 'file.read', config: { path: 'x.txt' } }], {
    output: '${steps.a.output}',
  });
  const cwd = folder({
    'w/w.yaml': read,
    'w/vwmp.config.mjs': `export default { workspace: './box' };`,
    'w/box/x.txt': 'box',
    'x.txt': 'here',
    'other/x.txt': 'other',
  });
  const run = async (...args: string[]): Promise<string> =>
    (await vwmp(['run', 'w/w.yaml', ...args], { cwd })).stdout;
  expect(await run()).toContain('box');
  expect(await run('--workspace', 'other')).toContain('other');
});
