import { child, list, type Node, walk } from './ast.ts';

/** What stands for types alone. */
const types = new Set([
  ...['TSTypeAnnotation', 'TSTypeParameterDeclaration', 'TSTypeParameterInstantiation'],
  ...['TSInterfaceDeclaration', 'TSTypeAliasDeclaration', 'TSDeclareFunction', 'TSDeclareMethod'],
  ...['TSIndexSignature', 'TSAbstractMethodDefinition', 'TSAbstractClassProperty'],
]);
/** What does something when it runs, so that leaving it out would change the code. */
const code = new Set([
  ...['TSEnumDeclaration', 'TSModuleDeclaration', 'TSParameterProperty', 'TSExportAssignment'],
  ...['TSImportEqualsDeclaration', 'ClassAccessorProperty', 'Decorator'],
]);
const modifiers = /\b(?:public|private|protected|readonly|abstract|override|declare)\b/g;

/**
 * Leaves out of TypeScript what are types, and nothing else: every place stays where it was.
 *
 * Not by Node: its own function is broken for good, and with it every import of TypeScript in the process, by text that is nested too deep.
 *
 * @returns undefined where the code has what is neither a type nor JavaScript
 */
export function stripTypes(text: string, program: Node): string | undefined {
  const kept = text.split('');
  let possible = true;
  const blank = (start: number, end: number): void => {
    for (let at = start; at < end; at++) if (kept[at] !== '\n') kept[at] = ' ';
  };
  const blankAll = (start: number, end: number, pattern: RegExp): void => {
    for (const { index, 0: word } of text.slice(start, end).matchAll(pattern))
      blank(start + index, start + index + word.length);
  };
  walk(program, (node, parent) => {
    if (code.has(node.type)) possible = false;
    if (types.has(node.type) || node.declare === true || isTypeOnly(node)) {
      blank(node.start, node.end);
      return false;
    }
    switch (node.type) {
      // Between an expression and what follows there may be brackets, which belong to the expression.
      case 'TSAsExpression':
      case 'TSSatisfiesExpression': {
        const word = node.type === 'TSAsExpression' ? 'as' : 'satisfies';
        blank(text.lastIndexOf(word, child(node, 'typeAnnotation')!.start - word.length), node.end);
        break;
      }
      case 'TSNonNullExpression':
        blank(node.end - 1, node.end);
        break;
      case 'TSTypeAssertion':
        blank(node.start, text.indexOf('>', child(node, 'typeAnnotation')!.end) + 1);
        break;
      case 'ImportSpecifier':
      case 'ExportSpecifier':
        if (node.importKind === 'type' || node.exportKind === 'type')
          blank(node.start, node.end + /^\s*,?/.exec(text.slice(node.end, node.end + 1000))![0].length);
        break;
      case 'Identifier':
        // `name?: Type` of a parameter, `name!: Type` of a variable.
        if (node.optional === true || parent?.definite === true)
          blank(node.start + (node.name as string).length, node.end);
        if (node.name === 'this') possible = false;
        break;
      case 'ClassProperty':
      case 'ClassPrivateProperty':
      case 'ClassMethod':
      case 'ClassPrivateMethod': {
        const key = child(node, 'key')!;
        blankAll(node.start, key.start, modifiers);
        if (node.optional === true || node.definite === true) {
          const end = child(node, 'typeAnnotation')?.start ?? child(node, 'value')?.start ?? node.end;
          blankAll(key.end, end, /[?!]/g);
        }
        break;
      }
      case 'ClassDeclaration':
      case 'ClassExpression': {
        if (node.abstract === true) blankAll(node.start, text.indexOf('class', node.start), modifiers);
        if (list(node, 'implements').length > 0) {
          const before = ['superTypeArguments', 'superTypeParameters', 'superClass', 'typeParameters', 'id'];
          const last = before.map((key) => child(node, key)).find((each) => each !== undefined);
          blank(last?.end ?? text.indexOf('class', node.start) + 'class'.length, child(node, 'body')!.start);
        }
        break;
      }
    }
    return true;
  });
  return possible ? kept.join('') : undefined;
}

function isTypeOnly({ type, importKind, exportKind }: Node): boolean {
  if (type === 'ImportDeclaration') return importKind === 'type';
  return (type === 'ExportNamedDeclaration' || type === 'ExportAllDeclaration') && exportKind === 'type';
}
