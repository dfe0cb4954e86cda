import { readTexts, type Tree } from '../tree/tree.ts';
import type { Package } from './package.ts';

/** The options of the commands of a package, as far as they can be read off its code. */
export interface Flags {
  /** Written `--name`, or declared to a parser of options; each with a line that it stands in. */
  readonly declared: ReadonlyMap<string, string>;
  /** Every word of the code. */
  readonly words: ReadonlySet<string>;
  /** False when there is more code than was read. */
  readonly complete: boolean;
}

const maxFiles = 3000;
const code = /\.[cm]?[jt]sx?$/;
const left = /(?:\.test|\.spec)\.[cm]?[jt]sx?$|(?:^|\/)(?:testing|tests?|fixtures|__tests__)\//;

export class FlagReader {
  readonly #tree: Tree;
  readonly #paths: readonly string[];
  readonly #packages: readonly Package[];
  readonly #flags = new Map<Package, Promise<Flags>>();

  constructor(tree: Tree, paths: readonly string[], packages: readonly Package[]) {
    this.#tree = tree;
    this.#paths = paths;
    this.#packages = packages;
  }

  of(owner: Package): Promise<Flags> {
    const flags = this.#flags.get(owner) ?? this.#read(owner);
    this.#flags.set(owner, flags);
    return flags;
  }

  async #read({ folder, commands }: Package): Promise<Flags> {
    const inside = folder === '' ? '' : `${folder}/`;
    const others = this.#packages
      .map((each) => each.folder)
      .filter((each) => each !== folder && each.startsWith(inside));
    const starts = new Set(Object.values(commands).map((file) => inside + file.replace(/^\.\//, '')));
    const files = this.#paths.filter(
      (path) =>
        path.startsWith(inside) &&
        (starts.has(path) || (code.test(path) && !left.test(path))) &&
        !others.some((other) => path.startsWith(`${other}/`)),
    );
    const declared = new Map<string, string>();
    const words = new Set<string>();
    for (const text of await readTexts(this.#tree, files.slice(0, maxFiles))) collect(text, declared, words);
    return { declared, words, complete: files.length > 0 && files.length <= maxFiles };
  }
}

const written = /(?<![\w-])--([a-z][a-z0-9-]*[a-z0-9])(?![\w-])/g;
const named = /(?:(?:name|long)\s*:\s*|option\(\s*|^\s*)(['"])([a-z][a-z0-9-]*[a-z0-9])\1/gm;
const keyed = /(?:^\s*|[{,]\s*)(['"]?)([a-z][A-Za-z0-9-]*[A-Za-z0-9])\1\s*:\s*\{/gm;

function collect(text: string, declared: Map<string, string>, words: Set<string>): void {
  for (const [word] of text.matchAll(/[A-Za-z][\w-]*/g)) words.add(word);
  const note = (name: string, at: number): void => {
    if (declared.has(name)) return;
    const start = text.lastIndexOf('\n', at) + 1;
    const end = text.indexOf('\n', at);
    declared.set(
      name,
      text.slice(Math.max(start, at - 200), Math.min(end < 0 ? text.length : end, at + 400)).trim(),
    );
  };
  for (const match of text.matchAll(written)) note(match[1]!, match.index + 2);
  for (const match of text.matchAll(named)) note(match[2]!, match.index + match[0].length - 2);
  for (const match of text.matchAll(keyed)) note(kebab(match[2]!), match.index + match[0].length - 2);
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Whether a flag could be one of the code: it is declared, or its name is a word of it in some spelling. */
export function knowsFlag({ declared, words }: Flags, flag: string): boolean {
  const names = [flag, flag.replace(/^no-/, '')];
  return names.some((name) => {
    const camel = name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    return declared.has(name) || [name, camel, name.replaceAll('-', '_')].some((word) => words.has(word));
  });
}
