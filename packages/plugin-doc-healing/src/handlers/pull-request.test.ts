import { type JsonObject, WorkflowEngine } from '@vwmp/core';
import { describe, expect, it } from 'vitest';
import { docHealing } from '../index.ts';
import { docHealingType } from '../templates.ts';
import { createContext } from '../testing/context.ts';
import { pullRequestPayload, pushPayload } from '../testing/deliveries.ts';
import { type Files, git, makeFolder, makeRepository, writeFiles } from '../testing/folder.ts';
import { commentOf, type GitHubServer, startGitHub } from '../testing/github-server.ts';
import { after, before, healed } from '../testing/samples.ts';
import type { DeliverConfig, Source } from './configs.ts';
import { type DeliverOutput, execute as deliver } from './deliver.ts';
import { type HealOutput, execute as heal } from './heal.ts';
import { type ReceiveOutput, execute as receive } from './receive.ts';

const secrets = { GITHUB_TOKEN: 'ghp_secret' };
const marker = '<!-- vwmp doc healing -->';

interface Scene {
  readonly folder: string;
  readonly commits: string[];
  readonly server: GitHubServer;
  receive(event: string, payload: object): Promise<ReceiveOutput>;
  heal(source: Source): Promise<HealOutput>;
  /** Delivers as a pull request, unless told otherwise. */
  deliver(config: Partial<DeliverConfig>): Promise<DeliverOutput>;
}

async function setUp(...states: Files[]): Promise<Scene> {
  const { folder, commits } = makeRepository(...(states.length === 0 ? [before, after] : states));
  const server = await startGitHub(folder);
  const root = makeFolder();
  const connection = { api: server.url, token: 'GITHUB_TOKEN' };
  return {
    ...{ folder, commits, server },
    receive: async (event, payload) =>
      (await receive(createContext({ event, payload, ...connection }, root, { secrets }))) as ReceiveOutput,
    heal: (source) => heal(createContext({ source }, root, { secrets })),
    async deliver(config) {
      const source = { github: 'demo/kit', ...connection, revision: commits[1]!, base: commits[0]! };
      const given = { source, patch: '', as: 'pull_request', ...config } as const;
      const patch =
        given.patch || (await heal(createContext({ source: given.source }, root, { secrets }))).patch;
      return deliver(createContext({ ...given, patch }, root, { secrets }));
    },
  };
}

function commitAs(folder: string, name: string, parent: string, message = name): string {
  const identity = ['-c', `user.name=${name}`, '-c', `user.email=${name}@people.test`];
  return git(folder, ...identity, 'commit-tree', `${parent}^{tree}`, '-p', parent, '-m', message).trim();
}

const head = (folder: string, branch: string): string => git(folder, 'rev-parse', branch).trim();

