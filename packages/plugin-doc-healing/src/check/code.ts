import { child, isNode, list, type Node, nameOf, walk } from '../languages/ast.ts';
import { canonicalLanguage } from '../languages/index.ts';
import { readScript } from '../languages/script.ts';
import type { MarkdownDocument } from '../markdown/model.ts';
import { offsetsOf } from '../markdown/offsets.ts';

/** A name that a block gets from a module. */
export interface Binding {
  readonly local: string;
  readonly specifier: string;
  /** `default`, `*` for the whole module, or the name that is exported. */
  readonly name: string;
  /** Of the exported name as written, in the file. */
  readonly start: number;
  readonly end: number;
}

/** A place where a module is named. */
export interface ModuleUse {
  readonly specifier: string;
  /** Of the name of the module, without quotes, in the file. */
  readonly start: number;
  readonly end: number;
  readonly names: readonly string[];
}

export interface Reference {
  readonly name: string;
  readonly start: number;
  /** Written once for both key and value. */
  readonly shorthand: boolean;
}

export interface Call {
  readonly callee: string;
  /** What it is called on, in `object.callee()`. */
  readonly object?: string;
  readonly isNew: boolean;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly arguments: readonly Argument[];
}

export interface Argument {
  readonly start: number;
  readonly end: number;
  readonly spread: boolean;
  /** Of an object literal. */
  readonly keys?: readonly {
    readonly name: string;
    readonly start: number;
    readonly end: number;
    readonly shorthand: boolean;
  }[];
}

/** The code of one block, with all places as offsets in the file. */
export interface BlockCode {
  readonly block: number;
  readonly bindings: readonly Binding[];
  readonly modules: readonly ModuleUse[];
  readonly references: readonly Reference[];
  /** `object.name`, by object. */
  readonly members: readonly { readonly object: string; readonly name: string; readonly start: number }[];
  /** Keys of object literals. */
  readonly keys: readonly { readonly name: string; readonly start: number }[];
  readonly calls: readonly Call[];
  readonly declared: ReadonlySet<string>;
}

/** Reads all blocks of JavaScript and TypeScript that can be read. */
export function readCode(document: MarkdownDocument): BlockCode[] {
  const found: BlockCode[] = [];
  for (const [index, block] of document.blocks.entries()) {
    const language = canonicalLanguage(block.language);
    if (language !== 'javascript' && language !== 'typescript') continue;
    if (block.text.length > 100_000) continue;
    try {
      const outcome = readScript(block.text, language);
      if (!('script' in outcome)) continue;
      const { program, shift } = outcome.script;
      const at = offsetsOf(block);
      found.push(collect(program, index, document.text, (offset) => at(offset - shift)));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return found;
}

function collect(program: Node, block: number, text: string, at: (offset: number) => number): BlockCode {
  const bindings: Binding[] = [];
  const modules: ModuleUse[] = [];
  const references: Reference[] = [];
  const members: { object: string; name: string; start: number }[] = [];
  const calls: Call[] = [];
  const keys: { name: string; start: number }[] = [];
  const declared = new Set<string>();
  const seen = new Set<number>();

  const bind = (local: string, name: string, specifier: string, node: Node): void => {
    bindings.push({ local, name, specifier, start: at(node.start), end: at(node.end) });
  };
  const use = (source: Node, names: string[]): void => {
    const specifier = nameOf(source)!;
    modules.push({ specifier, names, start: at(source.start) + 1, end: at(source.end) - 1 });
  };

  walk(program, (node, parent) => {
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ExportNamedDeclaration': {
        const source = child(node, 'source');
        if (source)
          use(
            source,
            list(node, 'specifiers').map((each) => importedName(each)),
          );
        for (const each of node.type === 'ImportDeclaration' && source ? list(node, 'specifiers') : [])
          bind(
            nameOf(each.local) ?? '',
            importedName(each),
            nameOf(source)!,
            child(each, 'imported') ?? each,
          );
        break;
      }
      case 'VariableDeclarator': {
        const specifier = requiredModule(child(node, 'init'));
        if (!specifier) namesIn(child(node, 'id'), declared);
        else bindPattern(child(node, 'id'), specifier, bind, use);
        break;
      }
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
      case 'TSInterfaceDeclaration':
      case 'TSTypeAliasDeclaration':
      case 'TSEnumDeclaration':
      case 'TSDeclareFunction':
        namesIn(child(node, 'id'), declared);
        break;
      case 'CallExpression':
      case 'NewExpression': {
        const call = readCall(node, text, at);
        if (call) calls.push(call);
        break;
      }
      case 'MemberExpression':
      case 'OptionalMemberExpression':
      case 'TSQualifiedName': {
        const object = nameOf(node.object ?? node.left) ?? '';
        const property = child(node, 'property') ?? child(node, 'right');
        const name = node.computed === true ? undefined : nameOf(property);
        if (name !== undefined) members.push({ object, name, start: at(property!.start) });
        break;
      }
      case 'ObjectProperty':
      case 'ObjectMethod': {
        const key = child(node, 'key');
        const name = node.computed === true || parent?.type !== 'ObjectExpression' ? undefined : nameOf(key);
        if (name !== undefined && key?.type === 'Identifier' && node.shorthand !== true)
          keys.push({ name, start: at(key.start) });
        break;
      }
      case 'Identifier':
      case 'JSXIdentifier': {
        if (!parent || !isReference(node, parent) || seen.has(node.start)) break;
        seen.add(node.start);
        references.push({
          name: node.name as string,
          start: at(node.start),
          shorthand: parent.shorthand === true,
        });
        break;
      }
    }
    if (Array.isArray(node.params)) for (const each of list(node, 'params')) namesIn(each, declared);
  });
  return { block, bindings, modules, references, members, keys, calls, declared };
}

