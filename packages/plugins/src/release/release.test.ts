import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { createContext } from '../testing/context.ts';
import { failure } from '../testing/failure.ts';
import { makeFolder } from '../testing/folder.ts';
import { makeRepository, git as realGit } from '../testing/repository.ts';
import { addRelease, entriesOf, sectionOf } from './changelog-text.ts';
import { parseCommit } from './commits.ts';
import type { Edited } from './edit.ts';
import { release } from './index.ts';
import { replaceRegions } from './readme-update.ts';

let workspace: string;

beforeEach(async () => {
  workspace = await makeFolder();
});

const read = (path: string): Promise<string> => readFile(join(workspace, path), 'utf8');
const put = (path: string, text: string): Promise<void> => writeFile(join(workspace, path), text);
const git = (...args: string[]): Promise<string> => realGit(workspace, ...args);
const commit = (message: string) => git('commit', '--quiet', '--allow-empty', '--message', message);

async function run(
  name: string,
  config: object,
  key = 'exec-1:step',
): Promise<Edited & Record<string, unknown>> {
  const module = await release.handlers![name]!.load!();
  const context = createContext(config, { root: workspace });
  return (await module.execute(Object.assign(context, { idempotencyKey: key }) as never)) as never;
}

const manifest = `{
    "name": "a",  "version": "1.2.3",
    "dependencies": { "x": "1.2.3" }
}`;

