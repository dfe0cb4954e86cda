import { readTexts, type Tree } from '../tree/tree.ts';
import type { Package } from './package.ts';

const maxFiles = 3000;
const code = /\.[cm]?[jt]sx?$/;
const left = /(?:\.test|\.spec)\.[cm]?[jt]sx?$|(?:^|\/)(?:testing|tests?|fixtures|__tests__)\//;
/** A property or method where it is declared: at the beginning of a line, or after another in one. */
const member =
  /(?:^[ \t]*|[{;,(][ \t]*)(?:(?:readonly|public|static|async|get|set|abstract|declare)[ \t]+)*(['"]?)([A-Za-z_$][\w$]*)\1[?!]?[ \t]*(?:[:(]|<[^<>()]*>\()/gm;

/** Names of properties and methods in the code of a package, each with the line that first declares it. */
export type Members = ReadonlyMap<string, string>;

/** Reads the members of packages, each once. */
export class MemberReader {
  readonly #tree: Tree;
  readonly #paths: readonly string[];
  readonly #packages: readonly Package[];
  readonly #members = new Map<string, Promise<Members>>();

  constructor(tree: Tree, paths: readonly string[], packages: readonly Package[]) {
    this.#tree = tree;
    this.#paths = paths;
    this.#packages = packages;
  }

  of({ folder }: Package): Promise<Members> {
    const members = this.#members.get(folder) ?? this.#read(folder);
    this.#members.set(folder, members);
    return members;
  }

  async #read(folder: string): Promise<Members> {
    const inside = folder === '' ? '' : `${folder}/`;
    const others = this.#packages
      .map((each) => each.folder)
      .filter((each) => each !== folder && each.startsWith(inside));
    const files = this.#paths.filter(
      (path) =>
        path.startsWith(inside) &&
        code.test(path) &&
        !left.test(path) &&
        !others.some((other) => path.startsWith(`${other}/`)),
    );
    const members = new Map<string, string>();
    for (const text of await readTexts(this.#tree, files.slice(0, maxFiles))) {
      for (const match of text.matchAll(member)) {
        const name = match[2]!;
        if (members.has(name)) continue;
        const at = match.index + match[0].indexOf(name);
        const start = text.lastIndexOf('\n', at) + 1;
        const end = text.indexOf('\n', at);
        members.set(
          name,
          text.slice(Math.max(start, at - 150), Math.min(end < 0 ? text.length : end, at + 250)).trim(),
        );
      }
    }
    return members;
  }
}
