import type { Execution } from '@vwmp/core';
import { expect, test } from 'vitest';
import { vwmp, workflow } from '../testing/vwmp.ts';

const ask = (config: object): string =>
  workflow([
    { id: 'ok', handler: 'core.approval', config: { prompt: 'Deploy?', ...config } },
    { id: 'yes', handler: 'core.set', config: { value: '${steps.ok.output.by}' }, dependencies: ['ok'] },
    { id: 'no', handler: 'core.set', config: { value: 1 }, dependencies: ['ok:rejected'] },
  ]);

test('--approve and --reject decide ahead', async () => {
  const approved = await vwmp(['run', '-', '--json', '--approve', 'ok'], { input: ask({}) });
  expect(approved.code).toBe(0);
  expect((JSON.parse(approved.stdout) as Execution).steps).toMatchObject({
    yes: { status: 'success' },
    no: { status: 'skipped' },
  });
  const rejected = await vwmp(['run', '-', '--json', '--reject', '*'], { input: ask({}) });
  expect((JSON.parse(rejected.stdout) as Execution).steps).toMatchObject({ no: { status: 'success' } });
});

test('a step that is not there is refused before anything runs', async () => {
  const { code, stderr } = await vwmp(['run', '-', '--approve', 'okay'], { input: ask({}) });
  expect(code).toBe(2);
  expect(stderr).toContain('These ask: ok.');
});

test('without a terminal and without a timeout it ends at once and says how to go on', async () => {
  const { code, stdout, stderr } = await vwmp(['run', '-', '--json'], { input: ask({}) });
  expect(code).toBe(1);
  expect(stderr).toContain('--approve ok');
  expect((JSON.parse(stdout) as Execution).error).toMatchObject({
    code: 'EXECUTION_CANCELLED',
    message: expect.stringContaining('--approve ok'),
  });
});

test('without a terminal a timeout is waited for', async () => {
  const { code, stdout } = await vwmp(['run', '-', '--json'], { input: ask({ timeout: '50ms' }) });
  expect(code).toBe(1);
  expect((JSON.parse(stdout) as Execution).steps.ok).toMatchObject({
    status: 'failed',
    error: { code: 'WAIT_TIMEOUT' },
  });
});

test('--approve does not pass by a form', async () => {
  const form = { type: 'object', required: ['reason'], properties: { reason: { type: 'string' } } };
  const { code, stdout } = await vwmp(['run', '-', '--json', '--approve', 'ok'], { input: ask({ form }) });
  expect(code).toBe(1);
  expect((JSON.parse(stdout) as Execution).error?.message).toMatch(/reason[\s\S]*in a terminal/);
});
