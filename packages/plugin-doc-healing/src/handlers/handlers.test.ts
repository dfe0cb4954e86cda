import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createContext } from '../testing/context.ts';
import { git, makeFolder, makeRepository, writeFiles } from '../testing/folder.ts';
import { after, before, healed } from '../testing/samples.ts';
import { createCheck } from './check.ts';
import { execute as deliver } from './deliver.ts';
import { execute as heal } from './heal.ts';
import { execute as report } from './report.ts';

const check = createCheck({});

describe('check', () => {
  it('finds nothing wrong where the documentation is right', async () => {
    const { folder } = makeRepository(before);
    const output = await check(createContext({}, folder));
    expect(output).toMatchObject({ files: 2, total: 0, findings: [], blocks: { total: 2, ok: 2 } });
  });

  it('finds all that the code left behind, with its place', async () => {
    const { folder, commits } = makeRepository(before, after);
    const source = { base: commits[0]! };
    const { findings } = (await check(createContext({ source }, folder))) as {
      findings: { kind: string; line: number; subject: string }[];
    };
    expect(findings.map(({ kind, line, subject }) => `${line} ${kind} ${subject}`)).toEqual([
      '3 image_missing docs/logo.svg',
      '5 anchor_missing docs/guide.md#first-steps',
      '8 version_outdated 1.4.0',
      '9 script_missing check-all',
      '10 flag_unknown dry-run',
      '14 name_unknown measure',
      '14 name_unknown openStore',
      '16 name_unknown openStore',
      '16 name_unknown waitMs',
      "17 call_mismatch copyItem('a', 'b')",
      '21 name_unknown openStore',
    ]);
  });
});

describe('heal', () => {
  it('makes it right again, by a diff that git applies', async () => {
    const { folder, commits } = makeRepository(before, after);
    const output = await heal(
      createContext({ source: { revision: commits[1]!, base: commits[0]! } }, folder),
    );
    expect(output.left).toEqual([]);
    await deliver(createContext({ patch: output.patch, as: 'file', path: 'out/healing.patch' }, folder));
    git(folder, 'apply', 'out/healing.patch');
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toBe(healed);
    for (const { confidence, reason } of output.corrections) {
      expect(confidence).toBeGreaterThan(0.6);
      expect(reason).not.toBe('');
    }
  });

  it('corrects only what is sure enough', async () => {
    const { folder, commits } = makeRepository(before, after);
    const output = await heal(createContext({ source: { base: commits[0]! }, min_confidence: 1 }, folder));
    expect(output).toMatchObject({ patch: '', healed: 0, files: [] });
    expect(output.left).toHaveLength(11);
  });
});

