import { existsSync } from 'node:fs';
import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { createContext } from '../testing/context.ts';
import { failure } from '../testing/failure.ts';
import { makeFolder } from '../testing/folder.ts';
import { makeRepository, git as realGit } from '../testing/repository.ts';
import { createGit, type GitOptions } from './index.ts';
import { isRefName } from './refs.ts';
import { protocolOf } from './remote.ts';

let workspace: string;
let root: string;
let first: string;

beforeEach(async () => {
  workspace = await makeFolder();
  root = join(workspace, 'repo');
  await makeRepository(root, { 'a.txt': 'one\ntwo\n', 'docs/b.txt': 'b\n' });
  first = await git('rev-parse', 'HEAD');
});

/** The real git, in the repository. */
const git = (...args: string[]): Promise<string> => realGit(root, ...args);
const put = (path: string, content: string): Promise<void> => writeFile(join(root, path), content);

interface RunOptions extends GitOptions {
  readonly signal?: AbortSignal;
  readonly key?: string;
}

/** Runs a handler as the engine would, the repository being the folder `repo` of the workspace. */
async function run<T = Record<string, unknown>>(
  name: string,
  config: object = {},
  { signal, key = 'exec-1:step', ...options }: RunOptions = {},
): Promise<T> {
  const module = await createGit(options).handlers![name]!.load!();
  const context = createContext({ repository: 'repo', ...config }, { root: workspace, signal });
  return (await module.execute(Object.assign(context, { idempotencyKey: key }) as never)) as T;
}

describe('git.status', () => {
  it('lists what has changed', async () => {
    await git('mv', 'docs/b.txt', 'docs/c.txt');
    await put('a.txt', 'one\n');
    await put('new file\twith "all".txt', '');
    expect(await run('status')).toEqual({
      branch: 'main',
      head: first,
      upstream: null,
      ahead: 0,
      behind: 0,
      clean: false,
      files: [
        { path: 'a.txt', staged: 'unmodified', unstaged: 'modified' },
        { path: 'docs/c.txt', from: 'docs/b.txt', staged: 'renamed', unstaged: 'unmodified' },
        { path: 'new file\twith "all".txt', staged: 'untracked', unstaged: 'untracked' },
      ],
      truncated: false,
    });
    expect(await failure(run('status', { clean: true }))).toMatchObject({ code: 'GIT_NOT_CLEAN' });
  });

  it('knows a repository without commits, and a commit that is checked out', async () => {
    await git('checkout', '--quiet', '--detach');
    expect(await run('status')).toMatchObject({ branch: null, head: first, clean: true });
    await makeFresh('fresh');
    expect(await run('status', { repository: 'fresh' })).toMatchObject({ branch: 'main', head: null });
  });
});

async function makeFresh(name: string): Promise<void> {
  await mkdir(join(workspace, name));
  await realGit(join(workspace, name), 'init', '--quiet', '--initial-branch=main');
}

describe('git.diff', () => {
  it('gives a patch that git applies, and counts', async () => {
    await put('a.txt', 'one\n2\n3\n');
    await put('docs/b.txt', 'c\n');
    const output = await run<{ patch: string }>('diff', { paths: ['a.txt'] });
    expect(output).toMatchObject({
      files: [{ path: 'a.txt', additions: 2, deletions: 1, binary: false }],
      additions: 2,
      deletions: 1,
      truncated: false,
    });
    await git('checkout', '--', 'a.txt');
    await writeFile(join(workspace, 'patch'), output.patch);
    await git('apply', join(workspace, 'patch'));
    expect(await git('diff', '--numstat', 'a.txt')).toBe('2\t1\ta.txt');
  });

  it('compares commits, and what is staged, with renames and binary files', async () => {
    await git('mv', 'a.txt', 'c.txt');
    await put('d.bin', 'a\0b');
    await git('add', '.');
    const files = [
      { path: 'c.txt', from: 'a.txt', additions: 0, deletions: 0, binary: false },
      { path: 'd.bin', additions: 0, deletions: 0, binary: true },
    ];
    expect(await run('diff', { staged: true })).toMatchObject({ files });
    await git('commit', '--quiet', '-m', 'second');
    expect(await run('diff', { from: 'HEAD~1', to: 'main' })).toMatchObject({ files });
  });

  it('cuts a giant patch', async () => {
    await put('a.txt', 'x'.repeat(20_000_000));
    const output = await run<{ patch: string }>('diff', { max_bytes: 1000 });
    expect(output).toMatchObject({ truncated: true, files: [{ path: 'a.txt' }] });
    expect(output.patch).toHaveLength(1000);
    expect(await run('diff', { max_bytes: 0 })).toMatchObject({ truncated: true, patch: '' });
  });

  it.each(['--output=x', '-p', 'HEAD..main', 'HEAD:a.txt', ':/first', 'a b', '$(id)', 'main\n--x'])(
    'takes %j for no commit',
    async (from) => {
      expect(await failure(run('diff', { from }))).toMatchObject({ code: 'GIT_REF_INVALID' });
    },
  );
});

