import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { createSecretFile } from '@vwmp/core/platform';
import { readSettings } from '@vwmp/core/settings';
import { expect, test } from 'vitest';
import { createProject } from '../../testing/platform.ts';
import { bin, startProcess, workflow } from '../../testing/vwmp.ts';

const reading = workflow([{ id: 'a', handler: 'core.set', config: { value: '${"got " + secrets.TOKEN}' } }], {
  id: 'reading',
});

test('what was set is read by workflows, listed by name, and shown nowhere', async () => {
  const project = createProject({ 'reading.yaml': reading });
  expect(await project.ok(['secrets', 'set', 'TOKEN'], { input: 'open sesame\n' })).toContain('TOKEN set');
  expect(await project.ok(['secrets', 'list'])).toBe('TOKEN');
  expect(await project.json(['secrets', 'list'])).toEqual(['TOKEN']);
  expect(project.text('.vwmp/secrets')).not.toContain('sesame');
  const alone = await project.run(['run', 'reading.yaml', '--json']);
  expect(alone).toMatchObject({ code: 0, stdout: expect.stringContaining('got ***') });
  await project.ok(['workflows', 'save', 'reading.yaml']);
  const worker = await project.worker();
  const started = await project.run(['start', 'reading', '--wait', '--json']);
  expect(started.code).toBe(0);
  expect(started.stdout).toContain('got ***');
  worker.child.kill('SIGTERM');
  const log = await worker.outcome;
  expect(log.stdout + log.stderr + started.stdout + started.stderr).not.toContain('sesame');
  expect(project.text('vwmp.db')).not.toContain('sesame');
  expect(await project.ok(['secrets', 'remove', 'TOKEN'])).toContain('removed');
  expect(await project.json(['secrets', 'list'])).toEqual([]);
});

test('where no secret is left, or none is needed, any key will do', async () => {
  const project = createProject({ 'reading.yaml': reading });
  const other = { env: { VWMP_ENCRYPTION_KEY: 'w'.repeat(32) } };
  await project.ok(['secrets', 'set', 'TOKEN'], { input: 'open sesame' });
  expect(await project.ok(['workflows', 'save', 'reading.yaml'], other)).toContain('reading');
  expect(await project.run(['start', 'reading'], other)).toMatchObject({
    stderr: expect.stringContaining('ENCRYPTION_KEY_WRONG'),
  });
  await project.ok(['secrets', 'remove', 'TOKEN']);
  await project.ok(['start', 'reading'], other);
});

test('the first secret may be set before there is a database or a folder for it', async () => {
  const places: Record<string, string>[] = [
    { VWMP_SQLITE_PATH: 'data/x.db' },
    { VWMP_SQLITE_PATH: '', VWMP_SECRETS_FILE: 'my.secrets' },
  ];
  for (const env of places) {
    const project = createProject({ 'reading.yaml': reading }, env);
    expect(await project.ok(['secrets', 'set', 'TOKEN'], { input: 'open sesame\n' })).toContain('TOKEN set');
    expect(await project.ok(['secrets', 'list'])).toBe('TOKEN');
  }
});

test.each([
  [{}, 'vwmp.db.key'],
  [
    { VWMP_DATABASE_BACKEND: 'file', VWMP_FILE_PATH: 'records', VWMP_SQLITE_PATH: '' },
    'records/encryption.key',
  ],
])('no new key is made in place of the one that the secrets were set with: %j', async (env, key) => {
  const secret = workflow([{ id: 'a', handler: 'core.set', config: { value: 1 } }], {
    parameters: [{ name: 'token', type: 'secret' }],
  });
  const project = createProject({ 'w.yaml': secret }, env);
  await project.ok(['secrets', 'set', 'TOKEN'], { input: 'open sesame\n' });
  const kept = project.text(key);
  rmSync(project.path(key));
  const starts = [['start', 'w.yaml', '-p', 'token=abcdefgh'], ['worker'], ['serve']];
  for (const args of starts) {
    const { code, stderr } = await project.run(args, { env: { VWMP_API_PORT: '0' } });
    expect({ args, code }).toEqual({ args, code: 2 });
    expect(stderr).toContain(`there is no file ${project.path(key)}. Put it back there`);
    expect(stderr).toContain(`delete ${project.path('.vwmp/secrets')} and set the secrets again`);
    expect(stderr).not.toContain('    at ');
    expect(existsSync(project.path(key))).toBe(false);
  }
  project.write(key, kept);
  await project.ok(starts[0]!);
  expect(await project.ok(['secrets', 'list'])).toBe('TOKEN');
  rmSync(project.path(key));
  rmSync(project.path('.vwmp/secrets'));
  await project.ok(starts[0]!);
});

