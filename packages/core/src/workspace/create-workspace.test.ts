import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorkspace } from './create-workspace.ts';

let folder: string;
let root: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'vwmp-workspace-')));
  root = join(folder, 'root');
  await mkdir(join(root, 'sub'), { recursive: true });
  await mkdir(join(folder, 'outside'));
  await mkdir(join(folder, 'root-sibling'));
  await writeFile(join(root, 'sub', 'file.txt'), 'inside');
  await writeFile(join(folder, 'outside', 'secret.txt'), 'outside');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('what is inside', () => {
  it.each([
    ['', ''],
    ['.', ''],
    ['sub/file.txt', 'sub/file.txt'],
    ['./sub/../sub/./file.txt', 'sub/file.txt'],
    ['new/deep/er.txt', 'new/deep/er.txt'],
    ['../root/sub', 'sub'],
    ['..dots', '..dots'],
    ['sub/file.txt/below', 'sub/file.txt/below'],
  ])('resolves %j', async (given, expected) => {
    expect(await createWorkspace(root).resolve(given)).toBe(join(root, expected));
  });

  it('takes an absolute path', async () => {
    expect(await createWorkspace(root).resolve(join(root, 'a'))).toBe(join(root, 'a'));
  });

  it('works before the root exists', async () => {
    const workspace = createWorkspace(join(folder, 'later', 'root'));
    expect(await workspace.resolve('a.txt')).toBe(join(folder, 'later', 'root', 'a.txt'));
  });

  it('takes a root that is a symlink, and paths in either form', async () => {
    await symlink(root, join(folder, 'link'));
    const workspace = createWorkspace(join(folder, 'link'));
    expect(workspace.root).toBe(join(folder, 'link'));
    expect(await workspace.resolve('sub')).toBe(join(root, 'sub'));
    expect(await workspace.resolve(join(root, 'sub'))).toBe(join(root, 'sub'));
    expect(await workspace.resolve(join(folder, 'link', 'sub'))).toBe(join(root, 'sub'));
  });

  it('follows symlinks that stay inside, dangling ones too', async () => {
    await symlink('sub', join(root, 'here'));
    await symlink('sub/not-yet', join(root, 'dangling'));
    const workspace = createWorkspace(root);
    expect(await workspace.resolve('here/file.txt')).toBe(join(root, 'sub', 'file.txt'));
    expect(await workspace.resolve('dangling/x')).toBe(join(root, 'sub', 'not-yet', 'x'));
  });
});

describe('what leads out', () => {
  it.each([
    '..',
    '../',
    '../outside/secret.txt',
    'sub/../../outside/secret.txt',
    '../root-sibling',
    '/',
    '/etc/passwd',
    'a\0b',
    'sub/\0/../../..',
    '..\\outside\\secret.txt',
    'sub\\..\\..\\outside',
    'C:\\Windows',
    'c:/Windows',
    '\\\\server\\share',
    '\\\\?\\C:\\x',
    '//?/C:/x',
  ])('refuses %j', async (given) => {
    await expect(createWorkspace(root).resolve(given)).rejects.toMatchObject({
      code: 'PATH_OUTSIDE',
      retryable: false,
    });
  });

  it.each([
    ['a link to a folder', '../outside', 'link/secret.txt'],
    ['a link to a file', '../outside/secret.txt', 'link'],
    ['an absolute link', '/etc', 'link/passwd'],
    ['a dangling link', '../outside/not-yet', 'link'],
    ['below a dangling link', '../outside/not-yet', 'link/x/y'],
    ['a new file below a link', '../outside', 'link/new.txt'],
    ['a loop', 'link', 'link/x'],
  ])('refuses %s', async (_name, target, given) => {
    await symlink(target, join(root, 'link'));
    await expect(createWorkspace(root).resolve(given)).rejects.toMatchObject({ code: 'PATH_OUTSIDE' });
  });

  it('refuses a chain of links whose last one leads out', async () => {
    await symlink('b', join(root, 'a'));
    await symlink('sub/c', join(root, 'b'));
    await symlink('../../outside/new', join(root, 'sub', 'c'));
    await expect(createWorkspace(root).resolve('a')).rejects.toMatchObject({ code: 'PATH_OUTSIDE' });
  });

  it('does not say where a link leads', async () => {
    await symlink('../outside', join(root, 'link'));
    const error = await createWorkspace(root)
      .resolve('link/secret.txt')
      .catch((reason: unknown) => reason);
    expect(String(error)).not.toContain(join(folder, 'outside'));
  });
});