describe('stage, commit, tag and undo', () => {
  it('does and takes back, step by step', async () => {
    await put('a.txt', 'changed\n');
    await rm(join(root, 'docs/b.txt'));
    const stage = await run('stage', { paths: ['a.txt', 'docs'] });
    expect(stage).toEqual({
      kind: 'stage',
      paths: ['a.txt', 'docs'],
      files: [
        { path: 'a.txt', status: 'modified' },
        { path: 'docs/b.txt', status: 'deleted' },
      ],
    });
    const commit = await run('commit', { message: 'feat: second\n\nBody\n' });
    expect(commit).toMatchObject({ kind: 'commit', parent: first, branch: 'main', files: stage.files });
    expect(await git('log', '-1', '--format=%H %an <%ae> %B')).toBe(
      `${String(commit.sha)} Ada <ada@example.test> feat: second\n\nBody`,
    );
    const tag = await run('tag', { name: 'v1', message: 'Version 1' });
    expect(await git('tag', '--list', '-n', 'v1')).toMatch(/^v1 +Version 1$/);
    await git('fsck', '--strict');
    expect(await git('status', '--porcelain')).toBe('');

    for (const of of [tag, commit, stage]) expect(await run('undo', { of })).toEqual({ undone: true });
    expect(await git('tag')).toBe('');
    expect(await git('rev-parse', 'HEAD')).toBe(first);
    expect(await git('status', '--porcelain')).toBe(' M a.txt\n D docs/b.txt');
    for (const of of [tag, commit]) expect(await run('undo', { of })).toEqual({ undone: false });
  });

  it('does nothing twice when an attempt is made again after a crash', async () => {
    await put('a.txt', 'changed\n');
    await run('stage', { paths: ['.'] });
    const commit = await run('commit', { message: 'x' }, { key: 'e:commit' });
    const tag = await run('tag', { name: 'v1', message: 'm' }, { key: 'e:tag' });
    const branch = await run('branch', { name: 'next' }, { key: 'e:branch' });
    expect(branch).toMatchObject({ created: true, previous: 'main' });
    expect(await run('commit', { message: 'x' }, { key: 'e:commit' })).toEqual({ ...commit, branch: 'next' });
    expect(await run('tag', { name: 'v1', message: 'm' }, { key: 'e:tag' })).toEqual(tag);
    expect(await run('branch', { name: 'next' }, { key: 'e:branch' })).toEqual(branch);
    expect(await git('rev-list', '--count', 'HEAD')).toBe('2');

    expect(await failure(run('commit', { message: 'x' }, { key: 'f:commit' }))).toMatchObject({
      code: 'GIT_NOTHING_TO_COMMIT',
    });
    for (const [name, config] of [
      ['tag', { name: 'v1' }],
      ['branch', { name: 'next' }],
    ] as const)
      expect(await failure(run(name, config, { key: 'f:x' }))).toMatchObject({ code: 'GIT_EXISTS' });
    expect(await run('undo', { of: branch })).toEqual({ undone: true });
    expect(await git('branch', '--format=%(refname:short)')).toBe('main');
  });

  it('undoes nothing that somebody built on or that has been pushed', async () => {
    await put('a.txt', 'x');
    await run('stage', { paths: ['a.txt'] });
    const commit = await run('commit', { message: 'x' });
    await git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    expect(await failure(run('undo', { of: commit }))).toMatchObject({ code: 'GIT_CHANGED' });
    await git('update-ref', '-d', 'refs/remotes/origin/main');
    await git('commit', '--quiet', '--allow-empty', '-m', 'more');
    expect(await failure(run('undo', { of: commit }))).toMatchObject({ code: 'GIT_CHANGED' });
    const tag = await run('tag', { name: 'v1' });
    await git('tag', '--force', 'v1', first);
    expect(await failure(run('undo', { of: tag }))).toMatchObject({ code: 'GIT_CHANGED' });
  });

  it('makes the first commit of a repository and takes it back', async () => {
    await makeFresh('fresh');
    const at = { repository: 'fresh' };
    const author = { name: 'Bo', email: 'bo@example.test' };
    expect(await failure(run('commit', { ...at, message: 'x' }))).toMatchObject({
      code: 'GIT_NOTHING_TO_COMMIT',
    });
    await writeFile(join(workspace, 'fresh', 'a'), '');
    await run('stage', { ...at, paths: ['a'] });
    expect(await failure(run('commit', { ...at, message: 'x' }))).toMatchObject({ code: 'GIT_IDENTITY' });
    const commit = await run('commit', { ...at, message: 'x', author });
    expect(commit).toMatchObject({ parent: null, files: [{ path: 'a', status: 'added' }] });
    expect(await run('undo', { ...at, of: commit })).toEqual({ undone: true });
    expect(await run('status', at)).toMatchObject({ head: null, files: [{ path: 'a', staged: 'added' }] });
  });

  it('refuses to commit in the middle of a merge', async () => {
    await git('switch', '--quiet', '-c', 'other');
    await put('a.txt', 'theirs');
    await git('commit', '--quiet', '-am', 'theirs');
    await git('switch', '--quiet', 'main');
    await put('a.txt', 'ours');
    await git('commit', '--quiet', '-am', 'ours');
    await git('merge', 'other').catch(() => {});
    expect(await failure(run('commit', { message: 'x' }))).toMatchObject({ code: 'GIT_UNMERGED' });
    expect(await run('status')).toMatchObject({ files: [{ path: 'a.txt', staged: 'unmerged' }] });
  });

  it('says that another git has the lock, which another attempt may overcome', async () => {
    await put('.git/index.lock', '');
    const error = await failure(run('stage', { paths: ['a.txt'] }));
    expect(error).toMatchObject({ code: 'GIT_BUSY', retryable: true });
  });
});