describe('deliver', () => {
  it('commits to a branch and touches nothing else, also when it is run again', async () => {
    const { folder, commits } = makeRepository(before, after);
    const source = { revision: commits[1]!, base: commits[0]! };
    const { patch } = await heal(createContext({ source }, folder));
    const config = { source, patch, as: 'branch', branch: 'healed' } as const;
    const first = await deliver(createContext(config, folder));
    expect(first).toMatchObject({ delivered: true, branch: 'healed', files: ['README.md'] });
    expect(await deliver(createContext(config, folder))).toEqual(first);
    expect(git(folder, 'show', 'healed:README.md')).toBe(healed);
    expect(git(folder, 'rev-parse', 'healed^').trim()).toBe(commits[1]);
    expect(git(folder, 'status', '--porcelain')).toBe('');
    expect(git(folder, 'rev-parse', '--abbrev-ref', 'HEAD').trim()).toBe('main');
  });

  it('takes the mode of a file from no other one whose name ends like it', async () => {
    const { folder } = makeRepository({ 'docs/a.md': '# A\n' });
    mkdirSync(join(folder, 'a\tdocs'));
    symlinkSync('elsewhere', join(folder, 'a\tdocs/a.md'));
    git(folder, 'add', '-A');
    git(folder, '-c', 'user.name=A', '-c', 'user.email=a@b.test', 'commit', '-q', '-m', 'x');
    const patch = '--- a/docs/a.md\n+++ b/docs/a.md\n@@ -1 +1 @@\n-# A\n+# B\n';
    await deliver(createContext({ patch, as: 'branch', branch: 'healed' }, folder));
    expect(git(folder, 'ls-tree', 'healed', 'docs/')).toMatch(/^100644 /);
  });

  it('leaves a branch as it is on which somebody has gone on from what was delivered', async () => {
    const { folder, commits } = makeRepository(before, after);
    const source = { revision: commits[1]!, base: commits[0]! };
    const { patch } = await heal(createContext({ source }, folder));
    const config = { source, patch, as: 'branch', branch: 'healed' } as const;
    const first = await deliver(createContext(config, folder));
    const person = ['-c', 'user.name=A', '-c', 'user.email=a@b.test'];
    git(folder, 'checkout', '-q', 'healed');
    git(folder, ...person, 'commit', '-q', '--allow-empty', '-m', 'mine');
    git(folder, 'checkout', '-q', 'main');
    const theirs = git(folder, 'rev-parse', 'healed');
    expect(await deliver(createContext(config, folder))).toEqual(first);
    expect(git(folder, 'rev-parse', 'healed')).toBe(theirs);
  });

  it('does not move a branch with commits of others, nor the one that is checked out', async () => {
    const { folder, commits } = makeRepository(before, after);
    const source = { revision: commits[1]!, base: commits[0]! };
    const { patch } = await heal(createContext({ source }, folder));
    git(folder, 'checkout', '-q', '-b', 'mine');
    git(
      folder,
      '-c',
      'user.name=A',
      '-c',
      'user.email=a@b.test',
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      'mine',
    );
    const on = (branch: string) => deliver(createContext({ source, patch, as: 'branch', branch }, folder));
    await expect(on('mine')).rejects.toMatchObject({ code: 'DOC_BRANCH_TAKEN' });
    git(folder, 'checkout', '-q', 'main');
    git(folder, 'branch', 'release', commits[0]!);
    for (const branch of ['mine', 'release'])
      await expect(on(branch)).rejects.toMatchObject({ code: 'DOC_BRANCH_TAKEN' });
    expect(git(folder, 'rev-parse', 'release').trim()).toBe(commits[0]);
    for (const branch of ['-f', 'a..b', '../x', 'a b', 'refs/x.lock', '--upload-pack=x'])
      await expect(on(branch)).rejects.toMatchObject({ code: 'DOC_BRANCH_INVALID' });
  });

  it('uses a branch again that was merged, or has only what was delivered before', async () => {
    const { folder, commits } = makeRepository(before, after);
    const source = { revision: 'main', base: commits[0]! };
    const { patch } = await heal(createContext({ source }, folder));
    const config = { source, as: 'branch', branch: 'docs' } as const;
    await deliver(createContext({ ...config, patch }, folder));
    const merged = git(folder, 'rev-parse', 'docs').trim();
    git(folder, 'merge', '-q', '--ff-only', 'docs');
    const more = '--- a/README.md\n+++ b/README.md\n@@ -1 +1 @@\n-# Kit\n+# The kit\n';
    const { commit } = await deliver(createContext({ ...config, patch: more }, folder));
    expect(git(folder, 'rev-parse', 'docs', 'docs^').trim().split('\n')).toEqual([commit, merged]);
    const other = { ...config, patch: more, message: 'Say which' };
    expect((await deliver(createContext(other, folder))).commit).not.toBe(commit);
    const amended = [
      '-c',
      'user.name=A',
      '-c',
      'user.email=a@b.test',
      'commit',
      '-q',
      '--amend',
      '-m',
      'mine',
    ];
    git(folder, 'checkout', '-q', 'docs');
    git(folder, ...amended);
    git(folder, 'checkout', '-q', 'main');
    await expect(deliver(createContext(other, folder))).rejects.toMatchObject({ code: 'DOC_BRANCH_TAKEN' });
  });

  it('says that git failed when it cannot tell whose commits a branch has', async () => {
    const { folder, commits } = makeRepository(before, after);
    const source = { revision: commits[1]!, base: commits[0]! };
    const { patch } = await heal(createContext({ source }, folder));
    writeFiles(folder, { '.git/refs/heads/docs': `${'1'.repeat(40)}\n` });
    const work = deliver(createContext({ source, patch, as: 'branch', branch: 'docs' }, folder));
    await expect(work).rejects.toMatchObject({ code: 'DOC_GIT_FAILED' });
  });

  it('applies to the files as they are', async () => {
    const { folder, commits } = makeRepository(before, after);
    const { patch } = await heal(createContext({ source: { base: commits[0]! } }, folder));
    const output = await deliver(createContext({ patch, as: 'apply' }, folder));
    expect(output).toEqual({ delivered: true, files: ['README.md'] });
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toBe(healed);
    await expect(deliver(createContext({ patch, as: 'apply' }, folder))).rejects.toMatchObject({
      code: 'DOC_PATCH_REFUSED',
    });
  });

  it.each([
    ['a path that leads out', '--- a/../x.md\n+++ b/../x.md\n@@ -1 +1 @@\n-a\n+b\n'],
    ['an absolute path', '--- /etc/x.md\n+++ /etc/x.md\n@@ -1 +1 @@\n-a\n+b\n'],
    ['the repository itself', '--- a/.git/x.md\n+++ b/.git/x.md\n@@ -1 +1 @@\n-a\n+b\n'],
    ['code', '--- a/src/index.ts\n+++ b/src/index.ts\n@@ -1 +1 @@\n-a\n+b\n'],
    ['a new file', '--- a/new.md\n+++ b/new.md\n@@ -0,0 +1 @@\n+b\n'],
    ['no diff in it', 'It is all right as it is.\n'],
    ['what does not fit', '--- a/README.md\n+++ b/README.md\n@@ -1 +1 @@\n-a\n+b\n'],
  ])('refuses a diff with %s', async (_, patch) => {
    const { folder } = makeRepository(before);
    await expect(deliver(createContext({ patch, as: 'apply' }, folder))).rejects.toMatchObject({
      code: 'DOC_PATCH_REFUSED',
    });
  });

  it('has nothing to do without a diff', async () => {
    const folder = makeFolder({ 'a.md': 'a\n' });
    const patch = '--- a/a.md\n+++ b/a.md\n@@ -1 +1 @@\n-a\n+b\n';
    expect(await deliver(createContext({ patch: '', as: 'apply' }, folder))).toEqual({ delivered: false });
    await expect(deliver(createContext({ patch, as: 'pull_request' }, folder))).rejects.toMatchObject({
      code: 'DOC_SOURCE_INVALID',
    });
    await expect(
      deliver(createContext({ patch: '', as: 'file', path: '../x' }, folder)),
    ).rejects.toMatchObject({ code: 'PATH_OUTSIDE' });
  });
});

describe('report', () => {
  it('tells people what was found and healed, and lets no text of documentation become part of the report', async () => {
    const { folder, commits } = makeRepository(
      { ...before, 'evil.md': '[x](<a|b](https://x.test)\\n# h>)\n' },
      { ...after, 'evil.md': '[x](no`<img>.md)\n' },
    );
    const source = { base: commits[0]! };
    const output = await check(createContext({ source }, folder));
    const healing = await heal(createContext({ source }, folder));
    const { path, summary } = await report(createContext({ report: output, healing }, folder));
    const text = readFileSync(join(folder, path), 'utf8');
    expect(summary).toMatch(/^3 files, 2 code blocks \(0 not checked\): \d+ findings, \d+ corrected\.$/);
    expect(text).toContain('`README.md:9`');
    expect(text).toContain('```diff');
    expect(text.replace(/`[^`]*`/g, '')).not.toContain('<img>');
    const json = await report(createContext({ report: output, path: 'r.json' }, folder));
    expect(JSON.parse(readFileSync(join(folder, json.path), 'utf8'))).toMatchObject({
      report: { total: (output as { total: number }).total },
    });
    await expect(report(createContext({ report: 1 }, folder))).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
  });
});
