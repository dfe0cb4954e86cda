import { Environment, ParseError } from '@marcbachmann/cel-js';
import type { Node } from './ast.ts';
import { MAX_DEPTH, MAX_NODES, MAX_TEXT } from './limits.ts';
import { skipQuoted } from './scan.ts';

/**
 * The parser and function library of cel-js. Its evaluator is not used, for three measured reasons:
 *
 * - Numbers. It has int, uint and double; `3 / 2` of two literals is 1, `2 - 1.5` has no overload,
 *   and the overloads that are there cannot be replaced. Rewriting integer literals to doubles
 *   breaks its static check of `[1, 2][0]` and leaves `size()` an int.
 * - Limits. It has none for work or memory at evaluation; every operator that can grow a value
 *   (`+`, `map`, `split`, `cel.bind`) would have to be wrapped through private fields of its tree.
 * - Speed. It takes 147 ns for `steps.a.output + 1.0` and 101 ns for `config.n`; the closures take 64 and
 *   66 ns, limits and freezing included.
 *
 * The tree is public and typed, so the parser can be updated without touching its internals.
 * expression.test.ts compares both evaluators on generated expressions.
 */
export const cel: Environment = new Environment({
  unlistedVariablesAreDyn: true,
  enableOptionalTypes: true,
  homogeneousAggregateLiterals: false,
  limits: {
    maxAstNodes: MAX_NODES,
    maxDepth: MAX_DEPTH,
    maxListElements: MAX_NODES,
    maxMapEntries: MAX_NODES,
  },
});

/** Why a text is no expression. */
export interface SyntaxProblem {
  readonly message: string;
  /** In the text, from 0. */
  readonly offset: number;
}

/** Parses CEL; a problem is returned, not thrown. */
export function parse(text: string): Node | SyntaxProblem {
  if (text.trim() === '') return { message: 'The expression is empty.', offset: 0 };
  if (text.length > MAX_TEXT)
    return { message: `The expression is longer than ${MAX_TEXT} characters.`, offset: 0 };
  try {
    return cel.parse(withCelOptionals(text)).ast as unknown as Node;
  } catch (error) {
    if (error instanceof ParseError) {
      return { message: `${phrase(error.summary)}.`, offset: Math.min(error.range?.start ?? 0, text.length) };
    }
    // "----…" and "!!!!…" recurse without a limit in the parser, until the stack is full.
    if (error instanceof RangeError) return { message: 'The expression is nested too deeply.', offset: 0 };
    throw error;
  }
}

export function isSyntaxProblem(parsed: Node | SyntaxProblem): parsed is SyntaxProblem {
  return 'offset' in parsed;
}

/** The parser names tokens in its messages as its source does. */
const tokens: Readonly<Record<string, string>> = {
  EOF: 'the end',
  IDENTIFIER: 'a name',
  COLON: '":"',
  COMMA: '","',
  DOT: '"."',
  QUESTION: '"?"',
  LPAREN: '"("',
  RPAREN: '")"',
  LBRACKET: '"["',
  RBRACKET: '"]"',
  LBRACE: '"{"',
  RBRACE: '"}"',
  NUMBER: 'a number',
  STRING: 'a string',
};

function phrase(summary: string): string {
  return summary.replace(/\b[A-Z]{2,}\b/g, (token) => tokens[token] ?? token);
}

/**
 * Lets people write `a?.b` and `a?.[b]`, as in most languages, for CEL's `a.?b` and `a[?b]`. The
 * length stays the same, and so do offsets; neither means anything else in CEL.
 */
function withCelOptionals(text: string): string {
  if (!text.includes('?.')) return text;
  let result = '';
  let copied = 0;
  for (let at = 0; at < text.length; at++) {
    const behind = skipQuoted(text, at);
    if (behind > at) {
      at = behind - 1;
      continue;
    }
    if (text[at] !== '?' || text[at + 1] !== '.') continue;
    const next = text[at + 2] ?? '';
    if (next === '[') result += `${text.slice(copied, at)}[? `;
    else if (/[A-Za-z_]/.test(next)) result += `${text.slice(copied, at)}.?${next}`;
    else continue;
    at += 2;
    copied = at + 1;
  }
  return result + text.slice(copied);
}
