import { execFileSync } from 'node:child_process';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { git } from './folder.ts';

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

/** A server that answers as the API of GitHub does, from a repository of this machine. */
export interface GitHubServer {
  readonly url: string;
  readonly asked: Asked[];
  readonly pulls: {
    number: number;
    title: string;
    head: string;
    base: string;
    body: string;
    /** The commit it was closed with; its branch says it while it is open. */
    closed?: string;
    /** A person has chosen another base. */
    retargeted?: boolean;
  }[];
  readonly statuses: { sha: string; state: string; context: string }[];
  readonly comments: Comment[];
  /** Whom the token is of. */
  readonly user: { login: string };
  /** Comments that may not be changed. */
  readonly locked: Set<number>;
  /** So it answers the next requests, in this order. */
  readonly refusals: Refusal[];
  /** What it answers the next requests of GraphQL with. */
  readonly errors: unknown[];
  /** What happens just before it moves a branch by force. */
  readonly beforeMove: (() => void)[];
}

interface Comment {
  readonly id: number;
  readonly html_url: string;
  readonly user: { readonly login: string };
  body: string;
}

interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A comment as GitHub has it. */
export function commentOf(login: string, id: number, body: string): Comment {
  return { id, html_url: `https://github.test/comment/${id}`, user: { login }, body };
}

/** Starts it for a test. @param folder - of the repository, in which it makes commits and branches */
export async function startGitHub(folder: string, repository = 'demo/kit'): Promise<GitHubServer> {
  const state: State = {
    ...{ asked: [], pulls: [], statuses: [], comments: [], refusals: [], locked: new Set() },
    ...{ errors: [], beforeMove: [] },
    user: { login: 'octocat' },
  };
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const path = decodeURIComponent((request.url ?? '').replace(`/repos/${repository}`, ''));
      const method = request.method ?? '';
      state.asked.push({ method, path, authorization: request.headers.authorization, body });
      let status = 200;
      let answer: unknown;
      const refusal = state.refusals.shift();
      try {
        if (refusal?.status) answer = new Refused(refusal.status, refusal.message);
        else if (path === '/graphql') answer = query(folder, body, state);
        else if (request.url?.startsWith(`/repos/${repository}`))
          answer = route(folder, method, path, body, state);
        if (answer instanceof Refused) [status, answer] = [answer.status, { message: answer.message }];
        else if (answer === undefined) [status, answer] = [404, { message: 'Not Found' }];
      } catch (error) {
        [status, answer] = [404, { message: String(error) }];
      }
      response.writeHead(status, {
        'content-type': 'application/json; charset=utf-8',
        ...refusal?.headers,
      });
      response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ...state };
}

class Refused {
  readonly status: number;
  readonly message: string;
  constructor(status: number, message = 'refused') {
    this.status = status;
    this.message = message;
  }
}

type State = Omit<GitHubServer, 'url'>;
// biome-ignore lint/suspicious/noExplicitAny: bodies of requests, which a test looks at
type Body = any;

