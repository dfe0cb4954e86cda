/** A part of a regular expression. */
export type PatternNode =
  /** One character: as it is written, or those that a native expression of a single character takes. */
  | { readonly kind: 'character'; readonly literal?: string; readonly source: string }
  | { readonly kind: 'place'; readonly place: Place }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly part: PatternNode; readonly least: number; readonly most: number };

/** Where in the text: at its start, at its end, at the edge of a word or elsewhere. */
export type Place = '^' | '$' | '\\b' | '\\B';

/** Why a pattern cannot be used, in words that follow "the pattern". */
export class PatternRefused extends Error {
  override name = 'PatternRefused';
}

const depthLimit = 100;

/** One character, one class, or one escape that stands for characters. */
const character =
  /\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\u\{[^}]*\}|\\u[\da-fA-F]{4}|\\x[\da-fA-F]{2}|\\c[A-Za-z]|\\[pP]\{[^}]*\}|\\.|\[(?:\\.|[^\]\\])*\]|[^\\]/suy;
const count = /\{(\d+)(,?)(\d*)\}/uy;
const groupName = /\?<[^>]*>/uy;

/** Reads a regular expression as ECMAScript does with the flag `u`. @throws PatternRefused */
export function parsePattern(source: string): PatternNode {
  try {
    // What is valid is known there; what follows may take it for granted.
    new RegExp(source, 'u');
  } catch {
    throw new PatternRefused('is no valid regular expression');
  }
  let at = 0;

  const choice = (depth: number): PatternNode => {
    if (depth > depthLimit)
      throw new PatternRefused(`has more than ${depthLimit} groups inside of each other`);
    const parts = [sequence(depth)];
    while (source[at] === '|') {
      at++;
      parts.push(sequence(depth));
    }
    return parts.length === 1 ? parts[0]! : { kind: 'choice', parts };
  };

  const sequence = (depth: number): PatternNode => {
    const parts: PatternNode[] = [];
    while (at < source.length && source[at] !== '|' && source[at] !== ')') parts.push(repeated(term(depth)));
    return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
  };

  const term = (depth: number): PatternNode => {
    const first = source[at]!;
    if (first === '(') return group(depth);
    if (first === '^' || first === '$') {
      at++;
      return { kind: 'place', place: first };
    }
    const text = take(character)![0];
    if (text === '\\b' || text === '\\B') return { kind: 'place', place: text };
    if (/^\\[1-9k]/.test(text)) throw new PatternRefused(`refers back to a group with ${text}`);
    const literal = /^[^\\[.]/u.test(text);
    return { kind: 'character', source: text, ...(literal ? { literal: text } : {}) };
  };

  const group = (depth: number): PatternNode => {
    at++;
    if (source[at] === '?' && source[at + 1] === ':') at += 2;
    else if (source[at] === '?') {
      const opening = `(${source.slice(at, at + (source[at + 1] === '<' ? 3 : 2))}`;
      if (/[=!]$/.test(opening)) throw new PatternRefused(`looks ahead or behind with "${opening}"`);
      if (!opening.startsWith('(?<')) throw new PatternRefused(`changes its flags with "${opening}"`);
      take(groupName);
    }
    const inner = choice(depth + 1);
    at++;
    return inner;
  };

  const repeated = (part: PatternNode): PatternNode => {
    const sign = source[at];
    let least = sign === '+' ? 1 : 0;
    let most = sign === '?' ? 1 : Number.POSITIVE_INFINITY;
    if (sign === '{') {
      const [, from, comma, to] = take(count)!;
      least = Number(from);
      if (comma === '') most = least;
      else if (to !== '') most = Number(to);
    } else if (sign === '*' || sign === '+' || sign === '?') at++;
    else return part;
    // Lazy or not makes no difference to whether a text matches.
    if (source[at] === '?') at++;
    return { kind: 'repeat', part, least, most };
  };

  const take = (expression: RegExp): RegExpExecArray | null => {
    expression.lastIndex = at;
    const found = expression.exec(source);
    at += found?.[0].length ?? 1;
    return found;
  };

  return choice(0);
}