describe('release.version_bump', () => {
  it.each([
    [{ bump: 'patch' }, '1.2.4'],
    [{ bump: 'minor' }, '1.3.0'],
    [{ bump: 'major' }, '2.0.0'],
    [{ bump: 'pre' }, '1.2.4-rc.0'],
    [{ bump: 'pre', pre: 'beta' }, '1.2.4-beta.0'],
    [{ version: '1.10.0' }, '1.10.0'],
  ])('%j gives %s, and changes nothing else', async (config, to) => {
    await put('package.json', manifest);
    const output = await run('version_bump', config);
    expect(output).toMatchObject({ from: '1.2.3', to, tag: `v${to}`, files: ['package.json'] });
    expect(await read('package.json')).toBe(manifest.replace('1.2.3', to));
    expect(await run('undo', { of: output })).toEqual({ restored: ['package.json'] });
    expect(await read('package.json')).toBe(manifest);
    expect(await run('undo', { of: output })).toEqual({ restored: [] });
  });

  it.each([
    ['fix: a', '1.2.4'],
    ['docs: a', '1.2.4'],
    ['feat: a', '1.3.0'],
    ['feat!: a', '2.0.0'],
    ['fix: a\n\nBREAKING CHANGE: b', '2.0.0'],
  ])('auto: %j makes it %s', async (message, to) => {
    await makeRepository(workspace, { 'package.json': manifest });
    await commit('feat!: long ago');
    await git('tag', 'v1.2.3');
    expect(await failure(run('version_bump', { bump: 'auto' }))).toMatchObject({ code: 'RELEASE_NOTHING' });
    await commit('chore: first');
    await commit(message);
    await commit('chore: last');
    expect(await run('version_bump', { bump: 'auto' })).toMatchObject({ to });
  });

  it('takes the packages of the workspace along that have the same version', async () => {
    const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;
    await makeRepository(workspace, {
      'package.json': json({ name: 'root', version: '1.0.0', workspaces: ['packages/*', '!packages/out'] }),
      'packages/a/package.json': json({
        name: 'a',
        version: '1.0.0',
        dependencies: { b: '^1.0.0', other: '1.0.0' },
      }),
      'packages/b/package.json': json({
        name: 'b',
        version: '1.0.0',
        devDependencies: { a: 'workspace:~1.0.0' },
      }),
      'packages/own/package.json': json({ name: 'own', version: '3.0.0', dependencies: { a: '1.0.0' } }),
      'packages/out/package.json': json({ name: 'out', version: '1.0.0' }),
      'package-lock.json': json({
        version: '1.0.0',
        packages: {
          '': { version: '1.0.0' },
          'packages/a': { version: '1.0.0' },
          'node_modules/x': { version: '1.0.0' },
        },
      }),
    });
    const output = await run('version_bump', { bump: 'minor' });
    const files = ['package.json', 'packages/a/package.json', 'packages/b/package.json', 'package-lock.json'];
    expect(output.files).toEqual(files);
    expect(JSON.parse(await read('packages/a/package.json'))).toMatchObject({
      version: '1.1.0',
      dependencies: { b: '^1.1.0', other: '1.0.0' },
    });
    expect(JSON.parse(await read('packages/b/package.json'))).toMatchObject({
      devDependencies: { a: 'workspace:~1.1.0' },
    });
    expect(JSON.parse(await read('package-lock.json'))).toMatchObject({
      version: '1.1.0',
      packages: {
        '': { version: '1.1.0' },
        'packages/a': { version: '1.1.0' },
        'node_modules/x': { version: '1.0.0' },
      },
    });
    await run('undo', { of: output });
    expect(await git('status', '--porcelain')).toBe('');
  });

  it.each([
    ['no package.json', undefined, 'RELEASE_FILE_INVALID'],
    ['no JSON', '{ "version": ', 'RELEASE_FILE_INVALID'],
    ['no object', '[1]', 'RELEASE_FILE_INVALID'],
    ['no version', '{}', 'RELEASE_VERSION_INVALID'],
    ['an odd version', '{"version":"latest"}', 'RELEASE_VERSION_INVALID'],
    ['a version that is no text', '{"version":{"a":1}}', 'RELEASE_VERSION_INVALID'],
    ['bytes that are no text', '\uD800', 'RELEASE_FILE_INVALID'],
  ])('refuses %s', async (_name, text, code) => {
    if (text !== undefined) await put('package.json', text);
    expect(await failure(run('version_bump', {}))).toMatchObject({ code, retryable: false });
  });

  it('refuses a version that does not come after, and paths outside', async () => {
    await put('package.json', manifest);
    for (const version of ['1.2.3', '1.0.0', 'v2.0.0', '2', '--x'])
      expect(await failure(run('version_bump', { version }))).toMatchObject({
        code: 'RELEASE_VERSION_INVALID',
      });
    expect(await failure(run('version_bump', { folder: '..' }))).toMatchObject({ code: 'PATH_OUTSIDE' });
    expect(await failure(run('changelog_create', { path: '../x' }))).toMatchObject({ code: 'PATH_OUTSIDE' });
    const of = {
      kind: 'release',
      folder: '.',
      journal: '0'.repeat(64),
      changes: [{ path: '../x', before: null, after: 'x', at: 0, removed: '', added: '' }],
    };
    expect(await failure(run('undo', { of }))).toMatchObject({ code: 'PATH_OUTSIDE' });
    const elsewhere = { ...of, changes: [], journal: '../../x' };
    expect(await failure(run('undo', { of: elsewhere }))).toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('undoes nothing that somebody changed since', async () => {
    await put('package.json', manifest);
    const output = await run('version_bump', {});
    await put('package.json', '{}');
    expect(await failure(run('undo', { of: output }))).toMatchObject({ code: 'RELEASE_CHANGED' });
    expect(await read('package.json')).toBe('{}');
  });

  it('goes on after a crash between two files, and raises nothing twice', async () => {
    await makeRepository(workspace, {
      'package.json': '{"version":"1.0.0"}',
      'package-lock.json': '{"version":"1.0.0"}',
    });
    const output = await run('version_bump', {});
    await git('checkout', '--', 'package-lock.json');
    expect(await run('version_bump', {})).toEqual(output);
    expect(await read('package-lock.json')).toBe('{"version":"1.0.1"}');
    await put('package.json', '{"version":"9.0.0"}');
    expect(await failure(run('version_bump', {}))).toMatchObject({ code: 'RELEASE_CHANGED' });
    expect(await run('version_bump', {}, 'exec-2:step')).toMatchObject({ from: '9.0.0' });
  });
});

describe('changelog', () => {
  const commits = (...messages: string[]) =>
    messages.map((message) => {
      const [subject = '', ...body] = message.split('\n');
      return parseCommit('0', subject, body.join('\n'));
    });
  const told = (...messages: string[]) => ({
    version: '1.1.0',
    date: '2026-03-01',
    tag: 'v1.1.0',
    entries: entriesOf(commits(...messages.toReversed())),
  });

  it('puts what the commits say under what is there, and links it', () => {
    const before = `# Changelog

## [Unreleased]

Words before.

### Fixed

- By hand

### Odd

- Kept

## [1.0.0] - 2026-01-01

### Added

- Old

[Unreleased]: https://example.test/compare/v1.0.0...HEAD
[1.0.0]: https://example.test/releases/v1.0.0
`;
    const after = addRelease(
      before,
      told('feat(api): new route', 'fix: crash', 'fix: crash', 'chore: x', 'docs!: gone', 'no convention'),
    );
    expect(after).toBe(`# Changelog

## [Unreleased]

## [1.1.0] - 2026-03-01

Words before.

### Added

- **api:** New route

### Changed

- **Breaking:** Gone

### Fixed

- By hand
- Crash

### Odd

- Kept

## [1.0.0] - 2026-01-01

### Added

- Old

[Unreleased]: https://example.test/compare/v1.1.0...HEAD
[1.1.0]: https://example.test/compare/v1.0.0...v1.1.0
[1.0.0]: https://example.test/releases/v1.0.0
`);
    expect(sectionOf(after, '1.1.0')).toMatch(/^Words before\.\n\n### Added.*- Kept$/s);
    expect(() => addRelease(after, told())).toThrow(/tells of version 1\.1\.0 already/);
  });

  it('follows the style that is there, without "Unreleased", with other line ends and examples', () => {
    const before = '# Changes\r\n\r\n```md\r\n## [9.9.9]\r\n```\r\n\r\n## 1.0.0\r\n\r\n- Old\r\n';
    expect(addRelease(before, told('fix: x'))).toBe(
      '# Changes\r\n\r\n```md\r\n## [9.9.9]\r\n```\r\n\r\n## 1.1.0 - 2026-03-01\r\n\r\n### Fixed\r\n\r\n- X\r\n\r\n## 1.0.0\r\n\r\n- Old\r\n',
    );
  });

  it.each(['', '\n', '## [Unreleased]', '# Changelog', '[a]: b', '# C\n\n## [Unreleased]\n\n### Fixed\n'])(
    'makes a section in %j',
    (before) => {
      const after = addRelease(before, told('fix: x'));
      expect(sectionOf(after, '1.1.0')).toBe('### Fixed\n\n- X');
      expect(after).toMatch(/[^\n]\n$/);
    },
  );

  it('lets no commit write HTML or headings', () => {
    const after = addRelease('', told('fix: <script>alert(1)</script>', `feat: ${'x'.repeat(100_000)}`));
    expect(after).not.toContain('<script');
    expect(after.length).toBeLessThan(1_000);
  });

  it('is begun once, and taken back with its file', async () => {
    const output = await run('changelog_create', {}, 'a');
    expect(output).toMatchObject({ created: true, files: ['CHANGELOG.md'] });
    expect(await run('changelog_create', {}, 'b')).toMatchObject({ created: false, files: [] });
    await run('undo', { of: output });
    expect(await failure(read('CHANGELOG.md'))).toMatchObject({ code: 'ENOENT' });
  });

  it('reads the commits of a folder since the last tag, and the day from the execution', async () => {
    await makeRepository(workspace, { 'a/x': '', 'b/x': '' });
    await commit('feat: long ago');
    await git('tag', 'v1.0.0');
    for (const folder of ['a', 'b']) {
      await put(`${folder}/x`, '1');
      await git('commit', '--quiet', '-am', `fix: of ${folder}`);
    }
    const output = await run('changelog_update', { folder: 'a', version: '1.0.1' });
    expect(output).toMatchObject({ entries: 1, section: '### Fixed\n\n- Of a', files: ['CHANGELOG.md'] });
    expect(await read('a/CHANGELOG.md')).toContain('## [1.0.1] - 2026-01-01');
    expect(await failure(run('changelog_update', { version: 'x', commits: false }))).toMatchObject({
      code: 'RELEASE_VERSION_INVALID',
    });
    expect(await failure(run('changelog_update', { version: '2.0.0', from: '--all' }, 'c'))).toMatchObject({
      code: 'GIT_REF_INVALID',
    });
  });
});

describe('release.readme_update', () => {
  it.each([
    [
      'a <!-- version -->1.0.0<!-- /version --> 1.0.0',
      '1.1.0',
      'a <!-- version -->1.1.0<!-- /version --> 1.0.0',
    ],
    [
      '<!-- version -->\n`npm i a@1.0.0`, not 11.0.0 or 1.0.01\n<!-- /version -->',
      '1.1.0',
      '<!-- version -->\n`npm i a@1.1.0`, not 11.0.0 or 1.0.01\n<!-- /version -->',
    ],
    [
      '<!-- version -->![](https://img.shields.io/badge/version-1.0.0-blue) 1.0.0<!-- /version -->',
      '2.0.0-rc.1',
      '<!-- version -->![](https://img.shields.io/badge/version-2.0.0--rc.1-blue) 2.0.0-rc.1<!-- /version -->',
    ],
    ['<!-- version -->1.0.0', '1.1.0', '<!-- version -->1.0.0'],
    ['<!-- other -->1.0.0<!-- /other -->', '1.1.0', '<!-- other -->1.0.0<!-- /other -->'],
    ['<!-- badge -->x<!-- /badge -->', '1.1.0', '<!-- badge -->$& y<!-- /badge -->'],
  ])('makes of %j with %s %j', (text, to, expected) => {
    expect(replaceRegions(text, '1.0.0', to, { badge: '$& y' }).text).toBe(expected);
  });

  it('is fast on hostile text', () => {
    const text = '<!-- version -->'.repeat(20_000);
    const started = process.cpuUsage().user;
    replaceRegions(text, '1.0.0', '1.1.0', {});
    expect(process.cpuUsage().user - started).toBeLessThan(5_000_000);
  });

  it('fails without a pair of comments only when it should', async () => {
    await put('README.md', '1.0.0');
    const config = { from: '1.0.0', to: '1.1.0' };
    expect(await run('readme_update', config)).toMatchObject({ regions: 0, files: [] });
    expect(await failure(run('readme_update', { ...config, required: true }, 'b'))).toMatchObject({
      code: 'RELEASE_NO_MARKER',
    });
  });
});