function route(folder: string, method: string, path: string, body: Body, state: State): unknown {
  const run = (...args: string[]): string => git(folder, ...args).trim();
  const match = (verb: string, pattern: RegExp): RegExpExecArray | null =>
    verb === method ? pattern.exec(path) : null;
  let found = match('GET', /^\/git\/trees\/([^?]+)\?recursive=1$/);
  if (found) {
    const lines = run('ls-tree', '-r', '-l', found[1]!).split('\n');
    const tree = lines.map((line) => {
      const [, mode, type, sha, size, name] = /^(\d+) (\w+) (\w+) +(\S+)\t(.*)$/.exec(line)!;
      return { mode, type, sha, size: Number(size), path: name };
    });
    return { sha: found[1], truncated: false, tree };
  }
  found = match('GET', /^\/git\/blobs\/(\w+)$/);
  if (found)
    return {
      encoding: 'base64',
      content: Buffer.from(git(folder, 'cat-file', 'blob', found[1]!)).toString('base64'),
    };
  found = match('GET', /^\/compare\/([\w/-]+)\.\.\.([\w/-]+)$/);
  if (found) return compare(folder, found[1]!, found[2]!);
  found = match('GET', /^\/pulls\/(\d+)\/files\?per_page=100&page=(\d+)$/);
  if (found) return found[2] === '1' ? filesBetween(folder, 'HEAD~1', 'HEAD') : [];
  found = match('GET', /^\/git\/commits\/(\w+)$/);
  if (found)
    return {
      sha: found[1],
      tree: { sha: run('rev-parse', `${found[1]}^{tree}`) },
      author: { email: run('show', '-s', '--format=%ae', found[1]!) },
      committer: { email: run('show', '-s', '--format=%ce', found[1]!), date: '2026-01-01T00:00:00Z' },
    };
  if (match('POST', /^\/git\/trees$/)) return { sha: makeTree(folder, body) };
  if (match('POST', /^\/git\/commits$/)) {
    const { author } = body;
    const identity = ['-c', `user.name=${author.name}`, '-c', `user.email=${author.email}`];
    process.env.GIT_AUTHOR_DATE = author.date;
    process.env.GIT_COMMITTER_DATE = author.date;
    const sha = run(...identity, 'commit-tree', body.tree, '-p', body.parents[0], '-m', body.message);
    delete process.env.GIT_AUTHOR_DATE;
    delete process.env.GIT_COMMITTER_DATE;
    return { sha };
  }
  found = match('GET', /^\/git\/ref\/(.+)$/);
  if (found) return { object: { sha: run('rev-parse', '--verify', `refs/${found[1]}`) } };
  if (match('POST', /^\/git\/refs$/)) {
    if (run('for-each-ref', body.ref) !== '') return new Refused(422, 'Reference already exists');
    run('update-ref', body.ref, body.sha);
    return { ref: body.ref };
  }
  found = match('PATCH', /^\/git\/refs\/(.+)$/);
  if (found) {
    const old = run('rev-parse', `refs/${found[1]}`);
    if (!body.force && run('merge-base', old, body.sha) !== old)
      return new Refused(422, 'Update is not a fast forward');
    return { ref: run('update-ref', `refs/${found[1]}`, body.sha) };
  }
  if (match('POST', /^\/pulls$/)) {
    const isThere = state.pulls.some(
      ({ head, base, closed }) => head === body.head && base === body.base && closed === undefined,
    );
    if (isThere) return new Refused(422, 'Validation Failed');
    const number = 100 + state.pulls.length;
    state.pulls.push({ number, ...body });
    return { number, html_url: `https://github.test/pull/${number}` };
  }
  found = match('GET', /^\/pulls\?head=\w+:([^&]+)&state=all&per_page=100&page=1$/);
  if (found)
    return state.pulls
      .filter(({ head }) => head === found![1])
      .map(({ number, head, base, body, closed }) => ({
        ...{ number, body, html_url: `https://github.test/pull/${number}` },
        state: closed === undefined ? 'open' : 'closed',
        head: { sha: closed ?? run('rev-parse', head) },
        base: { ref: base },
      }));
  found = match('GET', /^\/issues\/(\d+)\/events\?per_page=100&page=1$/);
  if (found)
    return state.pulls.find(({ number }) => number === Number(found![1]))?.retargeted
      ? [{ event: 'base_ref_changed' }]
      : [];
  found = match('PATCH', /^\/pulls\/(\d+)$/);
  if (found) return Object.assign(state.pulls.find(({ number }) => number === Number(found![1]))!, body);
  found = match('POST', /^\/statuses\/(\w+)$/);
  if (found) return state.statuses.push({ sha: found[1]!, ...body });
  found = match('GET', /^\/issues\/\d+\/comments\?per_page=100&page=(\d+)$/);
  if (found) return state.comments.slice(100 * (Number(found[1]) - 1), 100 * Number(found[1]));
  if (match('POST', /^\/issues\/\d+\/comments$/)) {
    const id = state.comments.length + 1;
    state.comments.push(commentOf(state.user.login, id, body.body));
    return state.comments.at(-1);
  }
  found = match('PATCH', /^\/issues\/comments\/(\d+)$/);
  if (found) {
    const known = state.comments.find(({ id }) => id === Number(found![1]))!;
    if (state.locked.has(known.id) || known.user.login !== state.user.login) return new Refused(403);
    return Object.assign(known, body);
  }
  return path === '' ? { default_branch: 'main', node_id: 'R_kit' } : undefined;
}

function query(folder: string, { variables }: Body, state: State): unknown {
  const error = state.errors.shift();
  if (error !== undefined) return { data: null, errors: [error] };
  if (variables === undefined) return { data: { viewer: state.user } };
  state.beforeMove.shift()?.();
  const [{ name, beforeOid, afterOid }] = variables.input.refUpdates;
  if (variables.input.repositoryId !== 'R_kit') return { errors: [{ message: 'No such repository' }] };
  if (git(folder, 'rev-parse', name).trim() !== beforeOid)
    return { data: { updateRefs: null }, errors: [{ message: 'Reference cannot be updated' }] };
  git(folder, 'update-ref', name, afterOid);
  return { data: { updateRefs: { clientMutationId: null } } };
}

function compare(folder: string, base: string, head: string): unknown {
  const run = (...args: string[]): string => git(folder, ...args).trim();
  const common = run('merge-base', base, head);
  const [from, to] = [run('rev-parse', base), run('rev-parse', head)];
  const people = run('log', '--format=%ae %ce', `${base}..${head}`).split('\n').filter(Boolean);
  return {
    status: from === to ? 'identical' : common === to ? 'behind' : common === from ? 'ahead' : 'diverged',
    total_commits: people.length,
    commits: people.slice(0, 250).map((line) => {
      const [author, committer] = line.split(' ');
      return { commit: { author: { email: author }, committer: { email: committer } } };
    }),
    merge_base_commit: { sha: common },
    files: filesBetween(folder, common, head).slice(0, 300),
  };
}

function makeTree(
  folder: string,
  body: { base_tree: string; tree: { path: string; mode: string; content: string }[] },
): string {
  // In the index of the repository, which nothing else uses meanwhile.
  git(folder, 'read-tree', body.base_tree);
  for (const { path, mode, content } of body.tree) {
    const oid = execGit(folder, content, 'hash-object', '-w', '--stdin');
    git(folder, 'update-index', '--add', '--cacheinfo', `${mode},${oid},${path}`);
  }
  const tree = git(folder, 'write-tree').trim();
  git(folder, 'read-tree', 'HEAD');
  return tree;
}

function execGit(folder: string, input: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: folder, input, encoding: 'utf8' }).trim();
}

function filesBetween(folder: string, before: string, after: string): unknown[] {
  const names = { A: 'added', D: 'removed', M: 'modified', R: 'renamed' } as const;
  return git(folder, 'diff-tree', '-r', '-M', '--name-status', before, after)
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [letter = '', first, second] = line.split('\t');
      const status = names[letter[0] as keyof typeof names];
      return second ? { status, filename: second, previous_filename: first } : { status, filename: first };
    });
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString());
}
