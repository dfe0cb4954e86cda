import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { checkProject, type Report } from './check/check-project.ts';
import { createCheck } from './handlers/check.ts';
import { execute as heal } from './handlers/heal.ts';
import { openProject } from './project/project.ts';
import { createContext } from './testing/context.ts';
import { type Files, git, makeFolder, makeRepository } from './testing/folder.ts';
import { openRevision } from './tree/revision.ts';
import { createMemoryTree } from './tree/tree.ts';

const check = createCheck({});

async function report(files: Files, config: object = {}): Promise<Report> {
  return (await check(createContext(config, makeFolder(files)))) as Report;
}

/** Where a clone has an object that is not packed. */
function objectOf(oid: string): string {
  return `${oid.slice(0, 2)}/${oid.slice(2).trim()}`;
}

describe('files that nobody wrote to be read', () => {
  it('are named, and not called fine', async () => {
    const { skipped, findings } = await report({
      'binary.md': new Uint8Array([35, 32, 0, 1, 2, 255]),
      'huge.md': 'a '.repeat(2_000_000),
      'latin.md': new Uint8Array([35, 32, 0xe9, 0x20]),
      'nested.md': `${'> '.repeat(5000)}x\n`,
      'runs.md': `${'['.repeat(50_000)}\n`,
      'stars.md': `${'*a_ '.repeat(20_000)}\n`,
    });
    expect(skipped).toEqual([
      { file: 'binary.md', reason: 'binary' },
      { file: 'huge.md', reason: 'too_large' },
      { file: 'latin.md', reason: 'binary' },
      { file: 'nested.md', reason: 'nested' },
      { file: 'runs.md', reason: 'nested' },
      { file: 'stars.md', reason: 'nested' },
    ]);
    expect(findings).toEqual([]);
  });

  it('do not keep the others from being checked when checking fails over them', async () => {
    const files = { 'a.md': '[a](x.md)\n', 'b.md': '```json\n{}\n```\n', 'c.md': '[c](y.md)\n' };
    const project = await openProject(createMemoryTree(files), undefined);
    vi.spyOn(project.syntax, 'check').mockImplementation(async () => {
      throw new TypeError('x is undefined');
    });
    const { skipped, findings } = await checkProject(project);
    expect(skipped).toEqual([{ file: 'b.md', reason: 'unreadable' }]);
    expect(findings.map(({ file }) => file)).toEqual(['a.md', 'c.md']);
    vi.spyOn(project.syntax, 'check').mockRejectedValue(new Error('enough'));
    await expect(checkProject(project)).rejects.toThrow('enough');
  });

  it('hold blocks that no parser gets through', async () => {
    const deep = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\`\n`;
    const { languages } = await report({
      'a.md': [
        deep('js', `f${'('.repeat(40_000)}`),
        deep('ts', `type A = ${'Array<'.repeat(20_000)}`),
        deep('json', '['.repeat(60_000)),
        deep('yaml', `a: ${'['.repeat(40_000)}`),
        deep('html', '<b>'.repeat(20_000)),
        deep('css', `a${'{'.repeat(20_000)}`),
      ].join('\n'),
    });
    for (const { ok, language } of languages) expect({ language, ok }).toEqual({ language, ok: 0 });
  });

  it('make no pattern here run for ever', async () => {
    const long = 60_000;
    const { total } = await report({
      'package.json': JSON.stringify({ name: 'a', version: '1.0.0', bin: { a: 'a.js' } }),
      'a.js': `${'--a-'.repeat(long)}\n${'a'.repeat(long)}\n${' '.repeat(long)}:`,
      'a.md': [
        `\`\`\`sh\na ${'--x='.repeat(2000)}\nnpm ${' '.repeat(2000)} run\n\`\`\``,
        `\`\`\`js\n${'.'.repeat(5000)}\n\`\`\``,
        `a@${'1.'.repeat(long)}`,
        `<a href="${'x'.repeat(long)}`,
        `<h1 ${'<'.repeat(300)}`,
        `${'a/'.repeat(long / 2)}@1`,
        `\`${' '.repeat(long)}\``,
      ].join('\n\n'),
    });
    expect(total).toBeLessThan(10);
  }, 60_000);
});

