import { type CompiledExpression, explainFailure, type Fail, limited } from './compiled.ts';
import { type Kind, kindOfBinary, not, operate, type PlainNode, read } from './plain-operators.ts';
import { toResult } from './result.ts';
import { type RootUse, scopeNames, type Use } from './scope.ts';

/** Whatever is longer, nested deeper or reads further down is left to CEL, which has limits and words for it. */
const longest = 500;
const deepest = 8;
const furthest = 20;

const token =
  /[ \t\r\n]*(?:([A-Za-z_]\w*)|(\d+(?:\.\d+)?)(?![\w.])|"([^"\\\r\n]*)"(?!")|'([^'\\\r\n]*)'(?!')|(\|\||&&|[=!<>]=|[-+*/<>!()[\].]))/y;

const levels: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['==', '!='],
  ['<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/'],
];

const literals: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** Names that are no field: `a.in`. */
const words: ReadonlySet<string> = new Set([...literals.keys(), 'in']);

/** Gives a text up: CEL is to compile it. */
const beyond: Error = new Error('Not a plain expression.');

/**
 * Compiles the part of CEL that most expressions keep to, without the CEL library: what a scope holds
 * (`steps.a.output.rows[0]`), texts, numbers, `true`, `false` and `null`, arithmetic, comparisons, `&&`, `||`, `!` and
 * parentheses. It gives the same results, types and errors as cel.ts; plain.test.ts compares them.
 *
 * @param original - the expression as the user wrote it, for errors
 * @returns undefined for all else, also for what has problems
 */
export function compilePlain(text: string, original: string, fail: Fail): CompiledExpression | undefined {
  if (text.length > longest) return undefined;
  let parser: Parser;
  let node: PlainNode;
  try {
    parser = new Parser(text);
    node = parser.all();
  } catch (error) {
    if (error === beyond) return undefined;
    throw error;
  }
  const { names, steps, secrets, dynamicSteps } = parser;
  return {
    problems: [],
    names,
    steps,
    secrets,
    dynamicSteps,
    type: node.kind === 'dyn' ? undefined : node.kind,
    evaluate: limited(
      {
        run: (scope) => toResult(node.run(scope)),
        explain: (error) => explainFailure(error) ?? `it could not be evaluated (${(error as Error).name})`,
      },
      original,
      fail,
    ),
  };
}

class Parser {
  readonly names: RootUse[] = [];
  readonly steps: Use[] = [];
  readonly secrets: Use[] = [];
  dynamicSteps = false;
  readonly #text: string;
  #depth = 0;
  /** The token that is next: what it is, and where it stands. */
  #word: string | undefined;
  #literal: string | number | undefined;
  #sign = '';
  #start = 0;
  #end = 0;
  #before = 0;

  constructor(text: string) {
    this.#text = text;
    this.#advance();
  }

  all(): PlainNode {
    const node = this.#level(0);
    if (this.#word !== undefined || this.#literal !== undefined || this.#sign !== '') throw beyond;
    return node;
  }

  #advance(): void {
    this.#before = this.#end;
    token.lastIndex = this.#end;
    const match = token.exec(this.#text);
    if (!match && this.#text.slice(this.#end).trim() !== '') throw beyond;
    const [whole = '', word, number, double, single, sign = ''] = match ?? [];
    this.#word = word;
    this.#literal = number === undefined ? (double ?? single) : Number(number);
    this.#sign = sign;
    this.#start = this.#end + whole.length - whole.trimStart().length;
    this.#end += whole.length;
    // CEL has its say on whole numbers that JSON cannot hold, and on numbers that are infinite.
    if (typeof this.#literal === 'number' && this.#literal > Number.MAX_SAFE_INTEGER) throw beyond;
  }

  /** True when the next token was that sign; it is taken. */
  #takes(sign: string): boolean {
    if (this.#sign !== sign) return false;
    this.#advance();
    return true;
  }

  #level(level: number): PlainNode {
    const operators = levels[level];
    if (!operators) return this.#unary();
    let left = this.#level(level + 1);
    while (operators.includes(this.#sign)) {
      const op = this.#sign;
      this.#advance();
      left = this.#binary(op, left, this.#level(level + 1));
    }
    return left;
  }

  #binary(op: string, left: PlainNode, right: PlainNode): PlainNode {
    const kind = kindOfBinary(op, left.kind, right.kind);
    if (!kind) throw beyond;
    const { start } = left;
    const { end } = right;
    return { start, end, kind, run: operate(op, left, right, { text: this.#text, start, end }) };
  }

  #unary(): PlainNode {
    const start = this.#start;
    if (!this.#takes('!')) return this.#operand();
    if (++this.#depth > deepest) throw beyond;
    const node = this.#unary();
    this.#depth--;
    const { end } = node;
    if (node.kind !== 'dyn' && node.kind !== 'bool') throw beyond;
    return { start, end, kind: 'bool', run: not(node, { text: this.#text, start, end }) };
  }

  #operand(): PlainNode {
    const start = this.#start;
    const end = this.#end;
    const word = this.#word;
    const literal = this.#literal;
    if (this.#takes('(')) {
      if (++this.#depth > deepest) throw beyond;
      const inner = this.#level(0);
      if (!this.#takes(')')) throw beyond;
      this.#depth--;
      return inner;
    }
    if (literal !== undefined) {
      this.#advance();
      return constant(literal, typeof literal === 'string' ? 'string' : 'double', start, end);
    }
    if (word === undefined) throw beyond;
    this.#advance();
    const value = literals.get(word);
    if (value !== undefined) return constant(value, value === null ? 'null' : 'bool', start, end);
    // Functions, types, and names that are not in scope anywhere.
    if (!scopeNames.has(word)) throw beyond;
    return this.#path(word, start, end);
  }

  #path(root: string, start: number, rootEnd: number): PlainNode {
    const name: RootUse = { name: root, offset: start };
    this.names.push(name);
    const keys: (string | number)[] = [];
    const ends = [rootEnd];
    for (let key = this.#key(); key !== undefined; key = this.#key()) {
      keys.push(key);
      ends.push(this.#before);
      if (keys.length > furthest) throw beyond;
    }
    const [first] = keys;
    if (root === 'parameters') name.key = first;
    if (root === 'secrets' && typeof first === 'string') this.secrets.push({ name: first, offset: start });
    if (root === 'steps') {
      if (typeof first === 'string') this.steps.push({ name: first, offset: start });
      else this.dynamicSteps = true;
    }
    const end = ends.at(-1) as number;
    return { start, end, kind: 'dyn', run: read(root, keys, this.#text, start, ends) };
  }

  /** The next `.key`, `["key"]` or `[0]` of a path. */
  #key(): string | number | undefined {
    const isField = this.#takes('.');
    if (!isField && !this.#takes('[')) return undefined;
    const key = isField ? this.#word : this.#literal;
    if (key === undefined || (isField && words.has(key as string))) throw beyond;
    this.#advance();
    if (!isField && !this.#takes(']')) throw beyond;
    return key;
  }
}

function constant(
  value: string | number | boolean | null,
  kind: Kind,
  start: number,
  end: number,
): PlainNode {
  return { start, end, kind, run: () => value };
}