function importedName(specifier: Node): string {
  if (specifier.type === 'ImportDefaultSpecifier') return 'default';
  return nameOf(specifier.imported) ?? nameOf(specifier.local) ?? '*';
}

/** `require('x')`, `await import('x')` */
function requiredModule(init: Node | undefined): Node | undefined {
  const call = init?.type === 'AwaitExpression' ? child(init, 'argument') : init;
  if (call?.type === 'ImportExpression') return stringOf(child(call, 'source'));
  if (call?.type !== 'CallExpression') return undefined;
  const callee = child(call, 'callee');
  if (nameOf(callee) !== 'require' && callee?.type !== 'Import') return undefined;
  return stringOf(list(call, 'arguments')[0]);
}

function stringOf(node: Node | undefined): Node | undefined {
  return node?.type === 'StringLiteral' ? node : undefined;
}

function bindPattern(
  id: Node | undefined,
  source: Node,
  bind: (local: string, name: string, specifier: string, node: Node) => void,
  use: (source: Node, names: string[]) => void,
): void {
  const specifier = nameOf(source)!;
  const names: string[] = [];
  if (id?.type === 'Identifier') bind(id.name as string, '*', specifier, id);
  for (const each of id?.type === 'ObjectPattern' ? list(id, 'properties') : []) {
    const name = nameOf(each.key);
    const value = child(each, 'value');
    const local = nameOf(value) ?? nameOf(value?.left);
    if (name === undefined || local === undefined) continue;
    names.push(name);
    bind(local, name, specifier, child(each, 'key')!);
  }
  use(source, names);
}

function namesIn(pattern: Node | undefined, into: Set<string>): void {
  if (!pattern) return;
  if (pattern.type === 'Identifier') into.add(pattern.name as string);
  else if (pattern.type === 'ObjectPattern')
    for (const each of list(pattern, 'properties'))
      namesIn(child(each, 'value') ?? child(each, 'argument'), into);
  else if (pattern.type === 'ArrayPattern') for (const each of list(pattern, 'elements')) namesIn(each, into);
  else namesIn(child(pattern, 'left') ?? child(pattern, 'argument') ?? child(pattern, 'parameter'), into);
}

/** True for what stands for a variable or type, false for keys and members. */
function isReference(node: Node, parent: Node): boolean {
  switch (parent.type) {
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      return parent.object === node || parent.computed === true;
    case 'TSQualifiedName':
      return parent.left === node;
    case 'ObjectProperty':
      return parent.shorthand === true || parent.computed === true || parent.value === node;
    case 'ObjectMethod':
    case 'ClassMethod':
    case 'ClassProperty':
    case 'ClassPrivateProperty':
    case 'TSPropertySignature':
    case 'TSMethodSignature':
    case 'TSEnumMember':
      return parent.computed === true || (parent.key !== node && parent.id !== node);
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'JSXAttribute':
    case 'TSNamedTupleMember':
      return false;
    default:
      return true;
  }
}

function readCall(node: Node, text: string, at: (offset: number) => number): Call | undefined {
  const callee = child(node, 'callee');
  const member = callee?.type === 'MemberExpression' && callee.computed !== true;
  const name = member ? nameOf(callee.property) : nameOf(callee);
  const object = member ? nameOf(callee.object) : undefined;
  if (name === undefined || callee?.type === 'StringLiteral' || (member && object === undefined))
    return undefined;
  const start = at(node.start);
  const end = at(node.end);
  return {
    ...{ callee: name, isNew: node.type === 'NewExpression', text: text.slice(start, end), start, end },
    ...(object !== undefined && { object }),
    arguments: list(node, 'arguments').map((each) => ({
      ...{ start: at(each.start), end: at(each.end), spread: each.type === 'SpreadElement' },
      ...(each.type === 'ObjectExpression' && objectKeys(each, at)),
    })),
  };
}

function objectKeys(node: Node, at: (offset: number) => number): Pick<Argument, 'keys'> {
  const properties = list(node, 'properties');
  if (properties.some(({ type, computed }) => type === 'SpreadElement' || computed === true)) return {};
  return {
    keys: properties.flatMap((each) => {
      const key = each.key;
      const name = nameOf(key);
      if (name === undefined || !isNode(key)) return [];
      const quoted = key.type === 'StringLiteral' ? 1 : 0;
      const start = at(key.start) + quoted;
      return { name, start, end: at(key.end) - quoted, shorthand: each.shorthand === true };
    }),
  };
}
