import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { HandlerContext } from '@vwmp/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { createContext } from '../testing/context.ts';
import { failure } from '../testing/failure.ts';
import { makeFolder } from '../testing/folder.ts';
import { file } from './index.ts';

let folder: string;
let root: string;

beforeEach(async () => {
  folder = await makeFolder();
  root = join(folder, 'root');
  mkdirSync(root);
});

/** Runs a handler of the plugin, loaded as the engine would. */
async function run(name: string, config: object, signal?: AbortSignal): Promise<unknown> {
  const module = await file.handlers?.[name]?.load?.();
  if (module === undefined) throw new Error(`file.${name} does not load`);
  const context = createContext(config, { root, signal });
  return (module.execute as (context: HandlerContext<object>) => unknown)(context);
}

const put = (path: string, content: string | Buffer = 'x'): void => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), content);
};
const get = (path: string): string => readFileSync(join(root, path), 'utf8');
const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

describe('file.read', () => {
  it('reads text, base64 and JSON', async () => {
    put('a/b.json', '{"ä":1}');
    const about = { path: 'a/b.json', size: 8, sha256: sha256('{"ä":1}') };
    expect(await run('read', { path: './a/../a/b.json' })).toEqual({ ...about, content: '{"ä":1}' });
    expect(await run('read', { path: 'a/b.json', json: true })).toEqual({ ...about, content: { ä: 1 } });
    expect(await run('read', { path: 'a/b.json', encoding: 'base64' })).toEqual({
      ...about,
      content: btoa('{"Ã¤":1}'),
    });
  });

  it('keeps the mark at the beginning of text, and reads JSON behind it', async () => {
    put('a', '\ufeff[1]');
    expect(await run('read', { path: 'a' })).toMatchObject({ content: '\ufeff[1]' });
    expect(await run('read', { path: 'a', json: true })).toMatchObject({ content: [1] });
  });

  it('takes exactly max_bytes', async () => {
    put('a', 'x'.repeat(10_000));
    put('empty', '');
    expect(await run('read', { path: 'a', max_bytes: 10_000 })).toMatchObject({ size: 10_000 });
    expect(await run('read', { path: 'empty', max_bytes: 0 })).toMatchObject({ content: '', size: 0 });
    expect(await failure(run('read', { path: 'a', max_bytes: 9_999 }))).toMatchObject({
      code: 'FILE_TOO_LARGE',
      retryable: false,
      details: { size: 10_000, max_bytes: 9_999 },
    });
  });

  it.each([
    ['none', {}, 'FILE_NOT_FOUND'],
    ['folder', {}, 'FILE_IS_DIRECTORY'],
    ['.', {}, 'FILE_IS_DIRECTORY'],
    ['text/below', {}, 'FILE_NOT_DIRECTORY'],
    ['fifo', {}, 'FILE_NOT_REGULAR'],
    ['bytes', {}, 'FILE_CONTENT_INVALID'],
    ['text', { json: true }, 'FILE_CONTENT_INVALID'],
    ['out', {}, 'PATH_OUTSIDE'],
    ['../root-other', {}, 'PATH_OUTSIDE'],
    ['a\0b', {}, 'PATH_OUTSIDE'],
    ['x'.repeat(300), {}, 'FILE_PATH_INVALID'],
  ])('fails for %s %j with %s', async (path, more, code) => {
    put('text', 'private');
    put('bytes', Buffer.from([0xff, 0xfe]));
    mkdirSync(join(root, 'folder'));
    execFileSync('mkfifo', [join(root, 'fifo')]);
    symlinkSync('/etc/hostname', join(root, 'out'));
    const error = await failure(run('read', { path, ...more }));
    expect(error).toMatchObject({
      code: path.length > 255 ? expect.stringMatching(/PATH/) : code,
      retryable: false,
    });
    expect(error.message).not.toContain('private');
    expect(error.message).not.toContain(root);
  });
});

