import { readText, type Tree } from '../tree/tree.ts';

/** A package of the repository, as its package.json says. */
export interface Package {
  /** Folder, '' for the root. */
  readonly folder: string;
  readonly file: string;
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly scripts: Readonly<Record<string, string>>;
  /** Names of its commands, and the file of each. */
  readonly commands: Readonly<Record<string, string>>;
  /** By what is imported (`name`, `name/sub`): the file that it stands for, or undefined when that is not in the tree. */
  readonly entries: ReadonlyMap<string, string | undefined>;
  /** Has entries with a `*`: what else can be imported is not known. */
  readonly open: boolean;
}

const conditions = [
  'source',
  'types',
  'typings',
  'import',
  'module',
  'node',
  'default',
  'require',
  'browser',
];

/** All packages of a tree, by folder. Templates and fixtures that are no JSON are left out. */
export async function readPackages(tree: Tree): Promise<Package[]> {
  const paths = await tree.paths();
  const files = paths.filter((path) => path === 'package.json' || path.endsWith('/package.json'));
  const has = new Set(paths);
  const packages: Package[] = [];
  for (const file of files) {
    const manifest = parseObject(await readText(tree, file));
    if (manifest) packages.push(toPackage(file, manifest, has));
  }
  return packages;
}

function parseObject(text: string | undefined): Record<string, unknown> | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toPackage(file: string, manifest: Record<string, unknown>, has: ReadonlySet<string>): Package {
  const folder = file.slice(0, -'package.json'.length).replace(/\/$/, '');
  const name = text(manifest.name);
  const entries = new Map<string, string | undefined>();
  let open = false;
  const set = (subpath: string, target: string | undefined): void => {
    if (name === undefined) return;
    entries.set(subpath === '.' ? name : name + subpath.slice(1), target && findFile(folder, target, has));
  };
  const { exports } = manifest;
  if (typeof exports === 'string') set('.', exports);
  else if (isObject(exports)) {
    const subpaths = Object.keys(exports).some((key) => key.startsWith('.')) ? exports : { '.': exports };
    for (const [subpath, value] of Object.entries(subpaths)) {
      if (subpath.includes('*')) open = true;
      else set(subpath, pick(value, has, folder, subpath === '.' ? text(manifest.types) : undefined));
    }
  } else {
    const main =
      text(manifest.types) ?? text(manifest.typings) ?? text(manifest.module) ?? text(manifest.main);
    set('.', main ?? 'index.js');
    open = true;
  }
  return {
    ...{ folder, file, name, version: text(manifest.version), entries, open },
    scripts: texts(manifest.scripts),
    commands: commandsOf(manifest.bin, name),
  };
}

function commandsOf(bin: unknown, name: string | undefined): Record<string, string> {
  if (typeof bin === 'string' && name !== undefined) return { [name.replace(/^@[^/]+\//, '')]: bin };
  return texts(bin);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function texts(value: unknown): Record<string, string> {
  if (!isObject(value)) return {};
  const entries = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(entries);
}

/** The target that says most of what is exported: sources, types, then what runs. */
function pick(value: unknown, has: ReadonlySet<string>, folder: string, types?: string): string | undefined {
  const targets: { rank: number; target: string }[] = types === undefined ? [] : [{ rank: 1, target: types }];
  const collect = (from: unknown, rank: number): void => {
    if (typeof from === 'string')
      targets.push({
        rank: /\.d\.[cm]?ts$/.test(from) ? Math.min(rank, 1) : rank === 0 ? conditions.length : rank,
        target: from,
      });
    else if (Array.isArray(from)) for (const each of from) collect(each, rank);
    else if (isObject(from))
      for (const [condition, each] of Object.entries(from)) {
        const at = conditions.indexOf(condition);
        collect(each, Math.max(rank, at < 0 ? conditions.length : at));
      }
  };
  collect(value, 0);
  const sorted = targets.sort((a, b) => a.rank - b.rank);
  return (sorted.find(({ target }) => findFile(folder, target, has) !== undefined) ?? sorted[0])?.target;
}

/** The file that a target of a manifest stands for; what is built, and so not in the tree, by the source it is built from. */
function findFile(folder: string, target: string, has: ReadonlySet<string>): string | undefined {
  const bare = target.replace(/^\.\//, '');
  const path = folder === '' ? bare : `${folder}/${bare}`;
  const found = findModule(path, has);
  if (found !== undefined) return found;
  const source = path.replace(/(^|\/)(?:dist|lib|build|out)(\/(?:types|esm|cjs))?\//, '$1src/');
  return source === path ? undefined : findModule(source, has);
}

const endings = ['.ts', '.tsx', '.d.ts', '.mts', '.d.mts', '.cts', '.d.cts', '.js', '.mjs', '.cjs', '.jsx'];

/** The file that a path without or with another ending stands for; types before code. */
export function findModule(path: string, has: ReadonlySet<string>): string | undefined {
  const [, stem = path, ending = ''] = /^(.*?)((?:\.d)?\.[cm]?[jt]sx?)$/.exec(path) ?? [];
  const types = ending.startsWith('.d.') ? [] : [`.d${ending.replace('j', 't').replace('x', '')}`, '.d.ts'];
  const candidates = [
    ...(ending === '' ? [] : types.map((each) => stem + each)),
    path,
    ...endings.map((each) => (ending === '' ? path : stem) + each),
    ...endings.map((each) => `${path}/index${each}`),
  ];
  if (/\.[cm]?tsx?$/.test(path) && has.has(path)) return path;
  return candidates.find((candidate) => /\.[cm]?[jt]sx?$/.test(candidate) && has.has(candidate));
}
