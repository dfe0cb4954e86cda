import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { createProject, gated, noted } from '../testing/platform.ts';
import { workflow } from '../testing/vwmp.ts';

const done = workflow([noted('a')]);

test('it carries out what was started before it and while it runs, and SIGTERM ends it with 0', async () => {
  const project = createProject({ 'w.yaml': done });
  const before = await project.ok(['start', 'w.yaml']);
  expect(await project.show(before)).toMatchObject({ status: 'pending' });
  const worker = await project.worker({ env: { VWMP_LOG_LEVEL: 'debug' } });
  await worker.until(new RegExp(`An execution has ended.* execution_id=${before} status=success`));
  const meanwhile = await project.ok(['start', 'w.yaml']);
  await project.until(meanwhile, ({ status }) => status === 'success');
  worker.child.kill('SIGTERM');
  const { code, stdout, stderr } = await worker.outcome;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/info {2}The worker stops.* reason=SIGTERM/);
  expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/info {2}The worker has stopped/);
  expect(project.text('ran')).toBe('a\na\n');
});

test('it says what it works on, without passwords', async () => {
  const project = createProject();
  const worker = await project.worker({ args: ['-c', '3'] });
  worker.child.kill('SIGINT');
  const { code, stdout } = await worker.outcome;
  expect(code).toBe(0);
  expect(stdout).toMatch(/ mode=lightweight database=\S+vwmp\.db queue=memory queues=all concurrency=3$/m);
});

test('--json writes one object of JSON a line, and nothing else', async () => {
  const project = createProject({ 'w.yaml': done });
  await project.ok(['start', 'w.yaml']);
  const worker = await project.worker({
    args: ['--json'],
    env: { VWMP_LOG_LEVEL: 'debug', VWMP_API_PROT: '1' },
  });
  await worker.until(/An execution has ended/);
  worker.child.kill('SIGTERM');
  const { stdout, stderr } = await worker.outcome;
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines).toContainEqual(
    expect.objectContaining({ level: 'debug', message: 'An execution has ended.', status: 'success' }),
  );
  expect(lines[0]).toMatchObject({
    level: 'warn',
    message: expect.stringContaining('VWMP_API_PORT') as string,
  });
  for (const { timestamp } of lines) expect(new Date(timestamp as string).toISOString()).toBe(timestamp);
  expect(stderr).toBe('');
});

