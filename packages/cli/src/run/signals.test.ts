import type { Execution } from '@vwmp/core';
import { expect, test } from 'vitest';
import { folder, vwmp, workflow } from '../testing/vwmp.ts';

const wait = (id: string, signal: string, rest: object = {}): object => ({
  id,
  handler: 'core.wait',
  config: { signal },
  ...rest,
});

test('--signal is kept until a step waits for it, with its payload', async () => {
  const input = workflow(
    [
      { id: 'first', handler: 'core.sleep', config: { duration: '150ms' } },
      wait('a', 'go', { dependencies: ['first'] }),
      wait('b', 'stop'),
    ],
    { output: ['${steps.a.output}', '${steps.b.output}'] },
  );
  const { code, stdout } = await vwmp(
    [
      'run',
      '-',
      '--json',
      '--signal',
      'go={"n": 1, "m": [{"n": 1}, {"n": {"n": 2}}], "s": "\\"12345678901234567890"}',
      '--signal',
      'stop',
    ],
    {
      input,
    },
  );
  expect(code).toBe(0);
  expect((JSON.parse(stdout) as Execution).output).toEqual([
    { n: 1, m: [{ n: 1 }, { n: { n: 2 } }], s: '"12345678901234567890' },
    null,
  ]);
});

test('what only waits for a signal that nobody can send is cancelled, with advice', async () => {
  const { code, stdout } = await vwmp(['run', '-', '--json'], { input: workflow([wait('a', 'go')]) });
  expect(code).toBe(1);
  expect((JSON.parse(stdout) as Execution).error).toMatchObject({
    code: 'EXECUTION_CANCELLED',
    message: expect.stringMatching(/"a" waits for the signal "go".*--signal go/),
  });
});

test('a deadline and a step that sends it later are waited for', async () => {
  const input = workflow([
    wait('a', 'go'),
    { id: 'later', handler: 'core.sleep', config: { duration: '300ms' } },
    { id: 'send', handler: 'core.emit', config: { signal: 'go', payload: 1 }, dependencies: ['later'] },
  ]);
  expect(await vwmp(['run', '-'], { input })).toMatchObject({ code: 0 });
  const timed = workflow([{ id: 'a', handler: 'core.wait', config: { signal: 'go', timeout: '300ms' } }]);
  const { stdout } = await vwmp(['run', '-', '--json'], { input: timed });
  expect((JSON.parse(stdout) as Execution).steps.a?.error?.code).toBe('WAIT_TIMEOUT');
});

test('a child that waits gets the signal, too, or its parent is cancelled', async () => {
  const cwd = folder({
    'w.yaml': workflow([{ id: 'call', handler: 'core.workflow', config: { workflow: 'child' } }]),
    'child.yaml': JSON.stringify({ id: 'child', name: 'Child', steps: [wait('a', 'go')] }),
  });
  expect(await vwmp(['run', 'w.yaml', '--signal', 'go'], { cwd })).toMatchObject({ code: 0 });
  expect(await vwmp(['run', 'w.yaml'], { cwd })).toMatchObject({ code: 1 });
});

test.each([
  ['go={', 'has to be JSON'],
  ['=1', 'names no signal'],
  ['go={"id": 12345678901234567890}', '12345678901234567890 would be rounded to 12345678901234567168'],
  ['go={"a": 1, "a": 2}', 'The key "a" stands twice in one object.'],
  ['go=1e400', '1e400 is larger than numbers can be'],
  ['gone', 'These are waited for: go.'],
])('--signal %s is a usage error', async (signal, message) => {
  const input = workflow([wait('a', 'go')]);
  expect(await vwmp(['run', '-', '--signal', signal], { input })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(message),
  });
});