describe('file.write', () => {
  it.each([
    ['text ü', {}, 'text ü'],
    ['', {}, ''],
    ['aMOk', { encoding: 'base64' }, 'hä'],
    [{ a: [1] }, {}, '{\n  "a": [\n    1\n  ]\n}\n'],
    [null, {}, 'null\n'],
  ])('writes %j %j', async (content, more, expected) => {
    expect(await run('write', { path: 'new/deep/a', content, ...more })).toEqual({
      path: 'new/deep/a',
      size: Buffer.byteLength(expected),
      sha256: sha256(expected),
      created: true,
    });
    expect(get('new/deep/a')).toBe(expected);
    expect(readdirSync(join(root, 'new/deep'))).toEqual(['a']);
  });

  it('replaces a file and keeps its permissions', async () => {
    put('a', 'old');
    execFileSync('chmod', ['750', join(root, 'a')]);
    const { ino } = statSync(join(root, 'a'));
    expect(await run('write', { path: 'a', content: 'new' })).toMatchObject({ created: false });
    expect(statSync(join(root, 'a')).mode & 0o7777).toBe(0o750);
    // Another file in its place, not the same one written anew: who has the old one open goes on reading it.
    expect(statSync(join(root, 'a')).ino).not.toBe(ino);
  });

  it('makes a file whose name is as long as a name may be', async () => {
    const path = 'ä'.repeat(127);
    await run('write', { path, content: 'x' });
    expect(readdirSync(root)).toEqual([path]);
  });

  it('appends, and tells about the whole file', async () => {
    expect(await run('write', { path: 'a', content: 'one', append: true })).toMatchObject({
      created: true,
      size: 3,
    });
    expect(await run('write', { path: 'a', content: 'two', append: true })).toMatchObject({
      created: false,
      size: 6,
      sha256: sha256('onetwo'),
    });
    expect(
      await failure(run('write', { path: 'a', content: 'x', append: true, overwrite: false })),
    ).toMatchObject({
      code: 'FILE_EXISTS',
    });
  });

  it('lets one of many be the first when nothing may be overwritten', async () => {
    const contents = Array.from({ length: 20 }, (_, index) => `${index}`);
    const outcomes = await Promise.allSettled(
      contents.map((content) => run('write', { path: 'a', content, overwrite: false })),
    );
    const winners = outcomes.flatMap(({ status }, index) =>
      status === 'fulfilled' ? [contents[index]] : [],
    );
    expect(winners).toEqual([get('a')]);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'FILE_EXISTS' });
    }
    expect(readdirSync(root)).toEqual(['a']);
  });

  it('shows readers the old content or the new one, never a part', async () => {
    put('a', 'a'.repeat(100_000));
    let done = false;
    const writing = (async () => {
      for (const letter of 'bcdefghij') await run('write', { path: 'a', content: letter.repeat(100_000) });
    })().finally(() => {
      done = true;
    });
    while (!done) {
      const { content } = (await run('read', { path: 'a' })) as { content: string };
      expect(content).toBe((content[0] ?? '').repeat(100_000));
    }
    await writing;
  });

  it('writes through a symlink that stays inside, and keeps it', async () => {
    put('sub/target', 'old');
    symlinkSync('sub/target', join(root, 'link'));
    expect(await run('write', { path: 'link', content: 'new' })).toMatchObject({ path: 'sub/target' });
    expect(get('sub/target')).toBe('new');
    expect(readdirSync(root)).toEqual(['link', 'sub']);
  });

  it.each([
    ['folder', 'FILE_IS_DIRECTORY'],
    ['.', 'FILE_IS_DIRECTORY'],
    ['text/below', 'FILE_NOT_DIRECTORY'],
    ['text/below/that', 'FILE_NOT_DIRECTORY'],
    ['fifo', 'FILE_NOT_REGULAR'],
    ['out', 'PATH_OUTSIDE'],
    ['out-folder/new', 'PATH_OUTSIDE'],
    ['out-folder/deep/new', 'PATH_OUTSIDE'],
    ['dangling', 'PATH_OUTSIDE'],
    ['../new', 'PATH_OUTSIDE'],
    ['/tmp/new', 'PATH_OUTSIDE'],
  ])('fails for %s with %s, appending or not', async (path, code) => {
    put('text');
    mkdirSync(join(root, 'folder'));
    mkdirSync(join(folder, 'outside'));
    writeFileSync(join(folder, 'outside/file'), 'untouched');
    execFileSync('mkfifo', [join(root, 'fifo')]);
    symlinkSync('../outside/file', join(root, 'out'));
    symlinkSync('../outside', join(root, 'out-folder'));
    symlinkSync('../outside/new', join(root, 'dangling'));
    const before = readdirSync(root);
    for (const append of [false, true]) {
      const error = await failure(run('write', { path, content: 'x', append }));
      expect(error).toMatchObject({ code, retryable: false });
    }
    expect(readdirSync(root)).toEqual(before);
    expect(readdirSync(join(folder, 'outside'))).toEqual(['file']);
    expect(readFileSync(join(folder, 'outside/file'), 'utf8')).toBe('untouched');
  });

  it.each(['no base64!', 'a', 7])('refuses as base64: %j', async (content) => {
    expect(await failure(run('write', { path: 'a', content, encoding: 'base64' }))).toMatchObject({
      code: 'FILE_CONTENT_INVALID',
    });
    expect(readdirSync(root)).toEqual([]);
  });

  it('leaves nothing behind when it is aborted', async () => {
    put('a', 'old');
    const abort = new AbortController();
    const reason = new Error('cancelled');
    const writing = failure(run('write', { path: 'a', content: 'x'.repeat(50_000_000) }, abort.signal));
    setImmediate(() => abort.abort(reason));
    expect(await writing).toBe(reason);
    expect(get('a')).toBe('old');
    expect(readdirSync(root)).toEqual(['a']);
  });
});

