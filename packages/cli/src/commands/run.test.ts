import { once } from 'node:events';
import type { Execution } from '@vwmp/core';
import { describe, expect, test } from 'vitest';
import { folder, start, vwmp, workflow } from '../testing/vwmp.ts';

const set = (id: string, value: unknown, rest: object = {}): object => ({
  id,
  handler: 'core.set',
  config: { value },
  ...rest,
});
const five = workflow(
  [
    set('a', '${parameters.n + 1}'),
    set('b', '${steps.a.output * 2}', { dependencies: ['a'] }),
    { id: 'c', handler: 'core.log', config: { message: 'at ${steps.b.output}' }, dependencies: ['b'] },
    set('d', 1, { when: '${parameters.n > 100}' }),
    set('e', 2, { dependencies: ['d'] }),
  ],
  { parameters: [{ name: 'n', type: 'integer', default: 3 }], output: { b: '${steps.b.output}' } },
);

test('in a pipe there is one line for each event, which grep can take', async () => {
  const { code, stdout, stderr } = await vwmp(['run', 'five.yaml'], { cwd: folder({ 'five.yaml': five }) });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  for (const line of lines) expect(line).toMatch(/^\d\d:\d\d:\d\d\.\d{3} [a-z_]+ \S+( |$)/);
  expect(stdout).toMatch(/step_completed a duration=\d+ms$/m);
  expect(stdout).toMatch(/log c level=info message="at 8"$/m);
  expect(stdout).toMatch(/step_skipped d reason=condition$/m);
  expect(lines.at(-1)).toMatch(/workflow_completed w status=success output=\{"b":8\}$/);
});

test('--json prints the execution as the engine returns it, and nothing else', async () => {
  const { code, stdout } = await vwmp(['run', '-', '--json', '-p', 'n=9'], { input: five });
  const execution = JSON.parse(stdout) as Execution;
  expect(code).toBe(0);
  expect(execution).toMatchObject({
    workflow_id: 'w',
    status: 'success',
    output: { b: 20 },
    compensated: [],
  });
  expect(execution.id).toMatch(/\S/);
  expect(execution.steps.a).toMatchObject({ status: 'success', output: 10, attempts: 1 });
  expect(execution.steps.a?.started_at).toMatch(/^\d{4}-.*Z$/);
  expect(execution.steps.e).toMatchObject({ status: 'skipped', reason: 'upstream_skipped' });
});

test('a failed execution ends with 1 and is printed with --json all the same', async () => {
  const failing = workflow([
    set('made', 1, { compensate: { handler: 'core.log', config: { message: 'undone' } } }),
    { id: 'bad', handler: 'core.fail', config: { code: 'NO_STOCK' }, dependencies: ['made'] },
  ]);
  const { code, stdout } = await vwmp(['run', '-', '--json'], { input: failing });
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    status: 'failed',
    error: { code: 'STEP_FAILED' },
    compensated: ['made'],
    steps: { bad: { status: 'failed', error: { code: 'NO_STOCK' } } },
  });
});

test('a partial execution ends with 1', async () => {
  const input = workflow([{ id: 'bad', handler: 'core.fail', required: false }, set('good', 1)]);
  expect(await vwmp(['run', '-'], { input })).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('status=partial'),
  });
});

describe('what is wrong before anything runs ends with 2', () => {
  test.each([
    ['no YAML', '{ steps: [', 'DOCUMENT_INVALID'],
    ['an empty document', '', 'DOCUMENT_INVALID'],
    ['an unknown handler', workflow([{ id: 'a', handler: 'core.sett' }]), 'DOCUMENT_INVALID'],
    ['bytes that are no text', '\u0000\uFFFD\u0001', 'DOCUMENT_INVALID'],
    [
      'a missing parameter',
      workflow([set('a', 1)], { parameters: [{ name: 'env', type: 'string' }] }),
      'PARAMETERS_INVALID',
    ],
  ])('%s', async (_name, input, expected) => {
    const { code, stdout } = await vwmp(['run', '-', '--json'], { input });
    const { error } = JSON.parse(stdout) as { error: { code: string; message: string; details: unknown[] } };
    expect({ code, error: error.code }).toEqual({ code: 2, error: expected });
    expect(error.message).not.toBe('');
    expect(error.details.length).toBeGreaterThan(0);
  });

  test('usage, with --json as JSON', async () => {
    const { code, stdout } = await vwmp(['run', 'nope.yaml', '--json'], { cwd: folder({ 'hope.yaml': '' }) });
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: 'USAGE',
        message: 'There is no file "nope.yaml". Did you mean "hope.yaml"?',
        details: [],
      },
    });
  });

  test('what follows says where to read on', async () => {
    const { stderr } = await vwmp(['run', 'nope.yaml'], { cwd: folder() });
    expect(stderr).toBe('✖ vwmp: There is no file "nope.yaml".\n  → vwmp help run\n');
  });

  test('a folder in place of a file', async () => {
    expect(await vwmp(['run', '.'], { cwd: folder() })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is a folder'),
    });
  });

  test('problems are told with their place', async () => {
    const { stderr } = await vwmp(['run', 'w.yaml'], {
      cwd: folder({ 'w.yaml': 'name: X\nsteps:\n  - id: a\n    handler: core.sett\n' }),
    });
    expect(stderr).toMatch(/^w\.yaml:4:14 UNKNOWN_HANDLER .*Did you mean "core\.set"\?$/m);
  });
});

