import { describe, expect, test } from 'vitest';
import { createProject } from '../../testing/platform.ts';
import { workflow } from '../../testing/vwmp.ts';

const steps = [{ id: 'a', handler: 'core.set', config: { value: 1 } }];
const one = workflow(steps, { id: 'one', name: 'One' });
const two = workflow(steps, { id: 'two', name: 'Two', description: 'needle' });

interface Saved {
  id: string;
  rev: string;
  outcome: string;
}

test('files and folders are stored once, and again only when they changed', async () => {
  const project = createProject({
    'flows/one.yaml': one,
    'flows/deep/two.json': two,
    'flows/other.json': '{}',
  });
  expect(await project.ok(['workflows', 'save', 'flows'])).toMatch(/✔ two created.*\n✔ one created/);
  project.write('flows/one.yaml', `# A comment stays.\n${one}`);
  const saved = await project.json<Saved[]>(['workflows', 'save', 'flows/one.yaml', 'flows/deep/two.json']);
  expect(saved.map(({ id, outcome }) => [id, outcome])).toEqual([
    ['one', 'changed'],
    ['two', 'unchanged'],
  ]);
  const listed = await project.json<(Saved & { name: string })[]>(['workflows', 'list']);
  expect(listed.map(({ id, name, rev }) => ({ id, name, rev }))).toEqual([
    { id: 'one', name: 'One', rev: saved[0]!.rev },
    { id: 'two', name: 'Two', rev: saved[1]!.rev },
  ]);
  expect(await project.ok(['workflows', 'list', 'needle', '--ids'])).toBe('two');
  expect(await project.ok(['workflows', 'list', '--type', 'nothing', '--ids'])).toBe('');
  expect((await project.run(['workflows', 'list', 'nothing'])).stderr).toContain('No workflows are stored');
});

test('a file that several names lead to is stored once', async () => {
  const project = createProject({ 'flows/one.yaml': one });
  const files = ['flows/one.yaml', './flows/../flows/one.yaml', project.path('flows/one.yaml'), 'flows'];
  expect(await project.json<Saved[]>(['workflows', 'save', ...files])).toMatchObject([
    { file: 'flows/one.yaml', id: 'one', outcome: 'created' },
  ]);
});

test('a reader that goes away stops nothing half way', async () => {
  const names = ['a', 'b', 'c', 'd'];
  const project = createProject(
    Object.fromEntries(names.map((id) => [`flows/${id}.yaml`, workflow(steps, { id })])),
  );
  const saving = project.start(['workflows', 'save', 'flows']);
  saving.child.stdout!.destroy();
  expect(await saving.outcome).toMatchObject({ code: 0, stderr: '' });
  expect(await project.ok(['workflows', 'list', '--ids'])).toBe(names.join('\n'));
});

test('with --rev it replaces nothing newer', async () => {
  const project = createProject({ 'one.yaml': one });
  const [created] = await project.json<Saved[]>(['workflows', 'save', 'one.yaml']);
  project.write('one.yaml', `# Second.\n${one}`);
  await project.ok(['workflows', 'save', 'one.yaml', '--rev', created!.rev]);
  project.write('one.yaml', `# Third.\n${one}`);
  const { code, stderr } = await project.run(['workflows', 'save', 'one.yaml', '--rev', created!.rev]);
  expect(code).toBe(2);
  expect(stderr).toContain('The workflow "one" was changed by someone else');
  const removal = await project.run(['workflows', 'remove', 'one', '--rev', created!.rev]);
  expect(removal).toMatchObject({ code: 2, stderr: expect.stringContaining('is not rev') as string });
  expect(await project.ok(['workflows', 'list', '--ids'])).toBe('one');
  await project.ok(['workflows', 'remove', 'one']);
  expect(await project.ok(['workflows', 'list', '--ids'])).toBe('');
});

