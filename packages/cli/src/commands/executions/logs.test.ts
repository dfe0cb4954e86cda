import { spawnSync } from 'node:child_process';
import type { LogEntry } from '@vwmp/core';
import { expect, test } from 'vitest';
import { createProject, gated } from '../../testing/platform.ts';
import { bin, startProcess, workflow } from '../../testing/vwmp.ts';

const log = (id: string, message: string, level: string, dependencies: string[] = []): object => ({
  ...{ id, handler: 'core.log', config: { message, level }, dependencies },
});
const chatty = workflow([
  log('a', 'It begins.', 'info'),
  gated('b', 'gate', ['a']),
  log('c', 'It gets\nwarm.', 'warn', ['b']),
  log('d', 'It ends.', 'error', ['c']),
]);

test('what steps log is printed, of all or of some, also while it is written', async () => {
  const project = createProject({ 'w.yaml': chatty });
  await project.worker();
  const id = await project.ok(['start', 'w.yaml']);
  const following = project.start(['executions', 'logs', id, '--follow']);
  await following.until(/info {2}a It begins\./);
  project.write('gate');
  const { code, stdout, stderr } = await following.outcome;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '✔ success\n' });
  const lines = stdout.trimEnd().split('\n');
  expect(lines.map((line) => line.replace(/^\S+Z /, ''))).toEqual([
    'info  a It begins.',
    'warn  c It gets⏎warm.',
    'error d It ends.',
  ]);
  expect(await project.ok(['executions', 'logs', id])).toBe(stdout.trimEnd());
  expect(await project.ok(['executions', 'logs', id, '--level', 'warn'])).toBe(lines.slice(1).join('\n'));
  expect(await project.ok(['executions', 'logs', id, '--step', 'd'])).toBe(lines[2]);
  const json = (await project.ok(['executions', 'logs', id, '--json'])).split('\n');
  expect(json.map((line) => (JSON.parse(line) as LogEntry).step_id)).toEqual(['a', 'c', 'd']);
  const wrong = await project.run(['executions', 'logs', id, '--step', 'aa']);
  expect(wrong).toMatchObject({ code: 2, stdout: '' });
  expect(wrong.stderr).toContain('The workflow has no step "aa". Did you mean "a"?');
});

test('more lines than a page holds come once each, in order', async () => {
  const project = createProject({
    'w.yaml': workflow([{ id: 'a', handler: 'core.set', config: { value: 1 } }]),
  });
  const id = await project.ok(['start', 'w.yaml']);
  const entries = Array.from({ length: 1203 }, (_, at) => ({
    ...{ execution_id: id, timestamp: new Date(at).toISOString(), level: 'info' as const, message: `${at}` },
  }));
  await project.seed((storage) => storage.logs.add(entries));
  const following = project.start(['executions', 'logs', id, '-f', '--json']);
  await following.until(/"message":"1202"/);
  await project.seed((storage) => storage.logs.add([{ ...entries[0]!, message: 'late' }]));
  await following.until(/"message":"late"/);
  await project.worker();
  const { stdout } = await following.outcome;
  const messages = stdout
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as LogEntry).message);
  expect(messages).toEqual([...entries.map(({ message }) => message), 'late']);
});

const hasScript =
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false;

test.skipIf(!hasScript)('a terminal, which shows times alone, is told where another day begins', async () => {
  const project = createProject({
    'w.yaml': workflow([{ id: 'a', handler: 'core.set', config: { value: 1 } }]),
  });
  const id = await project.ok(['start', 'w.yaml']);
  const timestamps = ['2026-01-30T23:59:58.000Z', '2026-01-30T23:59:59.000Z', '2026-01-31T00:00:01.000Z'];
  const entries = timestamps.map((timestamp) => ({
    ...{ execution_id: id, timestamp, level: 'info' as const, message: 'Still there.' },
  }));
  await project.seed((storage) => storage.logs.add(entries));
  const line = `stty cols 90; ${process.execPath} ${bin} executions logs ${id}`;
  const options = { cwd: project.cwd, env: { VWMP_SQLITE_PATH: project.path('vwmp.db') } };
  const { stdout } = await startProcess('script', ['-qec', line, '/dev/null'], options).outcome;
  const shown = stdout.replace(/\p{Cc}\[[?\d;]*[A-Za-z]/gu, '').match(/^\S+/gm);
  expect(shown).toEqual(['2026-01-30', '23:59:58.000', '23:59:59.000', '2026-01-31', '00:00:01.000']);
});