describe('file.copy', () => {
  it('copies content and permissions, of any size', async () => {
    const content = Buffer.alloc(3_000_001, 'abcdefg');
    put('a', content);
    execFileSync('chmod', ['751', join(root, 'a')]);
    expect(await run('copy', { from: 'a', to: 'new/b' })).toEqual({
      path: 'new/b',
      size: 3_000_001,
      sha256: sha256(content),
    });
    expect(readFileSync(join(root, 'new/b')).equals(content)).toBe(true);
    expect(statSync(join(root, 'new/b')).mode & 0o7777).toBe(0o751);
  });

  it('copies a file onto itself without harm', async () => {
    put('a', 'same');
    await run('copy', { from: 'a', to: 'a' });
    expect(get('a')).toBe('same');
  });

  it.each([
    [{ from: 'none', to: 'b' }, 'FILE_NOT_FOUND'],
    [{ from: 'folder', to: 'b' }, 'FILE_IS_DIRECTORY'],
    [{ from: 'a', to: 'folder' }, 'FILE_IS_DIRECTORY'],
    [{ from: 'a', to: 'there', overwrite: false }, 'FILE_EXISTS'],
    [{ from: 'a', to: '../b' }, 'PATH_OUTSIDE'],
    [{ from: '../a', to: 'b' }, 'PATH_OUTSIDE'],
  ])('fails for %j with %s', async (config, code) => {
    put('a', 'new');
    put('there', 'old');
    mkdirSync(join(root, 'folder'));
    expect(await failure(run('copy', config))).toMatchObject({ code, retryable: false });
    expect(get('there')).toBe('old');
    expect(readdirSync(root).sort()).toEqual(['a', 'folder', 'there']);
  });

  it('stops when it is aborted', async () => {
    put('a', Buffer.alloc(50_000_000));
    const abort = new AbortController();
    const reason = new Error('cancelled');
    const copying = failure(run('copy', { from: 'a', to: 'b' }, abort.signal));
    setImmediate(() => abort.abort(reason));
    expect(await copying).toBe(reason);
    expect(readdirSync(root)).toEqual(['a']);
  });
});

