import { SyntaxChecker } from '../languages/index.ts';
import type { MarkdownDocument } from '../markdown/model.ts';
import { parseMarkdown } from '../markdown/parse.ts';
import type { SkipReason, Tree } from '../tree/tree.ts';
import { ExportReader, type ModuleExports } from './exports.ts';
import { FlagReader } from './flags.ts';
import { MemberReader } from './members.ts';
import { type Package, readPackages } from './package.ts';

export type ReadDocument = MarkdownDocument | { readonly skipped: SkipReason | 'nested' };

/** One state of a repository, with all that is known of it. Everything is found out once, when it is asked for. */
export class State {
  readonly tree: Tree;
  readonly paths: readonly string[];
  readonly has: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
  readonly #modules: readonly string[];
  readonly packages: readonly Package[];
  readonly exports: ExportReader;
  readonly flags: FlagReader;
  readonly members: MemberReader;
  readonly #documents = new Map<string, Promise<ReadDocument>>();

  private constructor(
    tree: Tree,
    paths: readonly string[],
    packages: readonly Package[],
    modules: readonly string[],
  ) {
    this.tree = tree;
    this.#modules = modules;
    this.paths = paths;
    this.has = new Set(paths);
    this.folders = foldersOf(paths);
    this.packages = packages;
    this.exports = new ExportReader(tree);
    this.members = new MemberReader(tree, paths, packages);
    this.flags = new FlagReader(tree, paths, packages);
  }

  static async open(tree: Tree): Promise<State> {
    const [paths, packages, modules = []] = await Promise.all([
      tree.paths(),
      readPackages(tree),
      tree.modules?.(),
    ]);
    return new State(tree, paths, packages, modules);
  }

  /** Tells whether there is a file or folder, or may be, in another repository. */
  exists(path: string): boolean {
    if (this.has.has(path) || this.folders.has(path)) return true;
    return this.#modules.some((each) => path === each || path.startsWith(`${each}/`));
  }

  document(path: string): Promise<ReadDocument> {
    const document = this.#documents.get(path) ?? this.#parse(path);
    this.#documents.set(path, document);
    return document;
  }

  async #parse(path: string): Promise<ReadDocument> {
    const content = await this.tree.read(path);
    return 'text' in content ? parseMarkdown(content.text) : content;
  }

  /** The package that something imported belongs to. */
  packageOf(specifier: string): Package | undefined {
    const [scope = '', rest = ''] = specifier.split('/');
    const name = specifier.startsWith('@') ? `${scope}/${rest}` : scope;
    return this.packages.find((each) => each.name === name);
  }

  /** The packages whose folder a file is in, the nearest first. */
  packagesAround(path: string): Package[] {
    return this.packages
      .filter(({ folder }) => folder === '' || path.startsWith(`${folder}/`))
      .sort((a, b) => b.folder.length - a.folder.length);
  }

  /** What a module of the repository exports, by what is imported; undefined when that is not known. */
  async exportsOf(specifier: string): Promise<ModuleExports | undefined> {
    const file = this.packageOf(specifier)?.entries.get(specifier);
    return file === undefined ? undefined : this.exports.read(file);
  }
}

function foldersOf(paths: readonly string[]): Set<string> {
  const folders = new Set(['']);
  for (const path of paths)
    for (
      let at = path.lastIndexOf('/');
      at > 0 && !folders.has(path.slice(0, at));
      at = path.lastIndexOf('/', at - 1)
    )
      folders.add(path.slice(0, at));
  return folders;
}

/** A repository as it is, and as it was when its documentation was right, if that is known. */
export interface Project {
  readonly head: State;
  readonly base: State | undefined;
  readonly syntax: SyntaxChecker;
}

export async function openProject(
  head: Tree,
  base: Tree | undefined,
  signal?: AbortSignal,
): Promise<Project> {
  return {
    head: await State.open(head),
    base: base && (await State.open(base)),
    syntax: new SyntaxChecker(signal),
  };
}

/** The path that an address in a file stands for. @returns undefined when it leads out of the repository */
export function resolvePath(file: string, path: string): string | undefined {
  const parts = path.startsWith('/') ? [] : file.split('/').slice(0, -1);
  for (const part of path.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

/** The shortest address of a path, seen from a file. */
export function relativePath(file: string, path: string): string {
  const from = file.split('/').slice(0, -1);
  const to = path.split('/');
  let same = 0;
  while (same < from.length && same < to.length - 1 && from[same] === to[same]) same++;
  return [...from.slice(same).map(() => '..'), ...to.slice(same)].join('/');
}