test('--dry-run shows levels and parameters without secrets, and runs nothing', async () => {
  const input = workflow(
    [set('first', 1), { id: 'then', handler: 'core.fail', dependencies: ['first'], when: '${true}' }],
    {
      parameters: [
        { name: 'token', type: 'secret' },
        { name: 'n', type: 'integer', default: 1 },
      ],
    },
  );
  const { code, stdout, stderr } = await vwmp(['run', '-', '--dry-run', '-p', 'token=hush-hush'], { input });
  expect(code).toBe(0);
  expect(stdout).toMatch(/1 {2}first +core\.set\n {2}2 {2}then +core\.fail +after first · when \$\{true\}/);
  expect(stdout).toContain('***');
  expect(stdout + stderr).not.toContain('hush-hush');
  const bad = await vwmp(['run', '-', '--dry-run', '-p', 'token=x', '-p', 'n=0.5', '--json'], { input });
  expect(bad.code).toBe(2);
  expect(JSON.parse(bad.stdout)).toMatchObject({ error: { code: 'PARAMETERS_INVALID' } });
  const json = await vwmp(['run', '-', '--dry-run', '-p', 'token=x', '--json'], { input });
  expect(JSON.parse(json.stdout)).toMatchObject({
    parameters: { token: '***', n: 1 },
    levels: [[{ id: 'first' }], [{ id: 'then' }]],
  });
});

test('secrets come from variables, and env only as far as it is allowed', async () => {
  const input = workflow([
    set('a', '${secrets.TOKEN == "s3cret-value"}'),
    set('b', '${env.SHOWN}'),
    set('c', '${secrets.TOKEN}'),
  ]);
  const env = { VWMP_SECRET_TOKEN: 's3cret-value', SHOWN: 'yes', HIDDEN: 'no', VWMP_ENV_ALLOW: 'SHOWN' };
  const { stdout, stderr } = await vwmp(['run', '-', '--json'], { input, env });
  expect(JSON.parse(stdout)).toMatchObject({
    steps: { a: { output: true }, b: { output: 'yes' }, c: { output: '***' } },
  });
  expect(stdout + stderr).not.toContain('s3cret-value');
  const hidden = await vwmp(['run', '-', '--json'], { input: workflow([set('a', '${env.HIDDEN}')]), env });
  expect(JSON.parse(hidden.stdout)).toMatchObject({ steps: { a: { error: { code: 'EXPRESSION_ERROR' } } } });
  expect(hidden.stderr).toMatch(/a: .*env: \['HIDDEN'\] in vwmp\.config\.mjs, or VWMP_ENV_ALLOW=HIDDEN/);
  const missing = await vwmp(['run', '-'], { input: workflow([set('a', '${secrets.GONE}')]) });
  expect(missing.stderr).toContain('vwmp secrets set GONE');
});

test('core.workflow finds workflows in the folder of the file, by id', async () => {
  const cwd = folder({
    'wf/parent.yaml': workflow(
      [{ id: 'call', handler: 'core.workflow', config: { workflow: 'child-one', parameters: { n: 4 } } }],
      {
        output: '${steps.call.output}',
      },
    ),
    'wf/other-name.yaml': workflow([set('a', '${parameters.n * 2}')], {
      id: 'child-one',
      parameters: [{ name: 'n', type: 'number' }],
      output: '${steps.a.output}',
    }),
    'wf/broken.yaml': '{ steps: [',
  });
  const { stdout } = await vwmp(['run', 'wf/parent.yaml', '--json'], { cwd });
  expect(JSON.parse(stdout)).toMatchObject({ status: 'success', output: 8 });
});

test('what handlers say cannot play with the terminal', async () => {
  const input = workflow([
    { id: 'a', handler: 'core.log', config: { message: '\u001B]0;title\u0007\u001B[2Jgone\nnext' } },
  ]);
  const { stdout } = await vwmp(['run', '-'], { input });
  expect(stdout).not.toMatch(/(?!\n)\p{Cc}/u);
  expect(stdout).toContain('log a level=info message="\\u001b]0;title\\u0007\\u001b[2Jgone\\nnext"');
});

test('a reader that goes away ends nothing but the lines', async () => {
  const cwd = folder({
    'w.yaml': workflow(
      [...Array(300).keys()].map((at) => set(`s${at}`, at, at === 0 ? {} : { dependencies: [`s${at - 1}`] })),
    ),
  });
  const { child, outcome, until } = start(['run', 'w.yaml'], { cwd });
  await until(/workflow_started/);
  child.stdout?.destroy();
  expect(await outcome).toMatchObject({ code: 0, stderr: '' });
});

test('100,000 characters of JSON reach a slow reader whole', async () => {
  const { child, outcome } = start(['run', '-', '--json'], {
    input: workflow([set('a', 'x'.repeat(100_000))]),
  });
  child.stdout?.pause();
  await once(child.stdin!, 'close');
  child.stdout?.resume();
  const { stdout } = await outcome;
  expect((JSON.parse(stdout) as Execution).steps.a?.output).toHaveLength(100_000);
});

test('--approve and --reject of one step, and a workspace that is no folder, are usage errors', async () => {
  const input = workflow([{ id: 'ok', handler: 'core.approval', config: { prompt: 'Go?' } }]);
  const cwd = folder({ file: '' });
  for (const [args, message] of [
    [['--approve', 'ok', '--reject', 'ok'], 'Both --approve and --reject name "ok"'],
    [['--workspace', 'file'], '"file" is no folder'],
    [['--workspace', 'gone'], 'There is no folder "gone"'],
  ] as const) {
    expect(await vwmp(['run', '-', ...args], { input, cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(message),
    });
  }
});
