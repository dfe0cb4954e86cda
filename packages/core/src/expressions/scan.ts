/**
 * The end of a quoted CEL string, comment or neither.
 *
 * @param at - where the quote or `//` stands
 * @returns the offset behind it, or `at` when none starts there
 */
export function skipQuoted(text: string, at: number): number {
  const first = text[at];
  if (first === '/' && text[at + 1] === '/') {
    const newline = text.indexOf('\n', at);
    return newline < 0 ? text.length : newline + 1;
  }
  if (first !== '"' && first !== "'") return at;
  const quote = text.startsWith(first.repeat(3), at) ? first.repeat(3) : first;
  let end = at + quote.length;
  while (end < text.length && !text.startsWith(quote, end)) {
    // The parser skips what follows a backslash in raw strings too.
    if (text[end] === '\\') end++;
    // A string in single quotes ends with its line; the parser will say so.
    else if (quote.length === 1 && text[end] === '\n') return end;
    end++;
  }
  return Math.min(end + quote.length, text.length);
}

/** A part of a string: text as it is, or the inside of `${…}` with its offset in the string. */
export type Part = { readonly text: string } | { readonly expression: string; readonly offset: number };

/** Parts of a string, or the offset of a `${` that is never closed. */
export type Scanned = { readonly parts: readonly Part[] } | { readonly unclosed: number };

/** Splits a string at its `${…}`, minding braces and quotes inside; `$${` becomes the text `${`. */
export function scan(text: string): Scanned {
  const parts: Part[] = [];
  let literal = '';
  let at = 0;
  for (let next = text.indexOf('${'); next >= 0; next = text.indexOf('${', at)) {
    if (next > at && text[next - 1] === '$') {
      literal += `${text.slice(at, next - 1)}\${`;
      at = next + 2;
      continue;
    }
    const end = findEnd(text, next + 2);
    if (end < 0) return { unclosed: next };
    literal += text.slice(at, next);
    if (literal !== '') parts.push({ text: literal });
    literal = '';
    parts.push({ expression: text.slice(next + 2, end), offset: next + 2 });
    at = end + 1;
  }
  literal += text.slice(at);
  if (literal !== '' || parts.length === 0) parts.push({ text: literal });
  return { parts };
}

function findEnd(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const behind = skipQuoted(text, at);
    if (behind > at) at = behind - 1;
    else if (text[at] === '{') depth++;
    else if (text[at] === '}' && depth-- === 0) return at;
  }
  return -1;
}
