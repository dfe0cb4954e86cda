import { runHandler } from '@vwmp/core/testing';
import { describe, expect, it } from 'vitest';
import { docHealing } from '../index.ts';
import { createContext } from '../testing/context.ts';
import { pullRequestPayload, pushPayload } from '../testing/deliveries.ts';
import { git, makeFolder, makeRepository } from '../testing/folder.ts';
import { startGitHub } from '../testing/github-server.ts';
import { after, before, healed } from '../testing/samples.ts';
import type { Source } from './configs.ts';
import { execute as deliver } from './deliver.ts';
import { execute as heal } from './heal.ts';
import { type ReceiveOutput, execute as receive } from './receive.ts';

const zeros = '0'.repeat(40);
const secrets = { GITHUB_TOKEN: 'ghp_secret' };

describe('receive', () => {
  it('tells from a clone what a push changes', async () => {
    const { folder, commits } = makeRepository(before, after);
    const payload = pushPayload(commits[0]!, commits[1]!);
    const output = await receive(createContext({ event: 'push', payload, folder: '.' }, folder));
    expect(output).toMatchObject({
      ...{ ignored: false, repository: 'demo/kit', branch: 'main' },
      documents: ['docs/guide.md'],
      code: ['assets/logo.svg', 'bin/kit.js', 'package.json', 'src/extra.ts', 'src/index.ts'],
      source: { folder: '.', revision: commits[1], base: commits[0] },
    });
    expect((output as ReceiveOutput).files).toContainEqual({
      path: 'assets/logo.svg',
      status: 'renamed',
      previous: 'docs/logo.svg',
    });
  });

  it.each(['push', 'pull_request'])('tells over the API the same of a %s', async (event) => {
    const { folder, commits } = makeRepository(before, after);
    const { url, asked } = await startGitHub(folder);
    const [old, now] = commits as [string, string];
    const payload = event === 'push' ? pushPayload(old, now) : pullRequestPayload(old, now);
    const config = { event, payload };
    const local = (await receive(createContext({ ...config, folder: '.' }, folder))) as { files: unknown };
    const remote = await receive(
      createContext({ ...config, api: url, token: 'GITHUB_TOKEN' }, makeFolder(), { secrets }),
    );
    expect(remote).toMatchObject({
      files: local.files,
      source: { github: 'demo/kit', api: url, token: 'GITHUB_TOKEN', revision: now, base: old },
    });
    expect(JSON.stringify(remote)).not.toContain('ghp_secret');
    expect(asked.every(({ authorization }) => authorization === 'Bearer ghp_secret')).toBe(true);
  });

  it('compares with where a branch left the other', async () => {
    const { folder, commits } = makeRepository(before);
    git(folder, 'checkout', '-q', '-b', 'change');
    const commit = (message: string): string => {
      git(
        folder,
        '-c',
        'user.name=T',
        '-c',
        'user.email=t@t.test',
        'commit',
        '-q',
        '--allow-empty',
        '-m',
        message,
      );
      return git(folder, 'rev-parse', 'HEAD').trim();
    };
    const head = commit('on the branch');
    git(folder, 'checkout', '-q', 'main');
    const main = commit('on main, later');
    const payload = pullRequestPayload(main, head, 'synchronize');
    const output = await receive(createContext({ event: 'pull_request', payload, folder: '.' }, folder));
    expect(output).toMatchObject({
      pull_request: 7,
      branch: 'change',
      files: [],
      source: { base: commits[0], revision: head },
    });
  });

  it('takes all files of a branch that is new', async () => {
    const { folder, commits } = makeRepository(before);
    const payload = pushPayload(zeros, commits[0]!, { created: true });
    const output = (await receive(
      createContext({ event: 'push', payload, folder: '.' }, folder),
    )) as ReceiveOutput;
    expect(output.files).toHaveLength(Object.keys(before).length);
    expect(output.source.base).toBeUndefined();
  });

  it.each([
    ['ping', { zen: 'Design for failure.', hook_id: 1 }],
    ['issues', { action: 'opened' }],
    ['push', pushPayload('1'.repeat(40), zeros, { deleted: true })],
    ['push', { ...pushPayload('1'.repeat(40), '2'.repeat(40)), ref: 'refs/tags/v1' }],
    ['pull_request', pullRequestPayload('1'.repeat(40), '2'.repeat(40), 'labeled')],
    ['pull_request', pullRequestPayload('1'.repeat(40), '2'.repeat(40), 'closed')],
  ])('ignores a %s that changes no files', async (event, payload) => {
    const output = await receive(createContext({ event, payload, folder: '.' }, makeFolder()));
    expect(output).toMatchObject({ port: 'ignored', output: { event, ignored: true } });
  });

  it.each([
    ['nothing', null],
    ['a text', 'push'],
    ['a commit that is an option', pushPayload('--upload-pack=/bin/sh', '2'.repeat(40))],
    [
      'a repository that leads elsewhere',
      { ...pushPayload('1'.repeat(40), '2'.repeat(40)), repository: { full_name: '../../x' } },
    ],
    ['no commits', { ref: 'refs/heads/main' }],
    ['line breaks', { ...pushPayload('1'.repeat(40), '2'.repeat(40)), ref: 'refs/heads/a\nb' }],
  ])('refuses a push with %s', async (_, payload) => {
    const work = receive(createContext({ event: 'push', payload, folder: '.' }, makeFolder()));
    await expect(work).rejects.toMatchObject({ code: 'DOC_PAYLOAD_INVALID', retryable: false });
  });

  it('says that the clone lacks a commit, and that GitHub refuses', async () => {
    const { folder } = makeRepository(before);
    const payload = pushPayload('1'.repeat(40), '2'.repeat(40));
    const local = receive(createContext({ event: 'push', payload, folder: '.' }, folder));
    await expect(local).rejects.toMatchObject({ code: 'DOC_REVISION_INVALID' });
    const { url } = await startGitHub(folder, 'other/one');
    const remote = receive(createContext({ event: 'push', payload, api: url }, folder));
    await expect(remote).rejects.toMatchObject({ code: 'DOC_GITHUB_REFUSED', details: { status: 404 } });
  });
});