test('what would work with another key than that of the secrets ends before it takes anything on', async () => {
  const project = createProject({
    'w.yaml': workflow([{ id: 'a', handler: 'core.set', config: { value: 1 } }]),
  });
  const other = { VWMP_ENCRYPTION_KEY: 'w'.repeat(32), VWMP_API_PORT: '0' };
  await project.ok(['start', 'w.yaml'], { env: other });
  await project.ok(['secrets', 'set', 'TOKEN'], { input: 'x', env: { VWMP_ENCRYPTION_KEY: 'k'.repeat(32) } });
  for (const args of [['start', 'w.yaml'], ['worker'], ['serve']]) {
    const { code, stderr } = await project.run(args, { env: other });
    expect({ args, code }).toEqual({ args, code: 2 });
    expect(stderr).toContain('ENCRYPTION_KEY_WRONG');
    expect(stderr).toContain('Set VWMP_ENCRYPTION_KEY to the key that they were set with.');
    expect(stderr).not.toMatch(/ {4}at |[kw]{32}/);
  }
  // What only looks does not need it.
  expect(await project.ok(['executions', 'list', '--json'], { env: other })).toContain('"count": 1');
});

test('run reads the file that .env names, and of the settings only what it needs', async () => {
  const project = createProject({ 'reading.yaml': reading, '.env': 'VWMP_SECRETS_FILE=my.secrets\n' });
  await project.ok(['secrets', 'set', 'TOKEN'], { input: 'open sesame' });
  expect(existsSync(project.path('my.secrets'))).toBe(true);
  const given = (env: Record<string, string>) => project.run(['run', 'reading.yaml', '--json'], { env });
  const read = { code: 0, stdout: expect.stringContaining('got ***') };
  expect(await given({})).toMatchObject(read);
  expect(await given({ VWMP_API_PORT: 'none' })).toMatchObject(read);
  project.write('plain.yaml', workflow([{ id: 'a', handler: 'core.set', config: { value: 1 } }]));
  await project.ok(['run', 'plain.yaml'], {
    env: { VWMP_DEPLOYMENT_MODE: 'hybrid', VWMP_SQLITE_PATH: ':memory:' },
  });
  const wrong = await given({ VWMP_DEPLOYMENT_MODE: 'hybrid' });
  expect(wrong.code).not.toBe(0);
  expect(wrong.stdout).toContain('ENCRYPTION_KEY_MISSING');
});

test('what is no text in UTF-8 is refused, and the mark of an editor is no part of a secret', async () => {
  const project = createProject();
  const set = (bytes: Buffer) => {
    const running = project.start(['secrets', 'set', 'TOKEN']);
    running.child.stdin!.end(bytes);
    return running.outcome;
  };
  const refused = await set(Buffer.from([0x61, 0xff, 0xfe]));
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('is no text in UTF-8') });
  expect(existsSync(project.path('.vwmp/secrets'))).toBe(false);
  expect((await set(Buffer.from('\uFEFFö\r\n'))).code).toBe(0);
  const { settings } = readSettings({ VWMP_SQLITE_PATH: 'vwmp.db' }, { cwd: project.cwd, envFile: false });
  expect(createSecretFile(settings).get('TOKEN')).toBe('ö');
});

// A terminal by `script` of util-linux: a pseudo-terminal without a native dependency.
const hasScript =
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false;

test.skipIf(!hasScript)('what is typed in a terminal is not shown', async () => {
  const project = createProject();
  const options = { cwd: project.cwd, env: { VWMP_SQLITE_PATH: 'vwmp.db' } };
  const line = `${process.execPath} ${bin} secrets set TOKEN`;
  const running = startProcess('script', ['-qec', line, '/dev/null'], options);
  await running.until(/TOKEN: /);
  running.child.stdin!.write('open saesamX\u007f\u007f\u007f\u007f\u007f\u007fesame\r');
  const { code, stdout } = await running.outcome;
  expect(code).toBe(0);
  expect(stdout).not.toMatch(/open s|esame/);
  expect(await project.ok(['secrets', 'list'])).toBe('TOKEN');
  const { settings } = readSettings({ VWMP_SQLITE_PATH: 'vwmp.db' }, { cwd: project.cwd, envFile: false });
  expect(createSecretFile(settings).get('TOKEN')).toBe('open sesame');

  const given = startProcess('script', ['-qec', line, '/dev/null'], options);
  await given.until(/TOKEN: /);
  given.child.stdin!.write('other\u0003');
  expect((await given.outcome).code).toBe(2);
  expect(createSecretFile(settings).get('TOKEN')).toBe('open sesame');
});

test('what cannot be is said, and changes nothing', async () => {
  const project = createProject();
  const cases: [args: string[], input: string, message: string][] = [
    [['secrets', 'set', 'A'], '', 'The secret is empty'],
    [['secrets', 'set', 'a-b'], 'x', 'A secret has a name of letters'],
    [['secrets', 'remove', 'A'], '', 'There is no secret "A"'],
  ];
  for (const [args, input, message] of cases) {
    const outcome = await project.run(args, { input });
    expect(outcome.code, args.join(' ')).toBe(2);
    expect(outcome.stderr).toContain(message);
  }
  expect(existsSync(project.path('.vwmp/secrets'))).toBe(false);
  await project.ok(['secrets', 'set', 'A'], { input: 'x', env: { VWMP_ENCRYPTION_KEY: 'k'.repeat(32) } });
  const wrong = await project.run(['secrets', 'list'], { env: { VWMP_ENCRYPTION_KEY: 'w'.repeat(32) } });
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('VWMP_ENCRYPTION_KEY') });
});