describe('a pull request of a fork', () => {
  async function fork(repo: object | null): Promise<Scene & { payload: object }> {
    const scene = await setUp(before);
    const { folder, commits } = scene;
    git(folder, 'checkout', '-q', '--detach');
    writeFiles(folder, { ...after, 'src/foreign.ts': 'export const foreign = 1;\n' });
    git(folder, 'add', '-A');
    git(folder, '-c', 'user.name=M', '-c', 'user.email=m@m.test', 'commit', '-q', '-m', 'foreign');
    const payload = pullRequestPayload(commits[0]!, head(folder, 'HEAD')) as {
      pull_request: { head: { ref: string; repo: unknown } };
    };
    Object.assign(payload.pull_request.head, { ref: 'main', repo });
    return { ...scene, payload };
  }

  it.each([
    ['that is there', { full_name: 'mallory/kit' }],
    ['that was deleted', null],
  ])('%s is told as one, and none is opened with its commits', async (_, repo) => {
    const scene = await fork(repo);
    const received = await scene.receive('pull_request', scene.payload);
    expect(received).toMatchObject({ fork: true, repository: 'demo/kit', source: { fork: true } });
    expect(received).not.toHaveProperty('branch');
    expect(received.source).not.toHaveProperty('branch');
    const { source } = received;
    const { fork: _fork, ...unmarked } = source;
    for (const each of [source, unmarked])
      await expect(scene.deliver({ source: each, into: 'main' })).rejects.toMatchObject({
        code: 'DOC_COMMITS_FOREIGN',
        retryable: false,
      });
    await expect(scene.deliver({ source: unmarked })).rejects.toMatchObject({ code: 'DOC_COMMITS_FOREIGN' });
    expect(scene.server.pulls).toEqual([]);
    expect(git(scene.folder, 'for-each-ref', 'refs/heads/doc-healing')).toBe('');
  });

  it('gets a comment with the diff, and a status', async () => {
    const scene = await fork({ full_name: 'mallory/kit' });
    const { source, pull_request } = await scene.receive('pull_request', scene.payload);
    const { patch, corrections } = await scene.heal(source);
    const config = { source, patch, corrections, as: 'comment', pull_request } as const;
    const first = await scene.deliver(config);
    expect(await scene.deliver(config)).toEqual(first);
    expect(first).toMatchObject({ delivered: true, number: 7, url: 'https://github.test/comment/1' });
    expect(scene.server.comments).toHaveLength(1);
    const { body } = scene.server.comments[0]!;
    expect(body).toContain('| `README.md:5` |');
    expect(body).toContain(`\`\`\`\`diff\n${patch}\`\`\`\``);
    expect(scene.server.statuses[0]).toMatchObject({ sha: source.revision, target_url: first.url });
    await expect(scene.deliver({ ...config, pull_request: undefined })).rejects.toMatchObject({
      code: 'DOC_SOURCE_INVALID',
    });
  });
});

describe('a comment with a long text', () => {
  it('has whole lines of it, behind the diff, which nothing in it can swallow', async () => {
    const scene = await setUp();
    const text = `\`\`\`\n${'a line of the text\n'.repeat(4000)}`;
    await scene.deliver({ as: 'comment', pull_request: 7, body: text });
    const { body } = scene.server.comments[0]!;
    const [diff, rest] = body.split('\n\n```\na line');
    expect(diff).toMatch(/^<!-- .* -->\nHeal the documentation\n\n`{3,}diff\n[\s\S]*\n`{3,}$/);
    expect(rest).toMatch(/\na line of the text\n\nThere is more than a comment has room for\.$/);
    expect(body.length).toBeLessThan(40_000);
  });
});

