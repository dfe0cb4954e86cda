import { expect, test } from 'vitest';
import { folder, vwmp, workflow } from '../testing/vwmp.ts';

const made = {
  id: 'made',
  handler: 'core.set',
  config: { value: 1 },
  compensate: { handler: 'core.log', config: { message: 'taken back' } },
};
const stray = { id: 'stray', handler: 'stray.go', dependencies: ['made'] };

test.each([
  ['an error of a timer', `setTimeout(() => { throw new Error('Gone.'); })`],
  ['a rejection of a promise', `void Promise.reject(new Error('Gone.'))`],
])('%s that nothing catches ends it with 1 and says what was not undone', async (_name, code) => {
  const config = `export default { plugins: [{ name: 'stray', handlers: { go: {
    description: 'Goes astray.', config: { type: 'object' },
    execute: () => { ${code}; return new Promise(() => {}); },
  } } }] };`;
  const cwd = folder({ 'w.yaml': workflow([made, stray]), 'vwmp.config.mjs': config });
  const { code: ended, stdout, stderr } = await vwmp(['run', 'w.yaml', '--json'], { cwd });
  expect(ended).toBe(1);
  expect(JSON.parse(stdout)).toEqual({
    error: {
      code: 'CRASHED',
      message: 'Stopped at once by an error that nothing caught: Gone. Not undone: made.',
    },
  });
  expect(stderr).toMatch(/Not undone: made\.\nError: Gone\.\n +at .*vwmp\.config\.mjs/);
});