test('one that is executing is not removed, as by the API', async () => {
  const project = createProject({ 'one.yaml': one });
  await project.ok(['workflows', 'save', 'one.yaml']);
  const id = await project.ok(['start', 'one']);
  const { code, stdout, stderr } = await project.run(['workflows', 'remove', 'one']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(
    `WORKFLOW_EXECUTING Workflow "one" is executing (1 have not ended, "${id}" for one)`,
  );
  expect(stderr).toContain('vwmp executions list --workflow one --status pending,running,waiting');
  expect(await project.ok(['workflows', 'list', '--ids'])).toBe('one');
  const worker = await project.worker();
  await project.until(id, ({ status }) => status === 'success');
  worker.child.kill('SIGTERM');
  await worker.outcome;
  await project.ok(['workflows', 'remove', 'one']);
});

test('show prints what was saved, to the letter, and what was saved before', async () => {
  const project = createProject({ 'one.yaml': `# First.\n${one}` });
  const [first] = await project.json<Saved[]>(['workflows', 'save', 'one.yaml']);
  project.write('one.yaml', `# Second.\n${one}\n\n`);
  const [second] = await project.json<Saved[]>(['workflows', 'save', 'one.yaml']);
  expect((await project.run(['workflows', 'show', 'one'])).stdout).toBe(`# Second.\n${one}\n\n`);
  expect(await project.json<Saved>(['workflows', 'show', 'one'])).toMatchObject({
    id: 'one',
    rev: second!.rev,
  });
  const versions = await project.json<Saved[]>(['workflows', 'show', 'one', '--versions']);
  expect(versions.map(({ rev }) => rev)).toEqual([second!.rev, first!.rev]);
  expect(await project.ok(['workflows', 'show', 'one', '--versions'])).toContain(first!.rev);
  const older = await project.run(['workflows', 'show', 'one', '--rev', first!.rev]);
  expect(older.stdout).toBe(`# First.\n${one}`);
});

test('they can lie in a folder instead of the database', async () => {
  const project = createProject({ 'one.yaml': one, 'flows/two.yaml': two }, { VWMP_WORKFLOWS_DIR: 'flows' });
  const gone = await project.run(['workflows', 'list'], { env: { VWMP_WORKFLOWS_DIR: 'gone' } });
  expect(gone).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no folder at') as string });
  await project.ok(['workflows', 'save', 'one.yaml']);
  expect(await project.ok(['workflows', 'list', '--ids'])).toBe('one\ntwo');
  expect(project.text('flows/one.yaml')).toBe(one);
  expect(await project.ok(['start', 'two'])).toMatch(/^\w{21}$/);
});

describe('what is wrong ends with 2, and nothing is stored', () => {
  test.each([
    [['save', 'nope.yaml'], 'There is no file "nope.yaml"'],
    [['save', 'one.yaml', 'broken.yaml'], 'broken.yaml:1:'],
    [['save', 'one.yaml', 'same.yaml'], 'both have the id "one"'],
    [['save', 'empty'], 'There are no workflows in "empty"'],
    [['save', 'one.yaml', 'two.yaml', '--rev', 'x'], '--rev belongs to one workflow'],
    [['save', 'one.yaml', '--rev', 'x'], 'There is no stored workflow "one" whose rev could be "x". Save it'],
    [['show', 'on'], 'There is no stored workflow "on".'],
    [['show', ''], 'There is no stored workflow "".'],
    [['show', 'on', '--versions'], 'There is no stored workflow "on".'],
    [['show', 'on', '--versions', '--rev', 'x'], '--versions lists all'],
    [['remove', 'on'], 'There is no stored workflow "on".'],
    [['remove', ''], 'There is no stored workflow "".'],
  ])('%j', async (args, message) => {
    const project = createProject({
      'one.yaml': one,
      'two.yaml': two,
      'same.yaml': `# Again.\n${one}`,
      'broken.yaml': workflow([{ id: 'a', handler: 'no.such' }]),
      'empty/text': '',
    });
    await project.ok(['db', 'migrate']);
    const { code, stdout, stderr } = await project.run(['workflows', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(await project.ok(['workflows', 'list', '--ids'])).toBe('');
  });
});
