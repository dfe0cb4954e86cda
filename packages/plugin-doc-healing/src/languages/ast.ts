/** A node of a syntax tree of JavaScript or TypeScript, as far as it is looked at here. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

/** Calls `visit` for each node, parents first. What `visit` answers with false is not gone into. */
export function walk(node: Node, visit: (node: Node, parent: Node | undefined) => unknown): void {
  const stack: { node: Node; parent: Node | undefined }[] = [{ node, parent: undefined }];
  for (let entry = stack.pop(); entry; entry = stack.pop()) {
    if (visit(entry.node, entry.parent) === false) continue;
    const children: Node[] = [];
    for (const [key, value] of Object.entries(entry.node)) {
      if (key === 'loc' || key.endsWith('Comments') || key === 'errors' || key === 'tokens') continue;
      if (isNode(value)) children.push(value);
      else if (Array.isArray(value)) for (const item of value) if (isNode(item)) children.push(item);
    }
    for (const child of children.reverse()) stack.push({ node: child, parent: entry.node });
  }
}

/** The name of an identifier or the text of a string literal. */
export function nameOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === 'Identifier' || node.type === 'JSXIdentifier') return node.name as string;
  if (node.type === 'StringLiteral') return node.value as string;
  return undefined;
}

/** The nodes of a list that is a property. */
export function list(node: Node, key: string): Node[] {
  const value = node[key];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

export function child(node: Node, key: string): Node | undefined {
  const value = node[key];
  return isNode(value) ? value : undefined;
}
