import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Execution } from '@vwmp/core';
import { expect, test } from 'vitest';
import { folder, start, workflow } from '../testing/vwmp.ts';

const sleepy = workflow([
  {
    id: 'made',
    handler: 'core.set',
    config: { value: 1 },
    compensate: { handler: 'core.log', config: { message: 'taken back' } },
  },
  { id: 'sleep', handler: 'core.sleep', config: { duration: '1h' }, dependencies: ['made'] },
]);

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s cancels, compensates, says so and ends with 130',
  async (signal) => {
    const { child, outcome, until } = start(['run', 'w.yaml', '--json'], {
      cwd: folder({ 'w.yaml': sleepy }),
    });
    await until(/step_waiting sleep/);
    child.kill(signal);
    const { code, stdout, stderr } = await outcome;
    expect(code).toBe(130);
    expect(stderr).toMatch(/Interrupted: cancelling, and undoing what succeeded/);
    expect(stderr).toMatch(/log made level=info message="taken back"/);
    expect(JSON.parse(stdout) as Execution).toMatchObject({
      status: 'cancelled',
      compensated: ['made'],
      error: { code: 'EXECUTION_CANCELLED' },
      steps: { sleep: { status: 'cancelled' } },
    });
  },
);

test('a second SIGINT stops at once, even when a handler does not listen', async () => {
  const config = `export default { plugins: [{ name: 'deaf', handlers: { wait: {
    description: 'Never ends.', config: { type: 'object' }, execute: () => new Promise(() => {}),
  } } }] };`;
  const cwd = folder({ 'w.yaml': workflow([{ id: 'a', handler: 'deaf.wait' }]), 'vwmp.config.mjs': config });
  const { child, outcome, until } = start(['run', 'w.yaml'], { cwd });
  await until(/step_started a/);
  child.kill('SIGINT');
  await until(/Ctrl-C again stops at once/);
  child.kill('SIGINT');
  const { code, stdout, stderr } = await outcome;
  expect(code).toBe(130);
  expect(stderr).toContain('Stopped at once');
  // One signal alone gives the handler its grace period, and then says how the execution ended.
  expect(stdout + stderr).not.toContain('workflow_completed');
});

test('a second SIGINT says what was not undone, with --json on stdout too', async () => {
  const config = `export default { plugins: [{ name: 'deaf', handlers: { wait: {
    description: 'Never ends.', config: { type: 'object' }, execute: () => new Promise(() => {}),
  } } }] };`;
  const made = {
    id: 'made',
    handler: 'core.set',
    config: { value: 1 },
    compensate: { handler: 'deaf.wait' },
  };
  const sleep = {
    id: 'sleep',
    handler: 'core.sleep',
    config: { duration: '1h' },
    dependencies: ['made'],
  };
  const cwd = folder({ 'w.yaml': workflow([made, sleep]), 'vwmp.config.mjs': config });
  const { child, outcome, until } = start(['run', 'w.yaml', '--json'], { cwd });
  await until(/step_waiting sleep/);
  child.kill('SIGINT');
  await until(/compensation_started made/);
  child.kill('SIGINT');
  const { code, stdout, stderr } = await outcome;
  expect(code).toBe(130);
  expect(stderr).toContain('Not undone: made.');
  expect(JSON.parse(stdout)).toMatchObject({
    error: { code: 'INTERRUPTED', message: expect.stringContaining('Not undone: made.') },
  });
});

test('one SIGINT while a failed execution is being undone gives nothing up', async () => {
  const config = `import { existsSync } from 'node:fs';
  export default { plugins: [{ name: 'slow', handlers: { undo: {
    description: 'Takes a while.', config: { type: 'object' },
    execute: async () => {
      while (!existsSync('go')) await new Promise((resolve) => setImmediate(resolve));
    },
  } } }] };`;
  const made = {
    id: 'made',
    handler: 'core.set',
    config: { value: 1 },
    compensate: { handler: 'slow.undo' },
  };
  const bad = { id: 'bad', handler: 'core.fail', config: {}, dependencies: ['made'] };
  const cwd = folder({ 'w.yaml': workflow([made, bad]), 'vwmp.config.mjs': config });
  const { child, outcome, until } = start(['run', 'w.yaml', '--json'], { cwd });
  await until(/compensation_started made/);
  child.kill('SIGINT');
  await until(/being undone already/);
  writeFileSync(join(cwd, 'go'), '');
  const { stdout, stderr } = await outcome;
  expect(stderr).toContain('being undone already');
  expect(JSON.parse(stdout)).toMatchObject({ status: 'failed', compensated: ['made'] });
});