describe('file.move', () => {
  it('moves files and folders', async () => {
    put('a', 'content');
    expect(await run('move', { from: 'a', to: 'new/b' })).toEqual({
      path: 'new/b',
      size: 7,
      sha256: sha256('content'),
    });
    expect(await run('move', { from: 'new', to: 'newer' })).toEqual({ path: 'newer' });
    expect(get('newer/b')).toBe('content');
    expect(readdirSync(root)).toEqual(['newer']);
  });

  it('moves a symlink and not what it points at', async () => {
    symlinkSync('/etc', join(root, 'link'));
    await run('move', { from: 'link', to: 'other' });
    expect(readdirSync(root)).toEqual(['other']);
    expect(existsSync('/etc/passwd')).toBe(true);
  });

  it('replaces a file when it may', async () => {
    put('a', 'new');
    put('b', 'old');
    expect(await failure(run('move', { from: 'a', to: 'b', overwrite: false }))).toMatchObject({
      code: 'FILE_EXISTS',
    });
    await run('move', { from: 'a', to: 'b' });
    expect(get('b')).toBe('new');
    await run('move', { from: 'b', to: './b' });
    expect(get('b')).toBe('new');
  });

  it.each([
    [{ from: 'none', to: 'x' }, 'FILE_NOT_FOUND'],
    [{ from: 'a', to: 'folder' }, 'FILE_IS_DIRECTORY'],
    [{ from: 'folder', to: 'empty' }, 'FILE_EXISTS'],
    [{ from: 'folder', to: 'a' }, 'FILE_EXISTS'],
    [{ from: 'folder', to: 'folder/within' }, 'FILE_PATH_INVALID'],
    [{ from: '.', to: 'x' }, 'FILE_IS_ROOT'],
    [{ from: 'folder/..', to: 'x' }, 'FILE_IS_ROOT'],
    [{ from: 'a', to: '../x' }, 'PATH_OUTSIDE'],
    [{ from: 'a', to: 'out/x' }, 'PATH_OUTSIDE'],
    [{ from: 'out/file', to: 'x' }, 'PATH_OUTSIDE'],
  ])('fails for %j with %s', async (config, code) => {
    put('a', 'content');
    put('folder/b');
    mkdirSync(join(root, 'empty'));
    mkdirSync(join(folder, 'outside'));
    writeFileSync(join(folder, 'outside/file'), 'untouched');
    symlinkSync('../outside', join(root, 'out'));
    expect(await failure(run('move', config))).toMatchObject({ code, retryable: false });
    expect(readdirSync(root).sort()).toEqual(['a', 'empty', 'folder', 'out']);
    expect(readdirSync(join(folder, 'outside'))).toEqual(['file']);
  });
});

describe('file.remove', () => {
  it('removes files, empty folders, and more only when it is asked for', async () => {
    put('a');
    put('full/b');
    mkdirSync(join(root, 'empty'));
    expect(await run('remove', { path: 'a' })).toEqual({ path: 'a', removed: true });
    await run('remove', { path: 'empty/' });
    expect(await failure(run('remove', { path: 'full' }))).toMatchObject({
      code: 'FILE_NOT_EMPTY',
      retryable: false,
    });
    await run('remove', { path: 'full', recursive: true });
    expect(readdirSync(root)).toEqual([]);
  });

  it('says when there is nothing to remove, unless that is fine', async () => {
    put('a');
    expect(await failure(run('remove', { path: 'none' }))).toMatchObject({
      code: 'FILE_NOT_FOUND',
      retryable: false,
    });
    for (const path of ['none', 'none/x', 'a/x']) {
      expect(await run('remove', { path, ignore_missing: true })).toEqual({ path, removed: false });
    }
  });

  it('removes links and never what they point at', async () => {
    mkdirSync(join(folder, 'outside'));
    writeFileSync(join(folder, 'outside/file'), 'untouched');
    put('sub/x');
    symlinkSync('../outside', join(root, 'link'));
    symlinkSync('../../outside', join(root, 'sub/link'));
    await run('remove', { path: 'link', recursive: true });
    await run('remove', { path: 'sub', recursive: true });
    expect(readdirSync(root)).toEqual([]);
    expect(readFileSync(join(folder, 'outside/file'), 'utf8')).toBe('untouched');
  });

  it.each([
    ['.', 'FILE_IS_ROOT'],
    ['./', 'FILE_IS_ROOT'],
    ['sub/..', 'FILE_IS_ROOT'],
    ['', 'FILE_IS_ROOT'],
    ['..', 'PATH_OUTSIDE'],
    ['../outside', 'PATH_OUTSIDE'],
    ['/', 'PATH_OUTSIDE'],
    ['a\0b', 'PATH_OUTSIDE'],
    ['../root', expect.stringMatching(/FILE_IS_ROOT|PATH_OUTSIDE/)],
  ])('never removes %j', async (path, code) => {
    put('sub/x');
    mkdirSync(join(folder, 'outside'));
    expect(await failure(run('remove', { path, recursive: true }))).toMatchObject({ code, retryable: false });
    expect(get('sub/x')).toBe('x');
    expect(existsSync(join(folder, 'outside'))).toBe(true);
  });

  it('does not take the absolute path of the root either', async () => {
    expect((await failure(run('remove', { path: root, recursive: true }))).code).toBe('PATH_OUTSIDE');
    expect(existsSync(root)).toBe(true);
  });
});

