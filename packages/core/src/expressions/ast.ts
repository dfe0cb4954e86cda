interface Position {
  readonly start: number;
  readonly end: number;
}

/** The tree that the CEL parser gives; its types, as far as they are used, without its package. */
export type Node = Position &
  (
    | { readonly op: 'value'; readonly args: unknown }
    | { readonly op: 'id'; readonly args: string }
    | { readonly op: FieldOperator; readonly args: readonly [Node, string] }
    | { readonly op: IndexOperator; readonly args: readonly [Node, Node] }
    | { readonly op: BinaryOperator | '||' | '&&'; readonly args: readonly [Node, Node] }
    | { readonly op: 'call'; readonly args: readonly [string, readonly Node[]] }
    | { readonly op: 'rcall'; readonly args: readonly [string, Node, readonly Node[]] }
    | { readonly op: 'list'; readonly args: readonly Node[] }
    | { readonly op: 'map'; readonly args: readonly (readonly [Node, Node])[] }
    | { readonly op: '?:'; readonly args: readonly [Node, Node, Node] }
    | { readonly op: '!_' | '-_'; readonly args: Node }
  );

type FieldOperator = '.' | '.?';
type IndexOperator = '[]' | '[?]';
/** A node that reads something out of something. */
export type AccessNode = Extract<Node, { op: FieldOperator | IndexOperator }>;
export type CallNode = Extract<Node, { op: 'call' | 'rcall' }>;
export type BinaryOperator = '!=' | '==' | 'in' | '+' | '-' | '*' | '/' | '%' | '<' | '<=' | '>' | '>=';
