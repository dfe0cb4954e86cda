import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { folder, start, vwmp, workflow } from '../testing/vwmp.ts';

const saying = (message: string): string => workflow([{ id: 'a', handler: 'core.log', config: { message } }]);

test('runs again when the file, the parameters or the config change', async () => {
  const cwd = folder({
    'w.yaml': workflow([{ id: 'a', handler: 'say.it', config: {} }], {
      parameters: [{ name: 'n', type: 'number' }],
    }),
  });
  const config = (word: string): string => `export default { plugins: [{ name: 'say', handlers: { it: {
    description: 'Says it.', config: { type: 'object' },
    execute: ({ logger, parameters }) => { logger.info('${word}' + parameters.n); return null; },
  } } }] };`;
  writeFileSync(join(cwd, 'vwmp.config.mjs'), config('one'));
  writeFileSync(join(cwd, 'p.yaml'), 'n: 1\n');
  const { child, until, outcome } = start(['run', 'w.yaml', '--params-file', 'p.yaml', '--watch'], { cwd });
  let at = await until(/message=one1[\s\S]*Waiting for changes/);
  writeFileSync(join(cwd, 'p.yaml'), 'n: 2\n');
  at = await until(/message=one2[\s\S]*Waiting for changes/, at);
  writeFileSync(join(cwd, 'vwmp.config.mjs'), config('two'));
  at = await until(/message=two2[\s\S]*Waiting for changes/, at);
  // As editors do it: a new file, renamed over the old one. A broken one ends nothing.
  writeFileSync(join(cwd, 'new'), '{ steps: [');
  renameSync(join(cwd, 'new'), join(cwd, 'w.yaml'));
  at = await until(/w\.yaml:1:\d+ SYNTAX[\s\S]*Waiting for changes/, at);
  writeFileSync(join(cwd, 'w.yaml'), saying('mended'));
  await until(/PARAMETER_UNKNOWN|message=mended/, at);
  child.kill('SIGTERM');
  expect((await outcome).code).toBe(130);
});

test('runs again when the code of a handler changes, also of one that is imported later', async () => {
  const handler = (word: string): string =>
    `export const execute = ({ logger }) => { logger.info('${word}'); return null; };`;
  const plugin = (name: string): string => `export default { name: '${name}', handlers: { it: {
    description: 'Says it.', config: { type: 'object' }, load: () => import('./code/${name}.mjs'),
  } } };`;
  const cwd = folder({
    'w.yaml': workflow([
      { id: 'a', handler: 'one.it', config: {} },
      { id: 'b', handler: 'two.it', dependencies: ['a'], config: {} },
    ]),
    'vwmp.config.mjs': `import one from './plugins/one.mjs';\nexport default { plugins: [one, './plugins/two.mjs'] };`,
    'plugins/one.mjs': plugin('one'),
    'plugins/two.mjs': plugin('two'),
    'plugins/code/one.mjs': handler('first'),
    'plugins/code/two.mjs': handler('second'),
  });
  const { child, until, outcome } = start(['run', 'w.yaml', '--watch'], { cwd });
  let at = await until(/message=first[\s\S]*message=second[\s\S]*Waiting for changes/);
  writeFileSync(join(cwd, 'plugins/code/one.mjs'), handler('third'));
  at = await until(/message=third[\s\S]*message=second[\s\S]*Waiting for changes/, at);
  writeFileSync(
    join(cwd, 'plugins/code/two.mjs'),
    `import { word } from './word.mjs';\n${handler("' + word + '")}`,
  );
  writeFileSync(join(cwd, 'plugins/code/word.mjs'), `export const word = 'fourth';`);
  // The file that is imported may not be there yet when the next run begins.
  at = await until(/message=fourth[\s\S]*Waiting for changes/, at);
  writeFileSync(join(cwd, 'plugins/code/word.mjs'), `export const word = 'fifth';`);
  await until(/message=fifth[\s\S]*Waiting for changes/, at);
  child.kill('SIGTERM');
  expect((await outcome).code).toBe(130);
});

test('runs again when an imported file appears in a folder that was not there', async () => {
  const cwd = folder({
    'w.yaml': workflow([{ id: 'a', handler: 'say.it', config: {} }]),
    'vwmp.config.mjs': `export default { plugins: ['./plugin.mjs'] };`,
    'plugin.mjs': `import { word } from './lib/words/word.mjs';
      export default { name: 'say', handlers: { it: { description: 'Says it.', config: { type: 'object' },
        execute: ({ logger }) => { logger.info(word); return null; } } } };`,
  });
  const { child, until, outcome } = start(['run', 'w.yaml', '--watch'], { cwd });
  const at = await until(/Waiting for changes/);
  for (const made of ['lib', 'lib/words']) {
    mkdirSync(join(cwd, made));
    // Longer than files have to be quiet: the folder is there before the file.
    await delay(500);
  }
  writeFileSync(join(cwd, 'lib/words/word.mjs'), `export const word = 'appeared';`);
  await until(/message=appeared[\s\S]*Waiting for changes/, at);
  child.kill('SIGTERM');
  expect((await outcome).code).toBe(130);
});

test('a run in progress is ended cleanly before the next one begins', async () => {
  const sleeping = workflow([
    {
      id: 'made',
      handler: 'core.set',
      config: { value: 1 },
      compensate: { handler: 'core.log', config: { message: 'undone' } },
    },
    { id: 'sleep', handler: 'core.sleep', config: { duration: '1h' }, dependencies: ['made'] },
  ]);
  const cwd = folder({ 'w.yaml': sleeping });
  const { child, until, outcome } = start(['run', 'w.yaml', '--watch'], { cwd });
  const at = await until(/step_waiting sleep/);
  writeFileSync(join(cwd, 'w.yaml'), saying('next'));
  await until(/The files have changed[\s\S]*message=undone[\s\S]*status=cancelled[\s\S]*message=next/, at);
  child.kill('SIGINT');
  expect((await outcome).code).toBe(130);
});

test('stdin cannot be watched', async () => {
  expect(await vwmp(['run', '-', '--watch'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--watch needs a file'),
  });
});
