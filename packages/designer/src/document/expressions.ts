// Where expressions stand in texts. The core compiles and checks them; this only finds and rewrites names in them.

/** The inside of a `${…}` with its offsets in the text; `end` is behind the brace, or the end of the text when there is none. */
export interface ExpressionPart {
  readonly expression: string;
  readonly start: number;
  readonly end: number;
  readonly isClosed: boolean;
}

/** Offset behind a quoted string or comment that starts at `at`, or `at`. */
export function skipQuoted(text: string, at: number): number {
  const first = text[at];
  if (first === '/' && text[at + 1] === '/') {
    const newline = text.indexOf('\n', at);
    return newline < 0 ? text.length : newline + 1;
  }
  if (first !== '"' && first !== "'") return at;
  const quote = text.startsWith(first.repeat(3), at) ? first.repeat(3) : first;
  let end = at + quote.length;
  while (end < text.length && !text.startsWith(quote, end)) end += text[end] === '\\' ? 2 : 1;
  return Math.min(end + quote.length, text.length);
}

/** All `${…}` of a text; `$${` is a literal. */
export function expressionsIn(text: string): ExpressionPart[] {
  const parts: ExpressionPart[] = [];
  for (let at = text.indexOf('${'); at >= 0; at = text.indexOf('${', at)) {
    if (at > 0 && text[at - 1] === '$') {
      at += 2;
      continue;
    }
    let depth = 0;
    let end = at + 2;
    for (; end < text.length; end++) {
      const behind = skipQuoted(text, end);
      if (behind > end) end = behind - 1;
      else if (text[end] === '{') depth++;
      else if (text[end] === '}' && depth-- === 0) break;
    }
    const isClosed = end < text.length;
    parts.push({
      expression: text.slice(at + 2, end),
      start: at + 2,
      end: isClosed ? end + 1 : end,
      isClosed,
    });
    at = end;
  }
  return parts;
}

/** Keys whose text is an expression even without `${}`. */
export const bareKeys: ReadonlySet<string> = new Set(['when', 'foreach', 'until']);

/**
 * Rewrites the expressions of a text.
 *
 * @param isBare - whether a text without `${}` is an expression as a whole
 */
export function mapExpressions(text: string, isBare: boolean, map: (expression: string) => string): string {
  const parts = expressionsIn(text);
  if (parts.length === 0) return isBare ? map(text) : text;
  let result = '';
  let at = 0;
  for (const { expression, start, isClosed } of parts) {
    if (!isClosed) break;
    result += text.slice(at, start) + map(expression);
    at = start + expression.length;
  }
  return result + text.slice(at);
}

/** Replaces `root.from` and `root["from"]` in an expression, outside of strings, where root is no key of something else. */
export function renameMember(expression: string, root: string, from: string, to: string): string {
  const dotted = new RegExp(`${root}\\s*\\.\\s*(\\??)\\s*([A-Za-z_]\\w*)`, 'y');
  const indexed = new RegExp(`${root}\\s*\\[\\s*(\\??)\\s*(?:"([^"\\\\]*)"|'([^'\\\\]*)')\\s*\\]`, 'y');
  let result = '';
  let copied = 0;
  for (let at = 0; at < expression.length; at++) {
    const behind = skipQuoted(expression, at);
    if (behind > at) {
      at = behind - 1;
      continue;
    }
    if (/[\w.-]/.test(expression[at - 1] ?? '')) continue;
    dotted.lastIndex = at;
    indexed.lastIndex = at;
    const match = dotted.exec(expression) ?? indexed.exec(expression);
    if (!match || (match[2] ?? match[3]) !== from) continue;
    const isWord = /^[A-Za-z_]\w*$/.test(to);
    result += `${expression.slice(copied, at)}${root}${isWord ? `.${match[1] ?? ''}${to}` : `[${match[1] ?? ''}'${to}']`}`;
    copied = at + match[0].length;
    at = copied - 1;
  }
  return result + expression.slice(copied);
}
