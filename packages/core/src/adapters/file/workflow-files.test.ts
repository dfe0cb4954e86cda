import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { WorkflowStore } from '../../ports/workflow-store.ts';
import { draftOf } from '../testing/samples.ts';
import { removeFolder, temporaryFolder } from './testing/folder.ts';
import { createFileWorkflowStore } from './workflow-store.ts';

let outside: string;
let folder: string;
let store: WorkflowStore;

beforeEach(async () => {
  outside = temporaryFolder();
  folder = join(outside, 'workflows');
  store = createFileWorkflowStore({ folder });
  await store.open();
});
afterEach(async () => {
  await store.close();
  removeFolder(outside);
});

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

async function listed(): Promise<string[]> {
  return (await store.list()).results.map(({ id }) => id);
}

const hostile = [
  '../evil',
  '..',
  '.',
  '',
  '/etc/evil',
  'a/b',
  'a\\b',
  '.hidden',
  'a\0b',
  'A',
  'x'.repeat(65),
];

test.each(hostile)('the id %j names no file', async (id) => {
  await expect(store.save(draftOf(id), undefined)).rejects.toMatchObject({ code: 'PATH_OUTSIDE' });
  expect(await store.get(id)).toBeUndefined();
  await expect(store.remove(id, 'rev')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(readdirSync(outside)).toEqual(['workflows']);
  expect(readdirSync(folder)).toEqual(['.vwmp']);
});

test('a file is read as it is, comments and line breaks included', async () => {
  const text = '# by hand\r\nid: mine   # kept\r\nname: Mine\r\nsteps: []\r\n';
  put('some name.yml', text);
  expect(await store.get('mine')).toMatchObject({ text, name: 'Mine', type: 'generic', version: '0.1.0' });
  const changed = `${text}# more\r\n`;
  await store.save(draftOf('mine', { text: changed }), (await store.get('mine'))!.rev);
  expect(readFileSync(join(folder, 'some name.yml'), 'utf8')).toBe(changed);
  expect(readdirSync(folder).sort()).toEqual(['.vwmp', 'some name.yml']);
});

test('YAML, JSON and subfolders are found; hidden folders, packages and other files are not', async () => {
  put('a.yaml', draftOf('a').text);
  put('b.yml', draftOf('b').text);
  put('c.json', JSON.stringify({ id: 'c', name: 'C', version: 1.5, steps: [] }));
  put('team/deep/d.yaml', 'name: Dée\nsteps: []\n');
  put('.git/e.yaml', draftOf('e').text);
  put('node_modules/x/f.yaml', draftOf('f').text);
  put('readme.md', 'hello');
  expect(await listed()).toEqual(['a', 'b', 'c', 'dee']);
  expect((await store.get('c'))?.version).toBe('1.5');
});

test('a file that is edited by hand has a new rev; a change based on the old one is refused', async () => {
  const saved = await store.save(draftOf('one'), undefined);
  // As long as before, and within the granularity of file times.
  put('one.yaml', saved.text.replace('a note', 'b note'));
  const edited = (await store.get('one'))!;
  expect(edited.rev).not.toBe(saved.rev);
  await expect(store.save(draftOf('one', { note: 'mine' }), saved.rev)).rejects.toMatchObject({
    code: 'REV_CONFLICT',
    details: { rev: edited.rev },
  });
  await expect(store.remove('one', saved.rev)).rejects.toMatchObject({ code: 'REV_CONFLICT' });
  expect(readFileSync(join(folder, 'one.yaml'), 'utf8')).toBe(edited.text);
  put('one.yaml', saved.text);
  expect((await store.get('one'))?.rev).toBe(saved.rev);
});

test('files that come, go and change their id are noticed', async () => {
  put('x.yaml', draftOf('one').text);
  expect(await listed()).toEqual(['one']);
  put('x.yaml', draftOf('two').text);
  expect(await store.get('one')).toBeUndefined();
  expect((await store.get('two'))?.id).toBe('two');
  put('y.yaml', draftOf('one').text);
  expect(await listed()).toEqual(['one', 'two']);
});

test('what is no workflow is listed with its problems, can be repaired and hides nothing', async () => {
  put('good.yaml', draftOf('good').text);
  put('Broken File.yaml', 'name: [\n');
  put('empty.yaml', '');
  put('list.json', '[1, 2]');
  put('bad-id.yaml', 'id: Not A Slug\nname: X\nsteps: []\n');
  const { results } = await store.list();
  expect(results.map(({ id }) => id)).toEqual(['bad-id', 'broken-file', 'empty', 'good', 'list']);
  const sound = results.filter(({ problems }) => problems === undefined);
  expect(sound.map(({ id }) => id)).toEqual(['good']);
  const broken = (await store.get('broken-file'))!;
  expect(broken.text).toBe('name: [\n');
  expect(broken.problems?.[0]).toMatchObject({ code: 'SYNTAX', line: expect.any(Number) });
  await store.save(draftOf('broken-file'), broken.rev);
  expect((await store.get('broken-file'))?.problems).toBeUndefined();
  expect(readdirSync(folder)).toContain('Broken File.yaml');
});

test('of two files with one id the first counts and the other is listed with a problem', async () => {
  put('a.yaml', draftOf('same', { note: 'first' }).text);
  put('b/c.yaml', draftOf('same', { note: 'second' }).text);
  const { results } = await store.list();
  expect(results.map(({ id }) => id)).toEqual(['./b/c.yaml', 'same']);
  expect(results[0]?.problems?.[0]?.message).toContain('belongs to a.yaml already');
  expect((await store.get('same'))?.text).toContain('first');
  const double = (await store.get('./b/c.yaml'))!;
  expect(double.text).toContain('second');
  await store.remove('./b/c.yaml', double.rev);
  expect(await listed()).toEqual(['same']);
});

test('links within the folder are followed, links out of it are not', async () => {
  writeFileSync(join(outside, 'secret.yaml'), draftOf('secret').text);
  put('..data/one.yaml', draftOf('one').text);
  symlinkSync(join(folder, '..data', 'one.yaml'), join(folder, 'one.yaml'));
  symlinkSync(join(outside, 'secret.yaml'), join(folder, 'secret.yaml'));
  symlinkSync(outside, join(folder, 'up'));
  symlinkSync('nowhere.yaml', join(folder, 'dangling.yaml'));
  expect(await listed()).toEqual(['one']);
  await store.save(draftOf('one', { note: 'new' }), (await store.get('one'))!.rev);
  expect(readFileSync(join(folder, '..data', 'one.yaml'), 'utf8')).toContain('# new');
});

test('a name that another document has is not taken from it, nor one that Windows keeps', async () => {
  put('one.yaml', draftOf('other').text);
  await store.save(draftOf('one'), undefined);
  await store.save(draftOf('con'), undefined);
  expect(await listed()).toEqual(['con', 'one', 'other']);
  expect(readdirSync(folder).sort()).toEqual(['.vwmp', '_con.yaml', 'one-2.yaml', 'one.yaml']);
});

test('text that would be read under another id is refused', async () => {
  const saving = store.save({ ...draftOf('one'), text: draftOf('two').text }, undefined);
  await expect(saving).rejects.toMatchObject({ code: 'DOCUMENT_INVALID' });
  expect(await listed()).toEqual([]);
});

test('the permissions of a file stay', async () => {
  put('one.yaml', draftOf('one').text);
  const path = join(folder, 'one.yaml');
  chmodSync(path, 0o640);
  await store.save(draftOf('one', { note: 'new' }), (await store.get('one'))!.rev);
  expect(statSync(path).mode & 0o777).toBe(0o640);
});

test('what a crash left behind is taken over or tidied up', async () => {
  await store.save(draftOf('one'), undefined);
  const lock = join(folder, '.vwmp', 'workflows.lock');
  // No process has such an id.
  writeFileSync(lock, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), token: 'gone' }));
  await store.save(draftOf('two'), undefined);
  // From another machine, a minute ago.
  writeFileSync(lock, JSON.stringify({ pid: 1, host: 'elsewhere', token: 'gone' }));
  const longAgo = Date.now() / 1000 - 3600;
  utimesSync(lock, longAgo, longAgo);
  await store.save(draftOf('three'), undefined);
  expect(existsSync(lock)).toBe(false);
  put('.vwmp-tmp-left', 'half a docu');
  utimesSync(join(folder, '.vwmp-tmp-left'), longAgo, longAgo);
  put('.vwmp-tmp-young', 'in the making');
  expect(await listed()).toEqual(['one', 'three', 'two']);
  expect(readdirSync(folder).filter((name) => name.startsWith('.vwmp-tmp'))).toEqual(['.vwmp-tmp-young']);
});

test.skipIf(process.platform === 'win32')('pipes and files of gigabytes hide nothing', async () => {
  put('good.yaml', draftOf('good').text);
  execFileSync('/bin/sh', ['-c', 'mkfifo pipe.yaml'], { cwd: folder });
  put('huge.yaml', '');
  truncateSync(join(folder, 'huge.yaml'), 5 * 1024 ** 3);
  expect(await listed()).toEqual(['good']);
});