describe('a pull request', () => {
  it('is for the branch of the delivery, else for the default one', async () => {
    const { commits, server, ...scene } = await setUp();
    git(scene.folder, 'branch', 'change');
    const { source, branch, fork } = await scene.receive(
      'pull_request',
      pullRequestPayload(commits[0]!, commits[1]!),
    );
    expect({ branch, fork, of: source.branch }).toEqual({ branch: 'change', fork: false, of: 'change' });
    await scene.deliver({ source });
    await scene.deliver({});
    expect(server.pulls.map(({ base }) => base)).toEqual(['change', 'main']);
  });

  it('carries nothing into a branch but the corrections', async () => {
    const { folder, commits, server, ...scene } = await setUp();
    git(folder, 'checkout', '-q', '-b', 'change');
    git(folder, 'update-ref', 'refs/heads/main', commits[0]!);
    const { source } = await scene.receive('pull_request', pullRequestPayload(commits[0]!, commits[1]!));
    for (const config of [{}, { into: 'main' }, { source, into: 'main' }])
      await expect(scene.deliver(config)).rejects.toMatchObject({ code: 'DOC_COMMITS_FOREIGN' });
    expect(server.pulls).toEqual([]);
    expect(await scene.deliver({ source })).toMatchObject({ delivered: true });
  });

  it.each(['main', 'release'])('is never made of the branch %s, which it is for', async (branch) => {
    const { folder, commits, server, ...scene } = await setUp();
    git(folder, 'branch', 'release');
    const main = commitAs(folder, 'ann', commits[1]!);
    git(folder, 'update-ref', 'refs/heads/main', main);
    for (const into of ['main', 'release'])
      if (into === branch || branch === 'main')
        await expect(scene.deliver({ branch, into })).rejects.toMatchObject({ code: 'DOC_BRANCH_TAKEN' });
    expect([head(folder, 'main'), head(folder, 'release')]).toEqual([main, commits[1]]);
    expect(server.pulls).toEqual([]);
  });

  it('leaves a branch with commits of others as it is', async () => {
    const { folder, server, ...scene } = await setUp();
    const first = await scene.deliver({});
    const added = commitAs(folder, 'ann', `${first.commit}^`);
    // What somebody amends has another committer, and the same author.
    process.env.GIT_AUTHOR_EMAIL = 'vwmp@localhost';
    const amended = commitAs(folder, 'ben', `${first.commit}^`);
    delete process.env.GIT_AUTHOR_EMAIL;
    for (const commit of [added, amended]) {
      git(folder, 'update-ref', `refs/heads/${first.branch}`, commit);
      await expect(scene.deliver({})).rejects.toMatchObject({ code: 'DOC_BRANCH_TAKEN', retryable: false });
      expect(head(folder, first.branch!)).toBe(commit);
    }
    expect(server.asked.filter(({ path }) => path.startsWith('/git/refs/heads'))).toEqual([]);
  });

  it('stays as it is where somebody has gone on from it, and when that was merged and the branch is gone', async () => {
    const { folder, server, ...scene } = await setUp();
    const first = await scene.deliver({});
    const more = commitAs(folder, 'ann', first.commit!);
    git(folder, 'update-ref', `refs/heads/${first.branch}`, more);
    expect(await scene.deliver({})).toEqual(first);
    expect(head(folder, first.branch!)).toBe(more);
    server.pulls[0]!.closed = more;
    git(folder, 'update-ref', 'refs/heads/main', more);
    git(folder, 'update-ref', '-d', `refs/heads/${first.branch}`);
    expect(await scene.deliver({})).toEqual(first);
    expect(server.pulls).toHaveLength(1);
    expect(git(folder, 'for-each-ref', 'refs/heads/doc-healing')).toBe('');
  });

  it('leaves behind nothing that is pushed to its branch at the very moment when it is moved', async () => {
    const { folder, server, ...scene } = await setUp();
    const first = await scene.deliver({ branch: 'docs' });
    const theirs = commitAs(folder, 'ann', first.commit!);
    server.beforeMove.push(() => git(folder, 'update-ref', 'refs/heads/docs', theirs));
    const again = scene.deliver({ branch: 'docs', message: 'Heal it' });
    await expect(again).rejects.toMatchObject({ code: 'DOC_BRANCH_TAKEN' });
    expect(head(folder, 'docs')).toBe(theirs);
  });

  it.each([
    ['DOC_GITHUB_LIMITED', true, { type: 'RATE_LIMITED', message: 'API rate limit exceeded for user 1.' }],
    ['DOC_GITHUB_LIMITED', true, { message: 'You have exceeded a secondary rate limit.' }],
    ['DOC_GITHUB_LIMITED', true, { message: 'Something went wrong while executing your query.' }],
    ['DOC_GITHUB_LIMITED', true, { type: 'SERVICE_UNAVAILABLE', message: 'Unavailable' }],
    ['DOC_GITHUB_REFUSED', false, { type: 'FORBIDDEN', message: 'Resource not accessible by integration' }],
    ['DOC_GITHUB_REFUSED', false, { type: 'INSUFFICIENT_SCOPES', message: 'It requires more scopes.' }],
    ['DOC_BRANCH_TAKEN', false, { type: 'UNPROCESSABLE', message: 'The branch is protected' }],
  ])('fails with %s (retryable: %s) where its branch cannot be moved: %j', async (code, retryable, error) => {
    const { folder, server, ...scene } = await setUp();
    const first = await scene.deliver({ branch: 'docs' });
    server.errors.push(error, error);
    const again = scene.deliver({ branch: 'docs', message: 'Heal it' });
    const message = expect.stringContaining(error.message.replace(/\.$/, '')) as string;
    await expect(again).rejects.toMatchObject({ code, retryable, message });
    expect(head(folder, 'docs')).toBe(first.commit);
  });

  it.each([
    {
      message: "Field 'updateRefs' doesn't exist on type 'Mutation'",
      extensions: { code: 'undefinedField' },
    },
    { message: "UpdateRefsInput isn't a defined input type (on $input)" },
  ])('moves its branch also on a server that has not learnt to compare: %j', async (error) => {
    const { folder, server, ...scene } = await setUp();
    await scene.deliver({ branch: 'docs' });
    server.errors.push(error);
    const again = await scene.deliver({ branch: 'docs', message: 'Heal it' });
    expect(head(folder, 'docs')).toBe(again.commit);
  });

  it('has no branch that is taken for moved where the server says why not in its own way', async () => {
    const { server, ...scene } = await setUp();
    await scene.deliver({ branch: 'docs' });
    server.errors.push('no', 'no');
    const again = scene.deliver({ branch: 'docs', message: 'Heal it' });
    await expect(again).rejects.toMatchObject({ code: 'DOC_BRANCH_TAKEN' });
  });

  it('brings back nothing that the branch it is for does not have any more', async () => {
    const { folder, commits, server, ...scene } = await setUp();
    git(folder, 'branch', 'change');
    const { source } = await scene.receive('pull_request', pullRequestPayload(commits[0]!, commits[1]!));
    git(folder, 'update-ref', 'refs/heads/change', commits[0]!);
    await expect(scene.deliver({ source })).rejects.toMatchObject({ code: 'DOC_COMMITS_FOREIGN' });
    expect(server.pulls).toEqual([]);
    expect(git(folder, 'for-each-ref', 'refs/heads/doc-healing')).toBe('');
  });

  it('leaves a branch of others as it is, also when the revision has all of it', async () => {
    const { folder, commits, ...scene } = await setUp();
    git(folder, 'branch', 'release', commits[0]!);
    await expect(scene.deliver({ branch: 'release' })).rejects.toMatchObject({ code: 'DOC_BRANCH_TAKEN' });
    expect(head(folder, 'release')).toBe(commits[0]);
  });

  it('uses a branch again that has only what was delivered before', async () => {
    const { folder, commits, server, ...scene } = await setUp();
    const first = await scene.deliver({ branch: 'docs' });
    const again = await scene.deliver({ branch: 'docs', message: 'Heal it' });
    expect(again.commit).not.toBe(first.commit);
    expect(head(folder, 'docs')).toBe(again.commit);
    expect(server.pulls).toMatchObject([{ title: 'Heal it', head: 'docs' }]);
    git(folder, 'update-ref', 'refs/heads/main', again.commit!);
    const source = { github: 'demo/kit', api: server.url, revision: again.commit!, base: commits[1]! };
    const patch = '--- a/README.md\n+++ b/README.md\n@@ -1 +1 @@\n-# Kit\n+# The kit\n';
    await scene.deliver({ source, patch, branch: 'docs' });
    expect(git(folder, 'show', 'docs:README.md')).toBe(healed.replace('# Kit', '# The kit'));
    const forced = server.asked.flatMap(({ method, body }) =>
      method === 'PATCH' && typeof body === 'object' && body && 'force' in body ? [body.force] : [],
    );
    expect(forced).toEqual([false]);
  });

  it('has a branch for each base, since what is healed depends on it', async () => {
    const wrong = { ...after, 'README.md': `${String(after['README.md'])}\n\`\`\`json\n{"a": 1,}\n\`\`\`\n` };
    const { folder, commits, server, ...scene } = await setUp(before, after, wrong);
    const [first, second, third] = commits as [string, string, string];
    git(folder, 'branch', 'change');
    const push = { ...pushPayload(second, third), ref: 'refs/heads/change' };
    const branches: string[] = [];
    for (const [event, payload] of [
      ['pull_request', pullRequestPayload(first, third)],
      ['push', push],
    ] as const) {
      const { source } = await scene.receive(event, payload);
      branches.push((await scene.deliver({ source })).branch!);
    }
    expect(new Set(branches).size).toBe(2);
    expect(git(folder, 'show', `${branches[0]}:README.md`)).toContain(healed);
    expect(git(folder, 'show', `${branches[1]}:README.md`)).not.toContain(healed);
    expect(server.pulls).toHaveLength(2);
  });

  it('goes on where a person has had it go, and takes nothing there that is not', async () => {
    const { folder, commits, server, ...scene } = await setUp();
    git(folder, 'branch', 'next');
    const first = await scene.deliver({});
    Object.assign(server.pulls[0]!, { base: 'next', retargeted: true });
    expect(await scene.deliver({ message: 'Heal it' })).toMatchObject({ number: first.number });
    expect(server.pulls).toMatchObject([{ base: 'next', title: 'Heal it' }]);
    git(folder, 'update-ref', 'refs/heads/next', commits[0]!);
    await expect(scene.deliver({})).rejects.toMatchObject({
      code: 'DOC_COMMITS_FOREIGN',
      message: expect.stringContaining('into next'),
    });
    expect(server.pulls).toHaveLength(1);
  });

  it('stays closed when a person has closed it, also when its branch is gone', async () => {
    const { folder, server, ...scene } = await setUp();
    const first = await scene.deliver({ pull_request: 7 });
    server.pulls[0]!.closed = first.commit!;
    git(folder, 'update-ref', '-d', `refs/heads/${first.branch}`);
    expect(await scene.deliver({ pull_request: 7 })).toEqual(first);
    expect(server.pulls).toHaveLength(1);
    expect(git(folder, 'for-each-ref', 'refs/heads/doc-healing')).toBe('');
    await scene.deliver({ message: 'Something else' });
    expect(server.pulls).toHaveLength(2);
  });

  it.each([{}, { base: 'next' }])(
    'stays closed when a person has re-based it before (%j), also when its branch is gone',
    async (change) => {
      const { folder, server, ...scene } = await setUp();
      const first = await scene.deliver({});
      const rebased = commitAs(folder, 'ann', `${first.commit}^`);
      Object.assign(server.pulls[0]!, { closed: rebased, ...change });
      git(folder, 'update-ref', `refs/heads/${first.branch}`, rebased);
      expect(await scene.deliver({})).toEqual(first);
      git(folder, 'update-ref', '-d', `refs/heads/${first.branch}`);
      expect(await scene.deliver({})).toEqual(first);
      expect(server.pulls).toHaveLength(1);
      await scene.deliver({ message: 'Something else' });
      expect(server.pulls).toHaveLength(2);
    },
  );

  it('keeps the mode of a file', async () => {
    const { folder, commits, ...scene } = await setUp();
    git(folder, 'update-index', '--chmod=+x', 'README.md');
    git(folder, '-c', 'user.name=A', '-c', 'user.email=a@b.test', 'commit', '-q', '-m', 'mode');
    const { source } = await scene.receive('push', pushPayload(commits[0]!, head(folder, 'HEAD')));
    const { branch } = await scene.deliver({ source });
    expect(git(folder, 'ls-tree', branch!, 'README.md')).toMatch(/^100755 /);
  });
});