describe('paths', () => {
  it.each(['..', '../x', '/etc/passwd', '.git/config', '.GIT/hooks', 'docs/../../x', 'out/x', 'a\0b'])(
    'refuses %j',
    async (path) => {
      await mkdir(join(workspace, 'elsewhere'));
      await symlink('../../', join(root, 'out'));
      expect(await failure(run('stage', { paths: [path] }))).toMatchObject({ code: 'PATH_OUTSIDE' });
      expect(await failure(run('diff', { paths: [path] }))).toMatchObject({ code: 'PATH_OUTSIDE' });
    },
  );

  it('takes options, patterns and magic for names of files', async () => {
    for (const path of ['--force', '*.txt', ':(top)', ':/', '-A'])
      expect(await failure(run('stage', { paths: [path] }))).toMatchObject({ code: 'GIT_PATH_UNKNOWN' });
    await put('--force', '');
    expect(await run('stage', { paths: ['--force'] })).toMatchObject({ files: [{ path: '--force' }] });
  });

  it('stages a symlink as what it is', async () => {
    await symlink('/etc/passwd', join(root, 'link'));
    await run('stage', { paths: ['link'] });
    expect(await git('ls-files', '--stage', 'link')).toMatch(/^120000 /);
  });

  it('uses no repository that lies outside, in whichever way it is reached', async () => {
    const outside = await makeFolder();
    await makeRepository(join(outside, 'repo'), { secret: 's3cret' });
    const codes = async (config: object = {}) => (await failure(run('status', config))).code;
    expect(await codes({ repository: '../' })).toBe('PATH_OUTSIDE');
    await symlink(join(outside, 'repo'), join(workspace, 'link'));
    expect(await codes({ repository: 'link' })).toBe('PATH_OUTSIDE');
    await mkdir(join(workspace, 'file'));
    await writeFile(join(workspace, 'file', '.git'), `gitdir: ${outside}/repo/.git\n`);
    expect(await codes({ repository: 'file' })).toBe('PATH_OUTSIDE');
    await git('config', 'core.worktree', join(outside, 'repo'));
    expect(await codes()).toBe('PATH_OUTSIDE');
    await git('config', '--unset', 'core.worktree');
    await put('.git/objects/info/alternates', `${outside}/repo/.git/objects\n`);
    expect(await codes()).toBe('PATH_OUTSIDE');
  });

  it('finds no repository above the workspace, in an empty folder or where there is none', async () => {
    const inner = join(root, 'docs');
    const module = await createGit().handlers!.status!.load!();
    const context = createContext({}, { root: inner });
    expect(await failure(module.execute(context as never) as Promise<unknown>)).toMatchObject({
      code: 'GIT_NO_REPOSITORY',
    });
    expect(await failure(run('status', { repository: 'nowhere' }))).toMatchObject({
      code: 'GIT_NO_REPOSITORY',
    });
  });
});