describe('file.glob', () => {
  const paths = [
    'a.txt',
    'b/a.txt',
    'b/c/d.txt',
    'b/c/e.md',
    'b-x.txt',
    'node_modules/m/i.txt',
    '.hidden/x.txt',
    'z.txt',
  ];

  it.each([
    [{ pattern: '*.txt' }, ['a.txt', 'b-x.txt', 'z.txt']],
    [
      { pattern: '**/*.txt', ignore: '**/node_modules/**' },
      ['a.txt', 'b-x.txt', 'b/a.txt', 'b/c/d.txt', 'z.txt'],
    ],
    [{ pattern: ['**/*.md', 'a.*'] }, ['a.txt', 'b/c/e.md']],
    [{ pattern: '**', ignore: ['node_modules', 'b/'] }, ['a.txt', 'b-x.txt', 'z.txt']],
    [{ pattern: '**/x.txt', dot: true }, ['.hidden/x.txt']],
    [{ pattern: '.hidden/*' }, ['.hidden/x.txt']],
    [{ pattern: '*/*.txt', cwd: 'b' }, ['b/c/d.txt']],
    [{ pattern: 'none/**' }, []],
    [{ pattern: 'b' }, []],
  ])('finds %j', async (config, expected) => {
    for (const path of paths) put(path);
    expect(await run('glob', config)).toEqual({ paths: expected, truncated: false });
  });

  it('stops at the limit, with what comes first', async () => {
    for (const path of paths) put(path);
    const { paths: all } = (await run('glob', { pattern: '**', dot: true })) as { paths: string[] };
    expect(all).toEqual([...paths].sort());
    for (let limit = 1; limit <= paths.length; limit++) {
      expect(await run('glob', { pattern: '**', dot: true, limit })).toEqual({
        paths: all.slice(0, limit),
        truncated: limit < paths.length,
      });
    }
  });

  it('never follows a symlink out, nor in a circle', async () => {
    mkdirSync(join(folder, 'outside'));
    writeFileSync(join(folder, 'outside/secret.txt'), '');
    put('a/in.txt');
    symlinkSync('../outside', join(root, 'out'));
    symlinkSync('../outside/secret.txt', join(root, 'out.txt'));
    symlinkSync('nowhere', join(root, 'dangling.txt'));
    symlinkSync('a/in.txt', join(root, 'link.txt'));
    symlinkSync('..', join(root, 'a/up'));
    symlinkSync('a', join(root, 'same'));
    expect(await run('glob', { pattern: '**' })).toEqual({
      paths: ['a/in.txt', 'link.txt'],
      truncated: false,
    });
    expect(await run('glob', { pattern: 'out/*' })).toEqual({ paths: [], truncated: false });
  });

  it.each([
    [{ pattern: '../*' }, 'FILE_PATTERN_INVALID'],
    [{ pattern: '/etc/*' }, 'FILE_PATTERN_INVALID'],
    [{ pattern: '*', cwd: '..' }, 'PATH_OUTSIDE'],
    [{ pattern: '*', cwd: 'none' }, 'FILE_NOT_FOUND'],
    [{ pattern: '*', cwd: 'a' }, 'FILE_NOT_DIRECTORY'],
  ])('fails for %j with %s', async (config, code) => {
    put('a');
    expect(await failure(run('glob', config))).toMatchObject({ code, retryable: false });
  });
});

describe('every handler', () => {
  it.each([
    ['read', { path: 'a' }],
    ['write', { path: 'b', content: '' }],
    ['copy', { from: 'a', to: 'b' }],
    ['move', { from: 'a', to: 'b' }],
    ['remove', { path: 'a' }],
    ['glob', { pattern: '*' }],
  ])('file.%s does nothing when it is aborted already', async (name, config) => {
    put('a');
    const reason = new Error('cancelled');
    expect(await failure(run(name, config, AbortSignal.abort(reason)))).toBe(reason);
    expect(readdirSync(root)).toEqual(['a']);
  });
});