describe('the comment', () => {
  it('is one, and that of nobody else', async () => {
    const { server, ...scene } = await setUp();
    server.user.login = 'healer[bot]';
    const strange = `${marker}\nSee https://strange.test`;
    server.comments.push(commentOf('mallory', 1, strange), commentOf('other[bot]', 2, strange));
    for (let id = 3; id <= 205; id++) server.comments.push(commentOf('ann', id, 'Something else.'));
    for (let run = 0; run < 2; run++) await scene.deliver({ pull_request: 7 });
    expect(server.comments.filter(({ user }) => user.login === 'healer[bot]')).toMatchObject([
      { id: 206, body: `${marker}\nHeal the documentation: https://github.test/pull/100` },
    ]);
    expect(server.comments.slice(0, 2).map(({ body }) => body)).toEqual([strange, strange]);
    expect(server.comments).toHaveLength(206);
  });

  it('is made anew when the one that there is may not be changed', async () => {
    const { server, ...scene } = await setUp();
    await scene.deliver({ pull_request: 7 });
    server.locked.add(1);
    for (let run = 0; run < 2; run++) await scene.deliver({ pull_request: 7 });
    expect(server.comments.map(({ id }) => id)).toEqual([1, 2]);
  });
});

describe('the template "Heal pull requests"', () => {
  const { document } = docHealingType.templates!.find(({ name }) => name === 'Heal pull requests')!;

  it('asks again later where GitHub is asked', () => {
    const asking = document.steps.filter(({ handler }) => handler.startsWith('doc_healing.'));
    expect(asking).toHaveLength(4);
    for (const { retry } of asking) expect(retry!.on).toContain('DOC_GITHUB_LIMITED');
  });

  it.each([false, true])(
    'delivers what is approved (fork: %s)',
    async (fork) => {
      const { folder, commits, server } = await setUp();
      git(folder, 'branch', 'change');
      const payload = pullRequestPayload(commits[0]!, commits[1]!) as {
        pull_request: { head: { repo: unknown } };
      };
      if (fork) payload.pull_request.head.repo = null;
      const steps = document.steps.map((step) =>
        step.id === 'receive' ? { ...step, config: { ...(step.config as object), api: server.url } } : step,
      );
      const engine = new WorkflowEngine({
        ...{ plugins: [docHealing], workspace: makeFolder() },
        secrets: { get: () => secrets.GITHUB_TOKEN },
      });
      const trigger = { event: 'pull_request', body: payload as unknown as JsonObject };
      const { triggers: _triggers, ...rest } = document;
      const handle = await engine.startWorkflow({ ...rest, id: 'test', steps }, {}, { trigger });
      await expect.poll(() => handle.snapshot().steps.approve?.status, { timeout: 60_000 }).toBe('waiting');
      await engine.decideApproval(handle.id, 'approve', { approved: true, by: 'Ann' });
      expect(await handle.result).toMatchObject({ status: 'success' });
      await engine.close();
      expect(server.pulls.map(({ base }) => base)).toEqual(fork ? [] : ['change']);
      expect(server.comments).toHaveLength(1);
    },
    120_000,
  );
});