describe('a hostile repository', () => {
  /** A program that leaves a trace when it is run. */
  async function makeTrap(): Promise<{ command: string; sprung: () => boolean }> {
    const command = join(workspace, 'trap.sh');
    const trace = join(workspace, 'sprung');
    await writeFile(command, `#!/bin/sh\ntouch ${trace}\n`);
    await chmod(command, 0o755);
    return { command, sprung: () => existsSync(trace) };
  }

  it('runs no hook, monitor, pager, editor, signer, differ or helper', async () => {
    const { command, sprung } = await makeTrap();
    for (const hook of [
      'pre-commit',
      'commit-msg',
      'post-commit',
      'reference-transaction',
      'post-checkout',
      'pre-push',
    ]) {
      await put(`.git/hooks/${hook}`, `#!/bin/sh\n${command}\n`);
      await chmod(join(root, '.git/hooks', hook), 0o755);
    }
    for (const key of [
      'core.fsmonitor',
      'core.pager',
      'core.editor',
      'gpg.program',
      'diff.external',
      'core.sshCommand',
      'core.askPass',
      'credential.helper',
    ])
      await git('config', key, command);
    await git('config', 'commit.gpgSign', 'true');
    await git('config', 'tag.gpgSign', 'true');
    await git('config', 'log.showSignature', 'true');
    await git('config', 'diff.trap.textconv', command);
    await git('config', 'diff.trap.command', command);
    await put('.gitattributes', '* diff=trap\n');
    await put('a.txt', 'x');
    await run('status');
    await run('diff');
    await run('stage', { paths: ['.'] });
    await run('commit', { message: 'x' });
    await run('tag', { name: 'v1', message: 'x' });
    await run('branch', { name: 'other' });
    await makeFresh('bare');
    await realGit(join(workspace, 'bare'), 'config', 'receive.denyCurrentBranch', 'ignore');
    await writeFile(join(workspace, 'bare/.git/hooks/pre-receive'), `#!/bin/sh\n${command}\n`, {
      mode: 0o755,
    });
    await git('remote', 'add', 'origin', '../bare');
    await run('push', { branch: 'main' });
    expect(sprung()).toBe(false);
    // The trap works.
    await git('status');
    expect(sprung()).toBe(true);
  });

  it.each([
    ['filter.x.clean', 'stage'],
    ['filter.x.process', 'status'],
    ['remote.origin.receivepack', 'push'],
    ['remote.origin.vcs', 'push'],
    ['url.ext::sh -c id.insteadOf', 'push'],
    ['core.alternateRefsCommand', 'push'],
    ['hook.x.command', 'commit'],
    ['gc.recentObjectsHook', 'push'],
    ['http.https://example.test.proxy', 'push'],
    ['http.https://example.test.followRedirects', 'push'],
  ])('is refused when its config has %s', async (key, handler) => {
    await git('config', key, 'true');
    const error = await failure(run(handler, { paths: ['a.txt'] }));
    expect(error).toMatchObject({ code: 'GIT_CONFIG_UNSAFE', retryable: false });
    expect(error.message).toContain(key.split('.')[0]);
  });

  it.each([
    ['is bare', {}],
    ['has a tree to work in', { 'core.bare': 'false', 'core.worktree': '..' }],
    ['works in itself', { 'core.bare': 'false', 'core.worktree': '.' }],
  ])('is not taken for one when it lies in a tree as ordinary files and %s', async (_, config) => {
    await realGit(root, 'init', '--quiet', '--bare', 'lib/x');
    for (const [key, value] of Object.entries(config))
      await realGit(join(root, 'lib/x'), 'config', key, value);
    await put('lib/x/refs/a.txt', 'a');
    for (const repository of ['repo/lib/x', 'repo/lib/x/refs'])
      expect(await failure(run('status', { repository }))).toMatchObject({ code: 'GIT_NO_REPOSITORY' });
  });

  it('is refused when the config that it includes has such a key, and not when the server trusts it', async () => {
    await put('more', '[filter "x"]\n\tclean = cat\n');
    await git('config', 'include.path', '../more');
    expect(await failure(run('status'))).toMatchObject({ code: 'GIT_CONFIG_UNSAFE' });
    expect(await run('status', {}, { trustRepositories: true })).toMatchObject({ branch: 'main' });
  });

  it('sees nothing of the environment of the server', async () => {
    process.env.GIT_DIR = '/nowhere';
    process.env.GIT_CONFIG_PARAMETERS = "'filter.x.clean=id'";
    try {
      expect(await run('status')).toMatchObject({ branch: 'main' });
    } finally {
      delete process.env.GIT_DIR;
      delete process.env.GIT_CONFIG_PARAMETERS;
    }
  });
});

