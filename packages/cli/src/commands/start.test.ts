import { describe, expect, test } from 'vitest';
import { createProject, gated, noted } from '../testing/platform.ts';
import { workflow } from '../testing/vwmp.ts';

const parameters = [
  { name: 'n', type: 'integer', required: false },
  { name: 'list', type: 'array', required: false },
];
const shown = workflow([{ id: 'a', handler: 'core.set', config: { value: '${parameters.n}' } }], {
  parameters,
  output: '${parameters}',
});
const failing = workflow([
  { id: 'a', handler: 'core.fail', config: { code: 'NO_STOCK', message: 'Sold out.' } },
]);

test('it prints the id of an execution that is recorded, without a worker', async () => {
  const project = createProject({ 'w.yaml': shown });
  const { code, stdout, stderr } = await project.run(['start', 'w.yaml', '-p', 'n=3']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^[0-9a-z]{21}\n$/);
  expect(await project.show(stdout.trim())).toMatchObject({ status: 'pending', parameters: { n: 3 } });
});

test('a document can come from stdin', async () => {
  const project = createProject();
  const id = await project.ok(['start', '-'], { input: shown });
  expect(await project.show(id)).toMatchObject({ workflow_id: 'w' });
});

test('a stored workflow is started by its id, its parameters read by their types', async () => {
  const project = createProject({ 'w.yaml': shown });
  await project.ok(['workflows', 'save', 'w.yaml']);
  const id = await project.ok(['start', 'w', '-p', 'n=3', '-p', 'list=[1,2]']);
  expect(await project.show(id)).toMatchObject({ parameters: { n: 3, list: [1, 2] } });
});

test('one that is stored is started as it was before somebody found what is wrong with it', async () => {
  const project = createProject();
  const value = '${parameters.?typo.orValue(1)}';
  const text = workflow([{ id: 'a', handler: 'core.set', config: { value } }], { parameters });
  await project.seed((storage) =>
    storage.workflows
      .save({ id: 'w', name: 'w', type: 'generic', version: '0.1.0', text }, undefined)
      .then(() => {}),
  );
  await project.ok(['start', 'w']);
  expect((await project.run(['doctor'])).stdout).not.toContain('cannot be started');
  project.write('w.yaml', text);
  expect((await project.run(['start', 'w.yaml'])).stderr).toContain('PARAMETER_UNKNOWN');
});

test('a folder does not hide the stored workflow of its name, and a file does', async () => {
  const project = createProject({ 'w.yaml': shown, 'w/x': '', 'v/x': '' });
  await project.ok(['workflows', 'save', 'w.yaml']);
  const id = await project.ok(['start', 'w']);
  expect(await project.show(id)).toMatchObject({ workflow_id: 'w' });
  expect((await project.run(['start', 'v'])).stderr).toContain(
    'There is no file and no stored workflow "v".',
  );
  project.write('f', shown.replace('"w"', '"of-file"'));
  expect(await project.show(await project.ok(['start', 'f']))).toMatchObject({ workflow_id: 'of-file' });
});

test('stdin is read once', async () => {
  const project = createProject({ 'w.yaml': shown });
  for (const args of [
    ['start', '-', '-p', 'list=@-'],
    ['start', '-', '--params-file', '-'],
    ['run', '-', '-p', 'list=@-'],
    ['run', 'w.yaml', '--params-file', '-', '-p', 'n=@-'],
  ]) {
    const input = args[1] === '-' ? shown : '{}';
    const { code, stdout, stderr } = await project.run(args, { input });
    expect({ args, code, stdout }).toEqual({ args, code: 2, stdout: '' });
    expect(stderr).toContain("can't come from stdin, too: it can be read only once.");
  }
});

test('the same key starts it once', async () => {
  const project = createProject({ 'w.yaml': shown });
  const first = await project.json(['start', 'w.yaml', '--key', 'k', '-p', 'n=1']);
  const second = await project.json<{ execution_id: string }>(['start', 'w.yaml', '-k', 'k', '-p', 'n=2']);
  expect(second).toEqual({ ...(first as object), created: false });
  expect((await project.show(second.execution_id)).parameters).toEqual({ n: 1 });
  const plain = await project.run(['start', 'w.yaml', '-k', 'k']);
  expect(plain).toMatchObject({ code: 0, stdout: `${second.execution_id}\n` });
  expect(plain.stderr).toContain('started before with this key');
});