describe('told to stop while executions are in flight', () => {
  const inFlight = workflow([
    noted('before'),
    gated('running', 'gate', ['before']),
    noted('after', ['running']),
  ]);

  test('what ends within the grace period is kept, and nothing new begins', async () => {
    const project = createProject({ 'w.yaml': inFlight });
    const first = await project.worker();
    const id = await project.ok(['start', 'w.yaml']);
    await project.until(id, () => project.text('ran').includes('running'));
    first.child.kill('SIGTERM');
    await first.until(/The worker stops/);
    project.write('gate');
    expect((await first.outcome).code).toBe(0);
    expect(project.text('ran')).toBe('before\nrunning\n');
    const handedBack = await project.show(id);
    expect(handedBack).toMatchObject({ status: 'running', steps: { running: { status: 'success' } } });
    expect(handedBack.worker).toBeUndefined();
    await project.worker();
    await project.until(id, ({ status }) => status === 'success');
    expect(project.text('ran')).toBe('before\nrunning\nafter\n');
  });

  test('what takes longer is handed back, and begun again by the next worker', async () => {
    const project = createProject({ 'w.yaml': inFlight });
    const first = await project.worker({ env: { VWMP_GRACE_PERIOD: '100ms' } });
    const id = await project.ok(['start', 'w.yaml']);
    await project.until(id, () => project.text('ran').includes('running'));
    first.child.kill('SIGTERM');
    expect((await first.outcome).code).toBe(0);
    project.write('gate');
    await project.worker();
    await project.until(id, ({ status }) => status === 'success');
    expect(project.text('ran')).toBe('before\nrunning\nrunning\nafter\n');
  });

  test('SIGKILL loses nothing: the next worker goes on, and no settled step runs again', async () => {
    const project = createProject({ 'w.yaml': inFlight });
    const first = await project.worker();
    const ids = await Promise.all([1, 2, 3].map(() => project.ok(['start', 'w.yaml'])));
    const runs = (): number => project.text('ran').split('running').length - 1;
    for (const id of ids) await project.until(id, () => runs() === 3);
    first.child.kill('SIGKILL');
    await first.outcome;
    await project.worker();
    for (const id of ids) await project.until(id, () => runs() === 6);
    project.write('gate');
    for (const id of ids) await project.until(id, ({ status }) => status === 'success');
    const lines = project.text('ran').trimEnd().split('\n').sort();
    expect(lines).toEqual([
      ...Array<string>(3).fill('after'),
      ...Array<string>(3).fill('before'),
      ...Array<string>(6).fill('running'),
    ]);
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('a second %s ends it at once with %i, and nothing is lost', async (signal, expected) => {
    const project = createProject({ 'w.yaml': inFlight });
    const first = await project.worker({ env: { VWMP_GRACE_PERIOD: '10m' } });
    const id = await project.ok(['start', 'w.yaml']);
    await project.until(id, () => project.text('ran').includes('running'));
    first.child.kill(signal);
    await first.until(/The worker stops/);
    first.child.kill(signal);
    expect((await first.outcome).code).toBe(expected);
    project.write('gate');
    await project.worker();
    await project.until(id, ({ status }) => status === 'success');
    expect(project.text('ran').trimEnd().split('\n').at(-1)).toBe('after');
  });
});

test('it goes on when the reader of its lines has gone away', async () => {
  const project = createProject({ 'w.yaml': done });
  const worker = await project.worker({ env: { VWMP_LOG_LEVEL: 'debug' } });
  worker.child.stdout!.destroy();
  await once(worker.child.stdout!, 'close');
  for (let round = 0; round < 2; round++) {
    const id = await project.ok(['start', 'w.yaml']);
    await project.until(id, ({ status }) => status === 'success');
  }
  worker.child.kill('SIGTERM');
  const [code] = (await once(worker.child, 'exit')) as [number];
  expect(code).toBe(0);
});

test('plugins, the workspace, secrets of .env and variables of the config are those of the project', async () => {
  const project = createProject({
    'vwmp.config.mjs': `import { defineConfig, defineHandler, definePlugin } from '@vwmp/core';
      const show = defineHandler({ title: 'Show', description: 'Shows.', config: { type: 'object' }, execute: ({ config }) => config });
      export default defineConfig({ plugins: [definePlugin({ name: 'my', handlers: { show } })], env: ['GREETING'], workspace: 'data' });`,
    '.env': 'VWMP_SECRET_TOKEN=abc\nGREETING=hello\n',
    'data/in.txt': 'text',
    'w.yaml': workflow([
      { id: 'a', handler: 'my.show', config: { env: '${env.GREETING}', token: '${secrets.TOKEN == "abc"}' } },
      { id: 'b', handler: 'file.read', config: { path: 'in.txt' } },
    ]),
  });
  const worker = await project.worker();
  const execution = await project.json<{ steps: Record<string, { output: unknown }> }>([
    'start',
    'w.yaml',
    '--wait',
  ]);
  expect(execution.steps.a!.output).toEqual({ env: 'hello', token: true });
  expect(execution.steps.b).toMatchObject({ status: 'success' });
  worker.child.kill('SIGTERM');
  expect((await worker.outcome).stdout).not.toContain('abc');
});

test('a crash is told as a line of the log, ends with 1, and loses nothing', async () => {
  const project = createProject({
    'vwmp.config.mjs': `import { existsSync } from 'node:fs';
      const crash = { title: 'Crash', description: 'Crashes.', config: {}, execute: () => {
        if (!existsSync('calm')) setImmediate(() => { throw new Error('out of nowhere'); });
        return new Promise((resolve) => setTimeout(resolve, existsSync('calm') ? 0 : 60000)); } };
      export default { plugins: [{ name: 'my', handlers: { crash } }] };`,
    'w.yaml': workflow([{ id: 'a', handler: 'my.crash' }]),
  });
  const worker = await project.worker({ args: ['--json'] });
  const id = await project.ok(['start', 'w.yaml']);
  const { code, stdout, stderr } = await worker.outcome;
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(JSON.parse(stdout.trimEnd().split('\n').at(-1)!)).toMatchObject({
    level: 'error',
    error: expect.stringContaining('out of nowhere') as string,
  });
  project.write('calm');
  await project.worker();
  await project.until(id, ({ status }) => status === 'success');
});

describe('what cannot be started is refused before anything is done', () => {
  test.each([
    [['--concurrency', '0'], {}, 2, '--concurrency is "0": it has to be a whole number from 1 to 10000.'],
    [['-c', 'many'], {}, 2, '--concurrency is "many"'],
    [['--queue', 'a b'], {}, 2, '--queue is "a b": a name has up to 64 letters'],
    [['--queue', ''], {}, 2, '--queue is ""'],
    [[], { VWMP_LEASE: 'soon' }, 2, 'SETTINGS_INVALID'],
    [[], { VWMP_DATABASE_BACKEND: 'postgresql' }, 2, 'VWMP_DATABASE_URL'],
    [[], { VWMP_SQLITE_PATH: '.' }, 1, 'STORE_UNAVAILABLE'],
    [[], { VWMP_SQLITE_PATH: 'text' }, 1, 'STORE_'],
  ] as [string[], Record<string, string>, number, string][])('%j %j', async (args, env, code, message) => {
    const project = createProject({ text: 'This is no database, whatever it is called.'.repeat(50) });
    const outcome = await project.run(['worker', ...args], { env });
    expect({ code: outcome.code, stdout: outcome.stdout }).toEqual({ code, stdout: '' });
    expect(outcome.stderr).toContain(message);
    expect(outcome.stderr).not.toContain('secret');
    expect(outcome.stderr).not.toMatch(/\n +at /);
  });

  test('with --json as a line of the log', async () => {
    const { code, stdout, stderr } = await createProject().run(['worker', '--json'], {
      env: { VWMP_SQLITE_PATH: '.' },
    });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ level: 'error', code: 'STORE_UNAVAILABLE' });
    expect(stderr).toContain('STORE_UNAVAILABLE');
  });

  test('a broken config', async () => {
    const project = createProject({ 'vwmp.config.mjs': 'export default { plugin: [] };' });
    const { code, stderr } = await project.run(['worker']);
    expect(code).toBe(2);
    expect(stderr).toContain('CONFIG_FILE_INVALID');
    expect(stderr).toContain('Did you mean "plugins"?');
  });
});
