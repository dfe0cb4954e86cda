import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createContext } from '../testing/context.ts';
import { failure } from '../testing/failure.ts';
import { makeFolder } from '../testing/folder.ts';
import { makeRepository, git as realGit } from '../testing/repository.ts';
import { startServer } from '../testing/server.ts';
import { createGit, type GitOptions } from './index.ts';

let workspace: string;
let root: string;
let bare: string;

beforeEach(async () => {
  workspace = await makeFolder();
  root = join(workspace, 'repo');
  bare = join(workspace, 'remote.git');
  await makeRepository(root, { 'a.txt': 'one\n' });
  await realGit(workspace, 'init', '--quiet', '--bare', '--initial-branch=main', bare);
  await git('remote', 'add', 'origin', '../remote.git');
});

const git = (...args: string[]): Promise<string> => realGit(root, ...args);

async function push<T = Record<string, unknown>>(config: object = {}, options: GitOptions = {}): Promise<T> {
  const module = await createGit(options).handlers!.push!.load!();
  const context = createContext({ repository: 'repo', ...config }, { root: workspace });
  return (await module.execute(context as never)) as T;
}

describe('git.push', () => {
  it('sends a branch and tags, and again changes nothing', async () => {
    await git('tag', 'v1');
    const sha = await git('rev-parse', 'HEAD');
    const refs = (status: string) => [
      { ref: 'refs/heads/main', sha, status },
      { ref: 'refs/tags/v1', sha, status },
    ];
    expect(await push({ tags: ['v1'] })).toEqual({
      remote: 'origin',
      url: '../remote.git',
      refs: refs('created'),
    });
    expect(await push({ tags: ['v1'] })).toMatchObject({ refs: refs('unchanged') });
    await git('commit', '--quiet', '--allow-empty', '-m', 'more');
    expect(await push()).toMatchObject({ refs: [{ status: 'updated' }] });
    expect(await realGit(bare, 'rev-parse', 'main')).toBe(await git('rev-parse', 'origin/main'));
  });

  it('sends all or nothing', async () => {
    await push();
    await git('commit', '--quiet', '--amend', '--allow-empty', '-m', 'other');
    await git('tag', 'v1');
    const error = await failure(push({ tags: ['v1'] }));
    expect(error).toMatchObject({ code: 'GIT_REJECTED', retryable: false });
    expect(error.message).toContain('refs/heads/main [rejected] (non-fast-forward)');
    expect(await realGit(bare, 'tag')).toBe('');
  });

  it('says what is not there', async () => {
    expect(await failure(push({ branch: 'none' }))).toMatchObject({ code: 'GIT_REF_UNKNOWN' });
    expect(await failure(push({ tags: ['none'] }))).toMatchObject({ code: 'GIT_REF_UNKNOWN' });
    expect(await failure(push({ branch: false }))).toMatchObject({ code: 'GIT_REF_UNKNOWN' });
    expect(await failure(push({ remote: 'none' }))).toMatchObject({ code: 'GIT_REMOTE_UNKNOWN' });
    await git('remote', 'set-url', 'origin', 'ssh://git@127.0.0.1:1/a');
    expect(await failure(push())).toMatchObject({ code: 'GIT_CONNECTION', retryable: true });
  });

  it.each([
    'ext::sh -c "touch sprung"',
    'fd::1',
    'git://example.test/a',
    '--upload-pack=x',
    'http://127.0.0.1:1/a',
  ])('sends nothing to %s', async (url) => {
    await git('config', 'remote.origin.url', url);
    expect(await failure(push())).toMatchObject({ code: 'GIT_REMOTE_REFUSED' });
    expect(existsSync(join(root, 'sprung'))).toBe(false);
  });

  it('sends to no folder outside, and to none whose config could run programs', async () => {
    const outside = await makeFolder();
    await realGit(outside, 'init', '--quiet', '--bare', '.');
    await git('remote', 'set-url', 'origin', outside);
    expect(await failure(push())).toMatchObject({ code: 'PATH_OUTSIDE' });
    await git('remote', 'set-url', 'origin', `file://${bare}`);
    await realGit(bare, 'config', 'filter.x.smudge', 'true');
    expect(await failure(push())).toMatchObject({ code: 'GIT_CONFIG_UNSAFE' });
  });
});

/** A repository behind http with a password, by git's own server. */
async function serve(): Promise<string> {
  await realGit(bare, 'config', 'http.receivepack', 'true');
  const backend = join(await realGit(root, '--exec-path'), 'git-http-backend');
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    if (request.headers.authorization !== `Basic ${Buffer.from('ada:PUSH_TOKEN').toString('base64')}`) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
      return;
    }
    const [path, query = ''] = (request.url ?? '').split('?');
    const child = spawn(backend, {
      env: {
        PATH: process.env.PATH ?? '',
        GIT_PROJECT_ROOT: workspace,
        GIT_HTTP_EXPORT_ALL: '1',
        PATH_INFO: path,
        QUERY_STRING: query,
        REQUEST_METHOD: request.method,
        CONTENT_TYPE: request.headers['content-type'],
        CONTENT_LENGTH: String(body.length),
        REMOTE_USER: 'ada',
      },
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('close', () => {
      const all = Buffer.concat(chunks);
      const end = all.indexOf('\r\n\r\n');
      for (const line of all.subarray(0, end).toString().split('\r\n')) {
        const [name = '', value = ''] = line.split(': ');
        if (name === 'Status') response.statusCode = Number.parseInt(value, 10);
        else response.setHeader(name, value);
      }
      response.end(all.subarray(end + 4));
    });
    child.stdin.end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('credentials', () => {
  it('come from a secret, and show up nowhere', async () => {
    const url = await serve();
    await git('remote', 'set-url', 'origin', `${url}/remote.git`);
    const http: GitOptions = { protocols: ['http'] };
    expect(await failure(push({}, http))).toMatchObject({ code: 'GIT_AUTH', retryable: false });
    // The secrets of a test have their names as values.
    const wrong = await failure(push({ credentials: { username: 'ada', secret: 'WRONG' } }, http));
    expect(wrong).toMatchObject({ code: 'GIT_AUTH' });
    expect(JSON.stringify([wrong.message, wrong.details])).not.toContain('WRONG');
    expect(await push({ credentials: { username: 'ada', secret: 'PUSH_TOKEN' } }, http)).toMatchObject({
      refs: [{ status: 'created' }],
    });
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('vwmp-askpass-'))).toEqual([]);
  });

  it('in a url are not told', async () => {
    await git('config', 'remote.origin.url', 'git://ada:hunter2@example.test/a');
    const error = await failure(push());
    expect(error.code).toBe('GIT_REMOTE_REFUSED');
    expect(error.message).toContain('git://example.test/a');
    expect(error.message).not.toContain('hunter2');
  });

  it('follow no redirect', async () => {
    const { url, requests } = await startServer((_, response) => response.end());
    const { url: lure } = await startServer((request, response) =>
      response.writeHead(302, { location: `${url}${request.url}` }).end(),
    );
    await git('remote', 'set-url', 'origin', `${lure}/remote.git`);
    await mkdir(join(workspace, 'x'));
    await writeFile(join(workspace, 'x', 'y'), '');
    const error = await failure(push({ credentials: { secret: 'PUSH_TOKEN' } }, { protocols: ['http'] }));
    expect(error.code).toMatch(/^GIT_/);
    expect(requests).toEqual([]);
  });
});