describe('places outside', () => {
  it('are not read through symlinks, and not named by links', async () => {
    const outside = makeFolder({ 'secret.md': '# Top secret\n', 'more/x.md': '[a](nowhere.md)\n' });
    const folder = makeFolder({
      'a.md':
        '[s](link.md#top-secret) [o](../../../../etc/passwd) [f](file:///etc/passwd) [j](javascript:alert(1))\n',
    });
    symlinkSync(join(outside, 'secret.md'), join(folder, 'link.md'));
    symlinkSync(join(outside, 'more'), join(folder, 'more'));
    symlinkSync('/dev/zero', join(folder, 'zero.md'));
    const output = (await check(createContext({}, folder))) as Report;
    expect(JSON.stringify(output)).not.toMatch(/Top secret|nowhere/);
    expect(output.skipped).toEqual([
      { file: 'link.md', reason: 'outside' },
      { file: 'zero.md', reason: 'outside' },
    ]);
  });

  it.each(['..', '/etc', 'a/../../b'])('cannot be the folder: %j', async (folder) => {
    await expect(check(createContext({ source: { folder } }, makeFolder()))).rejects.toMatchObject({
      code: 'PATH_OUTSIDE',
    });
  });

  it('are not asked for without being told to, and private ones not at all', async () => {
    const { total } = await report(
      { 'a.md': '[a](http://127.0.0.1:1/) [b](http://169.254.169.254/latest/)\n' },
      { links: true },
    );
    expect(total).toBe(0);
  });
});

