import { child, list, type Node, nameOf } from '../languages/ast.ts';
import { readScript } from '../languages/script.ts';
import { readText, type Tree } from '../tree/tree.ts';
import { type Declaration, merge, readDeclaration } from './declarations.ts';
import { findModule } from './package.ts';

/** What a module exports. */
export interface ModuleExports {
  readonly names: ReadonlyMap<string, Declaration>;
  /** False when it exports more than could be found: of other packages, or by CommonJS. */
  readonly closed: boolean;
}

interface ModuleFacts {
  readonly declared: ReadonlyMap<string, Declaration>;
  /** Exported name, and what it is in the module. */
  readonly exported: ReadonlyMap<string, string>;
  /** Exported name, and where it comes from. */
  readonly passed: ReadonlyMap<string, { readonly from: string; readonly name: string }>;
  readonly imported: ReadonlyMap<string, { readonly from: string; readonly name: string }>;
  readonly stars: readonly string[];
  readonly closed: boolean;
}

const none: ModuleFacts = {
  declared: new Map(),
  exported: new Map(),
  passed: new Map(),
  imported: new Map(),
  stars: [],
  closed: false,
};
const unknown: Declaration = { kind: 'value', text: '' };
const maxDepth = 30;

/** In JavaScript every argument may be left out. */
function untyped(declaration: Declaration): Declaration {
  const calls = declaration.calls?.map((parameters) =>
    parameters.map((each) => ({ ...each, optional: true })),
  );
  return { ...declaration, ...(calls && { calls }) };
}

/** Finds out what modules of a tree export, each once. */
export class ExportReader {
  readonly #tree: Tree;
  readonly #facts = new Map<string, Promise<ModuleFacts>>();
  #has: Promise<ReadonlySet<string>> | undefined;

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  /** @param path - of a module in the tree */
  async read(path: string): Promise<ModuleExports> {
    const names = new Map<string, Declaration>();
    const closed = await this.#collect(path, names, new Set(), 0);
    return { names, closed };
  }

  /** What is declared in a module, exported or not, or imported by it from another of the tree. */
  async declaration(path: string, name: string, depth = 0): Promise<Declaration | undefined> {
    const facts = await this.#read(path);
    const own = facts.declared.get(name);
    const elsewhere = facts.imported.get(name) ?? facts.passed.get(name);
    if (own) return /\.[cm]?tsx?$/.test(path) ? { ...own, origin: path } : { ...untyped(own), origin: path };
    if (!elsewhere || depth > maxDepth) return undefined;
    const file = await this.#resolve(path, elsewhere.from);
    return file === undefined ? undefined : this.#exportedAs(file, elsewhere.name, depth + 1);
  }

  async #exportedAs(path: string, name: string, depth: number): Promise<Declaration | undefined> {
    const facts = await this.#read(path);
    const local = facts.exported.get(name);
    if (local !== undefined) return this.declaration(path, local, depth);
    const passed = facts.passed.get(name);
    const froms = passed ? [passed] : facts.stars.map((from) => ({ from, name }));
    for (const { from, name: there } of depth > maxDepth ? [] : froms) {
      const file = await this.#resolve(path, from);
      const found = file === undefined ? undefined : await this.#exportedAs(file, there, depth + 1);
      if (found) return found;
    }
    return undefined;
  }

  /** @returns whether all names are known */
  async #collect(
    path: string,
    names: Map<string, Declaration>,
    seen: Set<string>,
    depth: number,
  ): Promise<boolean> {
    if (seen.has(path) || depth > maxDepth) return depth <= maxDepth;
    seen.add(path);
    const facts = await this.#read(path);
    let { closed } = facts;
    for (const [name, local] of facts.exported)
      if (!names.has(name)) names.set(name, (await this.declaration(path, local)) ?? unknown);
    for (const [name, { from, name: there }] of facts.passed) {
      if (names.has(name)) continue;
      const file = await this.#resolve(path, from);
      const found = file === undefined ? undefined : await this.#exportedAs(file, there, depth);
      names.set(name, found ?? unknown);
    }
    for (const from of facts.stars) {
      const file = await this.#resolve(path, from);
      if (file === undefined) closed = false;
      else closed = (await this.#collect(file, names, seen, depth + 1)) && closed;
    }
    return closed;
  }

  async #resolve(path: string, from: string): Promise<string | undefined> {
    if (!from.startsWith('.')) return undefined;
    this.#has ??= this.#tree.paths().then((paths) => new Set(paths));
    const parts = path.split('/').slice(0, -1);
    for (const part of from.split('/')) {
      if (part === '..') {
        if (parts.pop() === undefined) return undefined;
      } else if (part !== '.' && part !== '') parts.push(part);
    }
    return findModule(parts.join('/'), await this.#has);
  }

  #read(path: string): Promise<ModuleFacts> {
    const facts = this.#facts.get(path) ?? this.#load(path);
    this.#facts.set(path, facts);
    return facts;
  }

  async #load(path: string): Promise<ModuleFacts> {
    const source = await readText(this.#tree, path);
    if (source === undefined) return none;
    try {
      const outcome = readScript(source, /\.[cm]?tsx?$/.test(path) ? 'typescript' : 'javascript');
      return 'script' in outcome
        ? readFacts(outcome.script.program, source, /\.d\.[cm]?ts$/.test(path))
        : none;
    } catch (error) {
      if (error instanceof RangeError) return none;
      throw error;
    }
  }
}

