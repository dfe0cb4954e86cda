import { readFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { Callable } from '../shared/with-config.ts';
import { findFolder } from '../shell/start.ts';
import { gitEnvironment } from './environment.ts';
import { refuse } from './errors.ts';
import type { GitOptions } from './options.ts';
import { checkRevision } from './refs.ts';
import { createGit, type Git } from './run-git.ts';
import { findUnsafe } from './unsafe-config.ts';

/** A repository of the workspace that was found to be harmless. */
export interface Repository {
  /** Absolute path of its working tree. */
  readonly root: string;
  /** Runs git in its working tree. */
  readonly git: Git;
  /** The commit that a revision names, or undefined. @throws GIT_REF_INVALID */
  find(revision: string): Promise<string | undefined>;
  /** @throws GIT_REF_INVALID, GIT_REF_UNKNOWN */
  commit(revision: string): Promise<string>;
  /** Paths as git names them, from its root; given from the folder that was opened. @throws PATH_OUTSIDE */
  paths(given: readonly string[], from?: 'root'): Promise<string[]>;
}

/** What every handler takes. */
export interface RepositoryConfig {
  readonly repository?: string;
}

/**
 * Opens the repository that a folder of the workspace belongs to.
 *
 * @throws PATH_OUTSIDE when any part of it lies outside; GIT_NO_REPOSITORY, GIT_NOT_TRUSTED, GIT_CONFIG_UNSAFE, GIT_NOT_FOUND
 */
export async function openRepository(
  context: Callable<RepositoryConfig>,
  options: GitOptions,
): Promise<Repository> {
  const { config, signal, workspace } = context;
  signal.throwIfAborted();
  const given = config.repository ?? '.';
  const folder = await findFolder(workspace, given).catch((cause: unknown) => {
    throw (cause as { code?: string }).code === 'SHELL_CWD_INVALID'
      ? refuse('GIT_NO_REPOSITORY', `There is no folder ${JSON.stringify(given)}.`)
      : cause;
  });
  const environment = gitEnvironment(options, dirname(await workspace.resolve('.')));
  const found = await createGit(
    context,
    folder,
    environment,
  )(['rev-parse', '--path-format=absolute', '--show-toplevel', '--git-dir', '--git-common-dir']);
  // A file ".git", `core.worktree` or a symlink may lead anywhere.
  const [root, own, shared] = await Promise.all(
    found.stdout
      .trimEnd()
      .split('\n')
      .map((path) => workspace.resolve(path)),
  );
  // Git before 2.38 takes ordinary files of a tree for a repository, when they look like a bare one with a tree to work in.
  const embedded = own !== undefined && (folder === own || folder.startsWith(own + sep));
  if (root === undefined || shared === undefined || embedded)
    throw refuse('GIT_NO_REPOSITORY', `${JSON.stringify(given)} belongs to no repository.`);
  const git = createGit(context, root, environment);
  if (options.trustRepositories !== true) await checkConfig(git);
  await checkAlternates(context, shared);

  const find = async (revision: string): Promise<string | undefined> => {
    checkRevision(revision);
    const name = `${revision}^{commit}`;
    const answer = await git(['rev-parse', '--verify', '--quiet', '--end-of-options', name], {
      ok: [0, 1, 128],
    });
    return answer.code === 0 ? answer.stdout.trim() : undefined;
  };
  return {
    root,
    git,
    find,
    async commit(revision) {
      const sha = await find(revision);
      if (sha !== undefined) return sha;
      throw refuse('GIT_REF_UNKNOWN', `There is no commit ${JSON.stringify(revision)} in the repository.`);
    },
    paths: (paths, from) =>
      Promise.all(paths.map((path) => inside(context, root, from === 'root' ? root : folder, path))),
  };
}

async function checkConfig(git: Git): Promise<void> {
  const { stdout } = await git(['config', '--list', '--name-only', '-z']);
  const names = findUnsafe(stdout.split('\0').filter((name) => !ours.has(name.toLowerCase())));
  if (names.length === 0) return;
  const message =
    `The config of the repository has ${names.slice(0, 5).join(', ')}, by which it could run programs or redirect what is sent. ` +
    'Remove that, or have the server trust its repositories: createGit({ trustRepositories: true }).';
  throw refuse('GIT_CONFIG_UNSAFE', message, { details: { names: names.slice(0, 100) } });
}

/** Set by us, so listed always; in the repository they are overridden. */
const ours = new Set(['http.followredirects']);

/** Another object store may be borrowed from; it must be in the workspace too, or a diff would show what is not ours. */
async function checkAlternates({ workspace }: Callable<unknown>, shared: string): Promise<void> {
  const objects = join(shared, 'objects');
  await workspace.resolve(objects);
  const text = await readFile(join(objects, 'info', 'alternates'), 'utf8').catch(() => '');
  for (const line of text.split('\n')) if (line !== '') await workspace.resolve(resolve(objects, line));
}

/** A symlink at the end of a path is meant itself; those before it are followed, and must stay inside. */
async function inside(
  { workspace }: Callable<unknown>,
  root: string,
  from: string,
  given: string,
): Promise<string> {
  const wanted = resolve(from, given);
  const absolute = wanted === root ? root : join(await workspace.resolve(dirname(wanted)), basename(wanted));
  const path = relative(root, absolute).replaceAll(sep, '/');
  const outside = path === '..' || path.startsWith('../') || given.includes('\0');
  if (!outside && path.toLowerCase() !== '.git' && !path.toLowerCase().startsWith('.git/'))
    return path || '.';
  throw refuse('PATH_OUTSIDE', `${JSON.stringify(given)} is not in the working tree of the repository.`);
}
