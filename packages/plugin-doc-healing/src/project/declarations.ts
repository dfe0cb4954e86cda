import { child, isNode, list, type Node, nameOf } from '../languages/ast.ts';

/** One parameter of a function. */
export interface Parameter {
  readonly name: string;
  readonly optional: boolean;
  readonly rest: boolean;
  /** Names of the properties that it takes, where they can be read off; undefined when they can't. */
  readonly keys?: readonly string[];
  /** The name of its type, to look up the properties elsewhere. */
  readonly type?: string;
}

/** What is declared under a name. */
export interface Declaration {
  readonly kind: 'function' | 'class' | 'type' | 'value';
  /** Each way to call it; undefined for what can't be called or whose parameters are not known. */
  readonly calls?: readonly (readonly Parameter[])[];
  /** Names of members of a class, interface, enum or object of types. */
  readonly members?: readonly string[];
  /** False when it has members that are not listed. */
  readonly closed?: boolean;
  /** Its text, without the name: what stays the same when it is renamed. */
  readonly text: string;
  /** The module that declares it. */
  readonly origin?: string;
}

/** Reads a declaration; several under one name are overloads or merge. */
export function readDeclaration(node: Node, name: string, source: string): Declaration {
  const text = source
    .slice(node.start, Math.min(node.end, node.start + 4000))
    .replaceAll(new RegExp(`(?<![\\w$])${name.replace(/[$]/g, '\\$&')}(?![\\w$])`, 'g'), '\u0001')
    .replace(/\s+/g, ' ');
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'TSDeclareFunction':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return { kind: 'function', calls: [list(node, 'params').map(readParameter)], text };
    case 'ClassDeclaration':
    case 'ClassExpression': {
      const body = child(node, 'body');
      const members = body ? list(body, 'body') : [];
      const makers = members.filter((each) => each.kind === 'constructor');
      const closed = !isNode(node.superClass) && list(node, 'implements').length === 0;
      const calls =
        makers.length === 0
          ? closed
            ? [[]]
            : undefined
          : makers.map((each) => list(each, 'params').map(readParameter));
      return { kind: 'class', ...(calls && { calls }), members: namesOf(members), closed, text };
    }
    case 'TSInterfaceDeclaration': {
      const body = child(node, 'body');
      const members = body ? list(body, 'body') : [];
      const calls = members.filter((each) => each.type === 'TSCallSignatureDeclaration').map(parametersOf);
      const closed =
        list(node, 'extends').length === 0 && !members.some((each) => each.type === 'TSIndexSignature');
      return { kind: 'type', members: namesOf(members), closed, ...(calls.length > 0 && { calls }), text };
    }
    case 'TSTypeAliasDeclaration':
      return { kind: 'type', ...readType(child(node, 'typeAnnotation')), text };
    case 'TSEnumDeclaration':
      return { kind: 'value', text };
    case 'VariableDeclarator': {
      const init = child(node, 'init');
      if (init && /Function/.test(init.type)) return { ...readDeclaration(init, name, source), text };
      const annotation = typeOf(child(node, 'id'));
      if (annotation?.type === 'TSFunctionType')
        return { kind: 'function', calls: [parametersOf(annotation)], text };
      return { kind: 'value', text };
    }
    default:
      return { kind: 'value', text };
  }
}

/** Puts together what is declared under one name. */
export function merge(a: Declaration | undefined, b: Declaration): Declaration {
  if (!a) return b;
  const known = (a.calls ?? a.kind === 'type') && (b.calls ?? b.kind === 'type');
  const calls = known ? [...(a.calls ?? []), ...(b.calls ?? [])] : undefined;
  return {
    kind: a.kind === 'type' ? b.kind : a.kind,
    ...(calls && calls.length > 0 && { calls }),
    members: [...(a.members ?? []), ...(b.members ?? [])],
    closed: (a.closed ?? true) && (b.closed ?? true),
    text: `${a.text} ${b.text}`,
  };
}

function readParameter(node: Node): Parameter {
  switch (node.type) {
    case 'TSParameterProperty':
      return readParameter(child(node, 'parameter') ?? node);
    case 'AssignmentPattern':
      return { ...readParameter(child(node, 'left') ?? node), optional: true };
    case 'RestElement':
      return { name: nameOf(node.argument) ?? '', optional: true, rest: true };
    default: {
      const annotation = typeOf(node);
      const shape = annotation
        ? readType(annotation)
        : node.type === 'ObjectPattern'
          ? patternKeys(node)
          : undefined;
      const type = annotation?.type === 'TSTypeReference' ? nameOf(annotation.typeName) : undefined;
      return {
        name: node.type === 'ObjectPattern' ? 'options' : (nameOf(node) ?? ''),
        optional: node.optional === true,
        rest: false,
        ...(shape?.members && shape.closed && { keys: shape.members }),
        ...(type !== undefined && { type }),
      };
    }
  }
}

function patternKeys(node: Node): { members: string[]; closed: boolean } {
  const properties = list(node, 'properties');
  const members = properties.flatMap((each) => nameOf(each.key) ?? []);
  return { members, closed: !properties.some(({ type }) => type === 'RestElement') };
}

function readType(node: Node | undefined): { members?: string[]; closed?: boolean; calls?: Parameter[][] } {
  if (node?.type === 'TSTypeLiteral') {
    const members = list(node, 'members');
    return { members: namesOf(members), closed: !members.some(({ type }) => type === 'TSIndexSignature') };
  }
  if (node?.type === 'TSFunctionType') return { calls: [parametersOf(node)] };
  if (node?.type === 'TSIntersectionType') {
    const parts = list(node, 'types').map((each) => readType(each));
    return {
      members: parts.flatMap(({ members = [] }) => members),
      closed: parts.every(({ closed }) => closed === true),
    };
  }
  return {};
}

function parametersOf(node: Node): Parameter[] {
  return (list(node, 'params').length > 0 ? list(node, 'params') : list(node, 'parameters')).map(
    readParameter,
  );
}

function typeOf(node: Node | undefined): Node | undefined {
  const annotation = node && child(node, 'typeAnnotation');
  return annotation && child(annotation, 'typeAnnotation');
}

function namesOf(members: readonly Node[]): string[] {
  return [...new Set(members.flatMap((each) => (each.computed === true ? [] : (nameOf(each.key) ?? []))))];
}