describe('GitHub', () => {
  const payload = pushPayload('1'.repeat(40), '2'.repeat(40));

  it.each([
    ['429', { status: 429, message: 'Too many requests' }, undefined],
    ['retry-after', { status: 403, message: 'Wait', headers: { 'retry-after': '60' } }, 60],
    [
      'no requests left',
      { status: 403, message: 'No', headers: { 'x-ratelimit-remaining': '0' } },
      undefined,
    ],
    [
      'its first limit',
      { status: 403, message: 'API rate limit exceeded for installation ID 1.' },
      undefined,
    ],
    [
      'its second limit',
      { status: 403, message: 'You have triggered an abuse detection mechanism.' },
      undefined,
    ],
  ])('may be asked later again: %s', async (_, refusal, retry_after) => {
    const { server, ...scene } = await setUp(before);
    server.refusals.push(refusal);
    await expect(scene.receive('push', payload)).rejects.toMatchObject({
      ...{ code: 'DOC_GITHUB_LIMITED', retryable: true },
      message: expect.stringContaining(`${refusal.status}: ${refusal.message.replace(/\.$/, '')}.`) as string,
      details: { status: refusal.status, ...(retry_after !== undefined && { retry_after }) },
    });
  });

  it('says when, if it tells a time', async () => {
    const { server, ...scene } = await setUp(before);
    const reset = String(Math.floor(Date.now() / 1000) + 1800);
    server.refusals.push({
      ...{ status: 403, message: 'API rate limit exceeded' },
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset },
    });
    const error: unknown = await scene.receive('push', payload).catch((thrown: unknown) => thrown);
    const { retry_after } = (error as { details: { retry_after: number } }).details;
    expect(retry_after).toBeGreaterThan(1700);
    expect(retry_after).toBeLessThanOrEqual(1800);
  });

  it('is limited also where another refusal is expected', async () => {
    const { server, ...scene } = await setUp();
    await scene.deliver({ pull_request: 7 });
    const login = server.asked.findIndex(({ path }) => path === '/graphql');
    expect(login).toBe(-1);
    server.comments.unshift(commentOf('mallory', 99, marker));
    const until = server.asked.length;
    await scene.deliver({ pull_request: 7 });
    const at = server.asked.slice(until).findIndex(({ path }) => path === '/graphql');
    for (let ok = 0; ok < at; ok++) server.refusals.push({ status: 0, message: '' });
    server.refusals.push({ status: 403, message: 'API rate limit exceeded' });
    await expect(scene.deliver({ pull_request: 7 })).rejects.toMatchObject({ code: 'DOC_GITHUB_LIMITED' });
    server.errors.push({ type: 'RATE_LIMITED', message: 'API rate limit exceeded' });
    await expect(scene.deliver({ pull_request: 7 })).rejects.toMatchObject({ code: 'DOC_GITHUB_LIMITED' });
    expect(server.comments).toHaveLength(2);
  });

  it('says itself why it refuses', async () => {
    const { server, ...scene } = await setUp(before);
    server.refusals.push({ status: 403, message: 'Resource not accessible by integration' });
    await expect(scene.receive('push', payload)).rejects.toMatchObject({
      ...{ code: 'DOC_GITHUB_REFUSED', retryable: false, details: { status: 403 } },
      message: expect.stringContaining(
        '403: Resource not accessible by integration. Does the token',
      ) as string,
    });
  });
});