describe('names', () => {
  it.each(['--force', '-d', 'a..b', 'a b', 'x.lock', '@', 'a@{1}', 'a\nb', 'refs/../../x', '/a', 'a/', '.a'])(
    'refuses %j',
    async (name) => {
      for (const handler of ['tag', 'branch'])
        expect(await failure(run(handler, { name }))).toMatchObject({ code: 'GIT_REF_INVALID' });
      expect(await failure(run('push', { remote: name }))).toMatchObject({ code: 'GIT_REF_INVALID' });
      expect(await failure(run('push', { tags: [name] }))).toMatchObject({ code: 'GIT_REF_INVALID' });
    },
  );

  it('are those of git check-ref-format', async () => {
    const names = fc.string({
      unit: fc.constantFrom(...'aB/.-@{~^:?*[\\ \u007flock1'),
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(names, async (name) => {
        // What git expands before it looks, such as `@{-1}`, comes out as something else; `@` alone means HEAD.
        const byGit = await realGit('/', 'check-ref-format', '--branch', name).then(
          (said) => said === name,
          () => false,
        );
        expect(isRefName(name)).toBe(byGit && name !== '@');
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    ['https://example.test/a.git', 'https'],
    ['HTTPS://u:p@example.test/a', 'https'],
    ['ssh://git@example.test/a', 'ssh'],
    ['git@example.test:a.git', 'ssh'],
    ['../other', 'file'],
    ['/srv/a:b', 'file'],
    ['file:///srv/a', 'file'],
    ['git://example.test/a', 'git'],
    ['ext::sh -c id', undefined],
    ['fd::17', undefined],
    ['-oProxyCommand=id:a', undefined],
    ['ssh://-oProxyCommand=id/a', undefined],
    ['ssh://git@-oProxyCommand=id/a', undefined],
    ['git@-oProxyCommand=id:a', undefined],
  ])('%s goes over %s', (address, protocol) => {
    expect(protocolOf(address)).toBe(protocol);
  });
});

it('ends git and all that it started at an abort', async () => {
  // Whatever git waits for: here a filter, as a repository may have where it is trusted.
  await put('wait.sh', `#!/bin/sh\ntouch ${workspace}/waits\nexec sleep 1000\n`);
  await chmod(join(root, 'wait.sh'), 0o755);
  await git('config', 'filter.x.clean', './wait.sh');
  await put('.gitattributes', 'a.txt filter=x\n');
  await put('a.txt', 'other');
  const controller = new AbortController();
  const work = run('stage', { paths: ['a.txt'] }, { trustRepositories: true, signal: controller.signal });
  const { until } = await import('../testing/until.ts');
  await until(() => existsSync(join(workspace, 'waits')), 'the filter runs');
  controller.abort(new Error('cancelled'));
  expect((await failure(work)).message).toBe('cancelled');
  await rm(join(root, '.git/index.lock'), { force: true });
});