describe('--wait', () => {
  test('ends with 0 after success, and shows the output', async () => {
    const project = createProject({ 'w.yaml': shown });
    await project.worker();
    const { code, stdout } = await project.run(['start', 'w.yaml', '-p', 'n=7', '--wait']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/✔ success in .*1 succeeded/);
    expect(stdout).toContain('"n": 7');
    const json = await project.json<{ output: unknown }>(['start', 'w.yaml', '-p', 'n=7', '-w']);
    expect(json.output).toEqual({ n: 7 });
  });

  test('ends with 1 after a failure, and says why', async () => {
    const project = createProject({ 'w.yaml': failing });
    await project.worker();
    const { code, stdout } = await project.run(['start', 'w.yaml', '--wait']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/NO_STOCK\n +Sold out\./);
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends the waiting only', async (signal, expected) => {
    const project = createProject({ 'w.yaml': workflow([gated('a', 'gate')]) });
    await project.worker();
    const waiting = project.start(['start', 'w.yaml', '--wait']);
    const end = await waiting.until(/[0-9a-z]{21}/);
    const id = (await project.json<{ results: { id: string }[] }>(['executions', 'list'])).results[0]!.id;
    await project.until(id, () => project.text('ran') !== '');
    waiting.child.kill(signal);
    const { code, stderr } = await waiting.outcome;
    expect(code).toBe(expected);
    expect(stderr.slice(end - id.length)).toContain(`It goes on: vwmp executions show ${id}`);
    project.write('gate');
    await project.until(id, ({ status }) => status === 'success');
  });

  test('without a worker it says what is missing', async () => {
    const project = createProject({ 'w.yaml': workflow([noted('a')]) });
    const waiting = project.start(['start', 'w.yaml', '--wait']);
    await waiting.until(/No worker has taken it up yet\. vwmp worker runs one\./);
    await project.worker();
    expect((await waiting.outcome).code).toBe(0);
  });
});

describe('what cannot be started ends with 2, and nothing is recorded', () => {
  test.each([
    [
      ['nope'],
      'There is no file and no stored workflow "nope". Name a file, or store it: vwmp workflows save FILE.',
    ],
    [['sotred'], 'Did you mean "stored"?'],
    [['nope.yaml'], 'There is no file "nope.yaml".'],
    [['dir/'], '"dir/" is a folder'],
    [[''], 'There is no file and no stored workflow "".'],
    [['broken.yaml'], 'UNKNOWN_HANDLER'],
    [['w.yaml', '-p', 'n=many'], 'has to be an integer; "many" is none'],
    [['w.yaml', '-p', 'x=1'], 'The workflow has no parameter "x".'],
    [['stored', '-p', 'x=1'], 'The workflow has no parameter "x".'],
    [['w.yaml', '-p', 'n=1', '-p', 'n=2'], '--param gives "n" twice.'],
    [['w.yaml', '--params-file', 'nope.yaml'], 'There is no file "nope.yaml".'],
    [['w.yaml', '--key', ''], 'The key is empty.'],
    [['w.yaml', '--priority', 'high'], '--priority is "high"'],
  ])('%j', async (args, message) => {
    const project = createProject({
      'w.yaml': shown,
      'stored.yaml': shown.replace('"w"', '"stored"'),
      'broken.yaml': workflow([{ id: 'a', handler: 'no.such' }]),
      'dir/x': '',
    });
    await project.ok(['workflows', 'save', 'stored.yaml']);
    const { code, stdout, stderr } = await project.run(['start', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(await project.json(['executions', 'list'])).toMatchObject({ count: 0 });
  });

  test('a storage in memory, which would forget it at once', async () => {
    const project = createProject({ 'w.yaml': shown });
    const env = { VWMP_DATABASE_BACKEND: 'memory', VWMP_SQLITE_PATH: '' };
    const { code, stderr } = await project.run(['start', 'w.yaml'], { env });
    expect(code).toBe(2);
    expect(stderr).toContain('which no other process can see');
  });
});