describe('over the API, receive tells', () => {
  it('all files of a branch that is new', async () => {
    const { commits, folder, ...scene } = await setUp(before);
    const payload = pushPayload('0'.repeat(40), commits[0]!, { created: true });
    const local = await receive(createContext({ event: 'push', payload, folder: '.' }, folder));
    const { files, documents } = await scene.receive('push', payload);
    expect(files).toEqual((local as ReceiveOutput).files);
    expect(documents).toEqual(['README.md', 'docs/guide.md']);
  });

  it('all files that a push changes, however many', async () => {
    const many: Record<string, string> = {};
    for (let at = 0; at < 400; at++) many[`docs/${at}.md`] = `${at}\n`;
    const { 'docs/7.md': moved = '', 'docs/8.md': _gone, ...rest } = many;
    const next = { ...rest, 'docs/z.md': moved, 'docs/new.md': 'new\n' };
    for (let at = 100; at < 400; at++) (next as Record<string, string>)[`docs/${at}.md`] = `now ${at}\n`;
    const { commits, folder, ...scene } = await setUp(many, next);
    const payload = pushPayload(commits[0]!, commits[1]!);
    const local = await receive(createContext({ event: 'push', payload, folder: '.' }, folder));
    const { files } = await scene.receive('push', payload);
    expect(files).toHaveLength(303);
    expect(files).toEqual((local as ReceiveOutput).files);
  });
});
