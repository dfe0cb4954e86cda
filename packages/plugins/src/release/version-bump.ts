import { posix } from 'node:path';
import type { HandlerContext } from '@vwmp/core';
import { execute as glob } from '../file/glob.ts';
import { withConfig } from '../shared/with-config.ts';
import { readText } from './changes.ts';
import { readHistory } from './commits.ts';
import { type Edited, edit } from './edit.ts';
import { refuse } from './errors.ts';
import { type JsonText, readJson } from './manifest.ts';
import { type Bump, checkVersion, nextVersion } from './versions.ts';

interface BumpConfig {
  readonly folder?: string;
  readonly bump?: Bump | 'auto';
  readonly version?: string;
  readonly pre?: string;
  readonly packages?: readonly string[];
  readonly tag_prefix?: string;
}

type Context = HandlerContext<BumpConfig>;

/** As many packages as a workspace may have. */
const maxPackages = 1_000;
const dependencyKinds = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];

interface BumpOutput {
  readonly from: string;
  readonly to: string;
  readonly tag: string;
}

/** The code of `release.version_bump`. */
export async function execute(context: Context): Promise<Edited & BumpOutput> {
  const folder = posix.normalize(context.config.folder ?? '.').replace(/(?<=.)\/$/, '');
  return edit(context, folder, async () => {
    const path = posix.join(folder, 'package.json');
    const root = await readManifest(context, path);
    if (root === undefined) throw refuse('RELEASE_FILE_INVALID', `There is no ${JSON.stringify(path)}.`);
    const from = root.get(['version']);
    if (typeof from !== 'string')
      throw refuse('RELEASE_VERSION_INVALID', `${JSON.stringify(path)} has no version.`);
    const to = await chooseVersion(context, folder, from);
    const packages = await findPackages(context, folder, path, root, from);
    const names = new Set([...packages.values()].map((manifest) => manifest.get(['name'])));
    const texts = new Map<string, string>();
    for (const [file, manifest] of packages)
      texts.set(file, raiseDependencies(manifest.set(['version'], to), names, from, to).text);
    const lockPath = posix.join(folder, 'package-lock.json');
    const lock = await readManifest(context, lockPath);
    if (lock) texts.set(lockPath, raiseLock(lock, folder, [...packages.keys()], from, to));
    return { output: { from, to, tag: `${context.config.tag_prefix ?? 'v'}${to}` }, texts };
  });
}

async function readManifest({ workspace }: Context, path: string): Promise<JsonText | undefined> {
  const text = await readText(workspace, path);
  return text === undefined ? undefined : readJson(path, text);
}

async function chooseVersion(context: Context, folder: string, from: string): Promise<string> {
  const { bump = 'patch', version, pre = 'rc', tag_prefix: prefix = 'v' } = context.config;
  if (version !== undefined) {
    checkVersion(from, version);
    return version;
  }
  if (bump !== 'auto') return nextVersion(from, bump, pre);
  const { commits, lastTag } = await readHistory(context, folder, prefix, undefined);
  if (commits.length === 0)
    throw refuse('RELEASE_NOTHING', `There is no commit since ${lastTag ?? 'the beginning'} to release.`);
  const breaking = commits.some((commit) => commit.breaking);
  // Before 1.0.0 anything may change: a minor version says so.
  if (breaking) return nextVersion(from, from.startsWith('0.') ? 'minor' : 'major', pre);
  return nextVersion(from, commits.some(({ type }) => type === 'feat') ? 'minor' : 'patch', pre);
}

/** The package of the folder, and those of its workspace that go with it: they have the same version. */
async function findPackages(
  context: Context,
  folder: string,
  path: string,
  root: JsonText,
  version: string,
): Promise<Map<string, JsonText>> {
  const found = new Map([[path, root]]);
  const patterns = context.config.packages ?? workspacesOf(root);
  if (patterns.length === 0) return found;
  const { paths } = await glob(
    withConfig(context, {
      pattern: patterns
        .filter((each) => !each.startsWith('!'))
        .map((each) => posix.join(each, 'package.json')),
      ignore: [
        '**/node_modules/**',
        ...patterns.filter((each) => each.startsWith('!')).map((each) => `${each.slice(1)}/**`),
      ],
      cwd: folder,
      limit: maxPackages,
    }),
  );
  for (const file of paths) {
    const manifest = await readManifest(context, file);
    if (manifest?.get(['version']) === version) found.set(file, manifest);
  }
  return found;
}

function workspacesOf(root: JsonText): string[] {
  const list = root.get(['workspaces', 'packages']) ?? root.get(['workspaces']);
  return Array.isArray(list) ? list.filter((each): each is string => typeof each === 'string') : [];
}

/** What depends on a package of the same release goes with it; ranges of another kind are left alone. */
function raiseDependencies(
  manifest: JsonText,
  names: ReadonlySet<unknown>,
  from: string,
  to: string,
): JsonText {
  let result = manifest;
  for (const kind of dependencyKinds) {
    const dependencies = result.get([kind]);
    if (typeof dependencies !== 'object' || dependencies === null) continue;
    for (const [name, range] of Object.entries(dependencies)) {
      if (!names.has(name) || typeof range !== 'string') continue;
      const [, start, version] = /^((?:workspace:)?[~^]?)(.+)$/.exec(range) ?? [];
      if (version === from) result = result.set([kind, name], `${start}${to}`);
    }
  }
  return result;
}

function raiseLock(
  lock: JsonText,
  folder: string,
  files: readonly string[],
  from: string,
  to: string,
): string {
  let result = lock;
  const folders = files.map((file) => posix.relative(folder, posix.dirname(file)));
  for (const at of [['version'], ...folders.map((name) => ['packages', name, 'version'])])
    if (result.get(at) === from) result = result.set(at, to);
  return result.text;
}