/** `exports.a = …`, `module.exports.a = …` and `module.exports = { a, b: … }`. */
function commonExports(statement: Node): { name: string; value: Node }[] {
  const assignment = child(statement, 'expression');
  const left = assignment && child(assignment, 'left');
  const right = assignment && child(assignment, 'right');
  if (assignment?.type !== 'AssignmentExpression' || left?.type !== 'MemberExpression' || !right) return [];
  const object = child(left, 'object');
  const name = nameOf(left.property);
  const isExports =
    nameOf(object) === 'exports' ||
    (object?.type === 'MemberExpression' && nameOf(object.property) === 'exports');
  if (isExports) return name === undefined ? [] : [{ name, value: right }];
  if (nameOf(object) !== 'module' || name !== 'exports') return [];
  if (right.type !== 'ObjectExpression') return [{ name: 'default', value: right }];
  return list(right, 'properties').flatMap((each) => {
    const key = nameOf(each.key);
    return key === undefined ? [] : [{ name: key, value: child(each, 'value') ?? each }];
  });
}

function readFacts(program: Node, source: string, ambient: boolean): ModuleFacts {
  const declared = new Map<string, Declaration>();
  const exported = new Map<string, string>();
  const passed = new Map<string, { from: string; name: string }>();
  const imported = new Map<string, { from: string; name: string }>();
  const stars: string[] = [];
  let closed = true;
  let module = false;
  let listed = false;

  const declare = (node: Node, isExported: boolean): void => {
    if (node.type === 'VariableDeclaration') {
      for (const each of list(node, 'declarations')) {
        const name = nameOf(each.id);
        if (name === undefined) closed = closed && !isExported;
        else add(name, readDeclaration(each, name, source), isExported);
      }
      return;
    }
    const name = nameOf(node.id);
    if (name !== undefined) add(name, readDeclaration(node, name, source), isExported);
  };
  const add = (name: string, declaration: Declaration, isExported: boolean): void => {
    declared.set(name, merge(declared.get(name), declaration));
    if (isExported) exported.set(name, name);
  };

  for (const node of list(program, 'body')) {
    switch (node.type) {
      case 'ImportDeclaration': {
        module = true;
        const from = nameOf(node.source) ?? '';
        for (const each of list(node, 'specifiers')) {
          const local = nameOf(each.local);
          const name = each.type === 'ImportDefaultSpecifier' ? 'default' : nameOf(each.imported);
          if (local !== undefined && name !== undefined) imported.set(local, { from, name });
        }
        break;
      }
      case 'ExportNamedDeclaration': {
        module = true;
        const declaration = child(node, 'declaration');
        const from = nameOf(node.source);
        if (declaration) declare(declaration, true);
        else listed = true;
        for (const each of list(node, 'specifiers')) {
          const name = nameOf(each.exported);
          if (name === undefined) continue;
          if (from === undefined) exported.set(name, nameOf(each.local) ?? name);
          else passed.set(name, { from, name: nameOf(each.local) ?? '*' });
        }
        break;
      }
      case 'ExportAllDeclaration':
        module = true;
        stars.push(nameOf(node.source) ?? '');
        break;
      case 'ExportDefaultDeclaration': {
        module = true;
        const declaration = child(node, 'declaration');
        const name = nameOf(declaration) ?? nameOf(declaration?.id) ?? 'default';
        if (declaration && declaration.type !== 'Identifier')
          declared.set(name, readDeclaration(declaration, name, source));
        exported.set('default', name);
        break;
      }
      case 'TSExportAssignment':
      case 'TSModuleDeclaration':
      case 'TSImportEqualsDeclaration':
      case 'TSNamespaceExportDeclaration':
        module = true;
        closed = false;
        break;
      case 'ExpressionStatement':
        // CommonJS may export in any way; what is seen of it is compared only.
        for (const { name, value } of commonExports(node)) {
          const local = name === 'default' ? nameOf(value) : undefined;
          if (local !== undefined) exported.set('default', local);
          else add(name, readDeclaration(value, name, source), true);
        }
        closed =
          closed && !/\b(?:exports|__exportStar|module)\b/.test(source.slice(node.start, node.start + 200));
        break;
      default:
        declare(node, false);
    }
  }
  // In a file of declarations everything is exported unless it says what is.
  if (ambient && module && !listed)
    for (const name of declared.keys()) exported.set(name, exported.get(name) ?? name);
  return { declared, exported, passed, imported, stars, closed: closed && module };
}