describe('repositories', () => {
  it.each(['--output=x', '-x', '$(id)', 'a b', 'HEAD:README.md', 'x\ny', ''])(
    'take no option for a revision: %j',
    async (revision) => {
      const { folder } = makeRepository({ 'a.md': 'a\n' });
      await expect(check(createContext({ source: { revision } }, folder))).rejects.toMatchObject({
        code: 'DOC_REVISION_INVALID',
      });
    },
  );

  it('run none of the programs that they are set up with', async () => {
    const { folder } = makeRepository({
      'a.md': '```json\n{"a": 1,}\n```\n',
      '.gitattributes': '*.md filter=evil diff=evil\n',
    });
    const mark = join(folder, 'ran');
    const script = join(folder, '.git', 'evil.sh');
    writeFileSync(script, `#!/bin/sh\ntouch ${mark}\n`, { mode: 0o755 });
    mkdirSync(join(folder, '.git/hooks'), { recursive: true });
    for (const hook of ['post-index-change', 'reference-transaction', 'pre-commit'])
      writeFileSync(join(folder, '.git/hooks', hook), `#!/bin/sh\ntouch ${mark}\n`, { mode: 0o755 });
    for (const [name, value] of Object.entries({
      'core.fsmonitor': script,
      'diff.external': script,
      'core.pager': script,
      'diff.evil.textconv': script,
      'core.hooksPath': join(folder, '.git/hooks'),
    }))
      git(folder, 'config', name, value);
    const { patch } = await heal(createContext({ source: {} }, folder));
    const { execute: deliver } = await import('./handlers/deliver.ts');
    await deliver(createContext({ patch, as: 'branch', branch: 'healed' }, folder));
    expect(existsSync(mark)).toBe(false);
  });

  it('fetch nothing that they lack by what they name for it', async () => {
    const { folder } = makeRepository({ 'docs/a.md': '[x](y.md)\n', 'docs/.gitignore': 'x\n' });
    const { folder: far } = makeRepository({ 'a.md': 'a\n' });
    const mark = join(folder, 'ran');
    for (const path of ['docs/a.md', 'docs/.gitignore'])
      rmSync(join(folder, '.git/objects', objectOf(git(folder, 'rev-parse', `HEAD:${path}`))));
    for (const [name, value] of Object.entries({
      'core.repositoryFormatVersion': '1',
      'extensions.partialClone': 'origin',
      'remote.origin.promisor': 'true',
      'remote.origin.url': far,
      'remote.origin.uploadpack': `touch ${mark}; git-upload-pack`,
    }))
      git(folder, 'config', name, value);
    for (const source of [{ revision: 'HEAD' }, { base: 'HEAD' }, { folder: 'docs', revision: 'HEAD' }])
      await expect(check(createContext({ source }, folder))).rejects.toMatchObject({
        code: 'GIT_CONFIG_UNSAFE',
        retryable: false,
      });
    // Also what goes past that refusal finds no way out.
    await (await openRevision(folder, 'HEAD')).read('docs/a.md').catch(() => {});
    git(folder, 'update-index', '--skip-worktree', 'docs/.gitignore');
    rmSync(join(folder, 'docs/.gitignore'));
    expect((await check(createContext({}, folder))) as Report).toMatchObject({ total: 1 });
    expect(existsSync(mark)).toBe(false);
    // The trap works.
    expect(() => git(folder, 'cat-file', 'blob', 'HEAD:docs/a.md')).toThrow();
    expect(existsSync(mark)).toBe(true);
  });

  it('are refused when their config has hooks', async () => {
    const { folder } = makeRepository({ 'a.md': 'a\n' });
    git(folder, 'config', 'hook.x.event', 'reference-transaction');
    git(folder, 'config', 'hook.x.command', 'true');
    await expect(check(createContext({ source: { revision: 'HEAD' } }, folder))).rejects.toMatchObject({
      code: 'GIT_CONFIG_UNSAFE',
      message: expect.stringContaining('hook.x.command'),
    });
  });

  it('are no files of a tree that look like one', async () => {
    const { folder } = makeRepository({ 'docs/guide.md': '[x](y.md)\n' });
    const { folder: other } = makeRepository({ 'a.md': '[x](y.md)\n' });
    git(folder, 'clone', '-q', '--bare', other, 'lib');
    git(folder, 'config', '--file', 'lib/config', 'core.bare', 'false');
    git(folder, 'config', '--file', 'lib/config', 'core.worktree', '.');
    await expect(
      check(createContext({ source: { folder: 'lib', revision: 'HEAD' } }, folder)),
    ).rejects.toMatchObject({ code: 'GIT_NO_REPOSITORY' });
  });

  it('have a working tree, or are said to be bare', async () => {
    const { folder } = makeRepository({ 'a.md': '[x](y.md)\n' });
    const inside = makeFolder();
    for (const kind of ['bare', 'mirror']) {
      git(folder, 'clone', '-q', `--${kind}`, folder, join(inside, kind));
      const source = { folder: kind, revision: 'HEAD' };
      await expect(check(createContext({ source }, inside))).rejects.toMatchObject({
        code: 'GIT_NO_REPOSITORY',
        message: expect.stringMatching(/bare repository .* clone with a working tree/),
      });
    }
  });

  it('lie in the workspace, all of them', async () => {
    const { folder } = makeRepository({ 'docs/guide.md': '[x](y.md)\n' });
    const inside = makeFolder({ 'docs/.git': `gitdir: ${join(folder, '.git')}\n` });
    const context = createContext({ source: { folder: 'docs', revision: 'HEAD' } }, inside);
    await expect(check(context)).rejects.toMatchObject({ code: 'PATH_OUTSIDE' });
    const below = createContext({ source: { revision: 'HEAD' } }, join(folder, 'docs'));
    await expect(check(below)).rejects.toMatchObject({ code: 'GIT_NO_REPOSITORY' });
  });

  it('check no signature with a program of theirs', async () => {
    const { folder } = makeRepository({ 'a.md': '```json\n{"a": 1,}\n```\n' });
    const mark = join(folder, 'ran');
    const script = join(folder, '.git', 'evil.sh');
    writeFileSync(script, `#!/bin/sh\ntouch ${mark}\n`, { mode: 0o755 });
    const header = git(folder, 'cat-file', 'commit', 'HEAD').replace(
      '\n\n',
      '\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n',
    );
    writeFileSync(join(folder, '.git/signed'), header);
    const signed = git(folder, 'hash-object', '-t', 'commit', '-w', '.git/signed').trim();
    git(folder, 'update-ref', 'refs/heads/main', signed);
    git(folder, 'config', 'gpg.program', script);
    git(folder, 'config', 'log.showSignature', 'true');
    const { patch } = await heal(createContext({ source: {} }, folder));
    const { execute: deliver } = await import('./handlers/deliver.ts');
    for (const message of ['one', 'two'])
      await deliver(createContext({ patch, as: 'branch', branch: 'healed', message }, folder));
    expect(existsSync(mark)).toBe(false);
  });

  it('have package.json files of any kind', async () => {
    const odd = [
      '',
      '[]',
      '{"name": 1, "exports": {"./*": null, ".": [null, {"x": 5}]}, "bin": [], "scripts": []}',
      '{"name": "x", "exports": "../../y", "main": {}}',
      '{"name": "__proto__", "bin": {"__proto__": "x"}}',
    ];
    const files = Object.fromEntries(odd.map((text, at) => [`p${at}/package.json`, text]));
    const { total } = await report({
      ...files,
      'a.md':
        "```js\nimport { a } from 'x';\nimport b from '__proto__';\n```\n```sh\nnpx __proto__ --x\n```\n",
    });
    expect(total).toBe(0);
  });
});

it('stops when it is told to', async () => {
  const { folder } = makeRepository({ 'a.md': 'a\n' });
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(check(createContext({}, folder, { signal }))).rejects.toThrow('enough');
});