describe('over the API of GitHub', () => {
  it('heals to the same diff as in a clone, and opens one pull request with status and comment', async () => {
    const { folder, commits } = makeRepository(before, after);
    const server = await startGitHub(folder);
    const [base, revision] = commits as [string, string];
    const local = await heal(createContext({ source: { revision, base } }, folder));
    const source: Source = { github: 'demo/kit', api: server.url, token: 'GITHUB_TOKEN', revision, base };
    const root = makeFolder();
    const blobs = (): string[] =>
      server.asked.flatMap(({ path }) => (path.startsWith('/git/blobs/') ? path : []));
    const remote = await heal(createContext({ source }, root, { secrets }));
    expect({ ...remote, source: undefined }).toEqual({ ...local, source: undefined });
    expect(blobs().length).toBeGreaterThan(5);
    expect(new Set(blobs()).size).toBe(blobs().length);

    const config = {
      source,
      patch: remote.patch,
      corrections: remote.corrections,
      as: 'pull_request',
      into: 'main',
      pull_request: 7,
    } as const;
    const first = await deliver(createContext(config, root, { secrets }));
    // A crash after it was delivered, before that was recorded.
    const second = await deliver(createContext(config, root, { secrets }));
    expect(second).toEqual(first);
    expect(first).toMatchObject({
      delivered: true,
      number: 100,
      url: 'https://github.test/pull/100',
      files: ['README.md'],
    });
    expect(git(folder, 'show', `${first.branch}:README.md`)).toBe(healed);
    expect(server.pulls).toHaveLength(1);
    expect(server.pulls[0]).toMatchObject({ base: 'main', head: first.branch });
    expect(server.pulls[0]!.body).toContain('| `README.md:3` |');
    expect(server.comments).toHaveLength(1);
    expect(server.statuses[0]).toMatchObject({
      sha: revision,
      state: 'failure',
      context: 'vwmp/doc-healing',
    });
  });

  it.each(['../..', 'a/b/c', 'a b/c', 'demo/..'])('refuses the repository %j', async (github) => {
    const work = heal(createContext({ source: { github } }, makeFolder()));
    await expect(work).rejects.toMatchObject({ code: 'DOC_SOURCE_INVALID' });
  });
});

describe('as steps of a workflow', () => {
  it('read from GitHub, and open a pull request there', async () => {
    const { folder, commits } = makeRepository(before, after);
    const { url, asked, pulls } = await startGitHub(folder);
    const { receive: first, heal: second, check, deliver: last } = docHealing.handlers!;
    const payload = pushPayload(commits[0]!, commits[1]!);
    const given = { event: 'push', payload, api: url, token: 'GITHUB_TOKEN' };
    const received = await runHandler(first!, given, { secrets });
    const { source } = received.output as unknown as { source: Source };
    expect(source).toMatchObject({ github: 'demo/kit', revision: commits[1] });
    expect((await runHandler(check!, { source }, { secrets })).output).toMatchObject({ total: 11 });
    const { patch } = (await runHandler(second!, { source }, { secrets })).output as { patch: string };
    await runHandler(last!, { source, patch, as: 'pull_request' }, { secrets });
    expect(pulls).toHaveLength(1);
    expect(asked.every(({ authorization }) => authorization === 'Bearer ghp_secret')).toBe(true);
  });
});
