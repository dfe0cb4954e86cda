/** What of a text has no partner, as far as can be told without a parser. */
export interface Unpaired {
  readonly token: string;
  readonly at: number;
  readonly kind: 'opened' | 'closed' | 'quote';
}

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

interface Manner {
  readonly quotes: string;
  /** Quotes that may go over several lines. */
  readonly long: string;
  readonly comment: readonly string[];
}

const manners: Readonly<Record<string, Manner>> = {
  javascript: { quotes: '\'"`', long: '`', comment: ['//', '/*'] },
  typescript: { quotes: '\'"`', long: '`', comment: ['//', '/*'] },
  json: { quotes: '"', long: '', comment: [] },
  jsonc: { quotes: '"\'', long: '', comment: ['//', '/*'] },
  yaml: { quotes: '"\'', long: '"\'', comment: ['# '] },
  css: { quotes: '"\'', long: '', comment: ['/*'] },
  python: { quotes: '"\'', long: '', comment: ['#'] },
  shell: { quotes: '"\'', long: '"\'', comment: ['# '] },
  sql: { quotes: '\'"', long: '\'"', comment: ['--', '/*'] },
  rust: { quotes: '"', long: '"', comment: ['//', '/*'] },
  go: { quotes: '"`', long: '`', comment: ['//', '/*'] },
};

export function mannerOf(language: string): Manner | undefined {
  return Object.hasOwn(manners, language) ? manners[language] : undefined;
}

/** Brackets and quotes without partner, in the order of the text. */
export function unpaired(text: string, { quotes, long, comment }: Manner): Unpaired[] {
  const found: Unpaired[] = [];
  const opened: { token: string; at: number }[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    const remark = comment.find((mark) => text.startsWith(mark, at));
    if (remark !== undefined && (at === 0 || /\s|[;,)}\]]/.test(text[at - 1]!))) {
      const end = text.indexOf(remark === '/*' ? '*/' : '\n', at);
      at = end < 0 ? text.length : end;
    } else if (quotes.includes(character)) {
      // An apostrophe, in languages with bare words.
      if (
        character === "'" &&
        long.includes("'") &&
        /\w/.test(text[at - 1] ?? '') &&
        /\w/.test(text[at + 1] ?? '')
      )
        continue;
      const end = endOfString(text, at, long.includes(character));
      if (end === undefined) {
        found.push({ token: character, at, kind: 'quote' });
        const line = text.indexOf('\n', at);
        at = line < 0 ? text.length : line;
      } else at = end;
    } else if (character in closing) opened.push({ token: character, at });
    else if (')]}'.includes(character)) {
      const last = opened.at(-1);
      if (last && closing[last.token] === character) opened.pop();
      else {
        // Either this one is too much, or those opened since its partner are not closed.
        const partner = opened.findLastIndex(({ token }) => closing[token] === character);
        if (partner < 0) found.push({ token: character, at, kind: 'closed' });
        else {
          for (const each of opened.splice(partner).slice(1)) found.push({ ...each, kind: 'opened' });
          found.push({ token: character, at, kind: 'closed' });
        }
      }
    }
  }
  return [...found, ...opened.map((each): Unpaired => ({ ...each, kind: 'opened' }))].sort(
    (a, b) => a.at - b.at,
  );
}

function endOfString(text: string, start: number, long: boolean): number | undefined {
  const quote = text[start]!;
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === quote) return at;
    else if (text[at] === '\n' && !long) return undefined;
  }
  return undefined;
}

export function closingOf(token: string): string {
  return closing[token] ?? token;
}

export function openingOf(token: string): string {
  return Object.keys(closing).find((each) => closing[each] === token) ?? token;
}
