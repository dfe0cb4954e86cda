import { expressionsIn, skipQuoted } from '../document/expressions.ts';

/** A stretch of text with what it is. */
export interface Token {
  readonly text: string;
  readonly kind: 'text' | 'brace' | 'name' | 'string' | 'number' | 'word' | 'other';
}

/** The stretches of a template, without gaps. @param isBare - the text is an expression as a whole */
export function tokensOf(text: string, isBare: boolean): Token[] {
  const parts = expressionsIn(text);
  if (parts.length === 0) return isBare ? inExpression(text) : [{ text, kind: 'text' }];
  const tokens: Token[] = [];
  let at = 0;
  for (const { expression, start, end, isClosed } of parts) {
    tokens.push({ text: text.slice(at, start - 2), kind: 'text' }, { text: '${', kind: 'brace' });
    tokens.push(...inExpression(expression));
    if (isClosed) tokens.push({ text: '}', kind: 'brace' });
    at = end;
  }
  tokens.push({ text: text.slice(at), kind: 'text' });
  return tokens.filter(({ text: part }) => part !== '');
}

function inExpression(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    const behind = skipQuoted(text, at);
    if (behind > at) tokens.push({ text: text.slice(at, behind), kind: 'string' });
    else {
      const rest = text.slice(at);
      const match = /^[A-Za-z_]\w*/.exec(rest) ??
        /^\d[\d.]*/.exec(rest) ??
        /^[^\w"'/]+/.exec(rest) ?? [rest[0]!];
      const word = match[0];
      const kind = /^(true|false|null|in)$/.test(word)
        ? 'word'
        : /^[A-Za-z_]/.test(word)
          ? 'name'
          : /^\d/.test(word)
            ? 'number'
            : 'other';
      tokens.push({ text: word, kind });
    }
    at += tokens.at(-1)!.text.length;
  }
  return tokens;
}
