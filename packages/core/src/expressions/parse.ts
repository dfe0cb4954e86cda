import { ParseError } from '@marcbachmann/cel-js';
import { cel, prepareFor } from './environment.ts';
import { skipQuoted } from './scan.ts';
import { MAX_TEXT } from './work.ts';

/** Why a text is no expression. */
export interface SyntaxProblem {
  readonly message: string;
  /** In the text, from 0. */
  readonly offset: number;
}

export type Parsed = ReturnType<typeof cel.parse>;

/** Parses CEL; a problem is returned, not thrown. */
export function parse(text: string): Parsed | SyntaxProblem {
  if (text.trim() === '') return { message: 'The expression is empty.', offset: 0 };
  if (text.length > MAX_TEXT)
    return { message: `The expression is longer than ${MAX_TEXT} characters.`, offset: 0 };
  prepareFor(text);
  try {
    return cel.parse(withCelOptionals(text));
  } catch (error) {
    if (error instanceof ParseError) {
      return { message: `${phrase(error.summary)}.`, offset: Math.min(error.range?.start ?? 0, text.length) };
    }
    // "----…" and "!!!!…" recurse without a limit in the parser, until the stack is full.
    if (error instanceof RangeError) return { message: 'The expression is nested too deeply.', offset: 0 };
    throw error;
  }
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
