import { Composer, type Document, Lexer, type ParseOptions, Parser } from 'yaml';
import type { ProblemCode } from '../model/problem.ts';
import type { Limits } from './limits.ts';

/** What the YAML parser found wrong, at an offset of the text. */
export interface TextFault {
  code: ProblemCode;
  offset: number;
  message: string;
}

/** More unreadable pieces than these say nothing new, and each costs 8 µs. */
const errorLimit = 100;
/** Anchors and tags on one value. One of each is all that YAML allows. */
const propertyLimit = 2;

// Duplicate keys are found later: the package compares each key with each (14 s for 100,000 keys).
const options: ParseOptions & {
  uniqueKeys: false;
  schema: 'core';
  resolveKnownTags: false;
  prettyErrors: false;
  logLevel: 'silent';
} = {
  uniqueKeys: false,
  schema: 'core',
  resolveKnownTags: false,
  prettyErrors: false,
  logLevel: 'silent',
};

/**
 * Parses YAML 1.2, of which JSON is a part. The parser proper keeps its own stack, so that depth is
 * measured while it reads; only then the composer, which is recursive, is let near.
 */
export function compose(text: string, limits: Limits): { yaml?: Document.Parsed; faults: TextFault[] } {
  const faults: TextFault[] = [];
  if (text.length > limits.size) {
    const message = `The document has ${text.length} characters; at most ${limits.size} are allowed.`;
    return { faults: [{ code: 'LIMIT', offset: 0, message }] };
  }
  const tokens = tokenise(text, limits, faults);
  if (!tokens) return { faults };
  let yaml: Document.Parsed | undefined;
  for (const document of new Composer(options).compose(tokens, true, text.length)) {
    if (yaml) {
      const message =
        'A file holds one workflow; a second document begins here. Put it into a file of its own.';
      faults.push({ code: 'SYNTAX', offset: document.range[0], message });
      break;
    }
    yaml = document as Document.Parsed;
  }
  const lines = new Set<number>();
  for (const error of yaml?.errors ?? []) {
    // What the parser finds lying about after a first slip only follows from it.
    if (faults.length > 0 && / in YAML stream/.test(error.message)) break;
    const [offset] = error.pos;
    const begin = text.lastIndexOf('\n', offset - 1) + 1;
    // One slip makes many errors; those further on in its line only follow from it.
    if (lines.has(begin)) continue;
    if (lines.add(begin).size > errorLimit) break;
    faults.push({ code: 'SYNTAX', offset, message: `${sentence(error.message)}${quoteHint(text, begin)}` });
  }
  for (const warning of (yaml?.warnings ?? []).slice(0, errorLimit)) {
    const tag = /tag/i.test(warning.code) || /tag/i.test(warning.message);
    const message = tag
      ? `${sentence(warning.message)} Tags are not part of the language; leave it out.`
      : sentence(warning.message);
    faults.push({ code: 'SYNTAX', offset: warning.pos[0], message });
  }
  return { yaml, faults };
}

/** The slip that everybody makes: an expression without quotes, whose braces and colons YAML takes for its own. */
function quoteHint(text: string, begin: number): string {
  const end = text.indexOf('\n', begin);
  const line = text.slice(begin, end < 0 ? undefined : end);
  const bare = /(?:^|[\s,{[])\$\{/.test(line);
  return bare ? ' Put quotes around values with an expression: "${…}".' : '';
}

type Token = Parameters<Composer['next']>[0];

function tokenise(text: string, limits: Limits, faults: TextFault[]): Token[] | undefined {
  const parser = new Parser();
  const tokens: Token[] = [];
  let errors = 0;
  let documents = 0;
  let properties = 0;
  let lexemes = 0;
  const take = (token: Token): void => {
    tokens.push(token);
    if (token.type === 'error' || token.type === 'directive') errors++;
    if (token.type === 'document') documents++;
  };
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) take(token);
    if (++lexemes > limits.tokens) {
      const message = `The document has more than ${limits.tokens} words, signs and line ends, which is the most that is read of YAML. Split it, or keep data elsewhere.`;
      faults.push({ code: 'LIMIT', offset: Math.min(parser.offset, text.length), message });
      return undefined;
    }
    // The document itself is the first entry of the stack.
    if (parser.stack.length > limits.depth + 2) {
      const message = `The document is nested more than ${limits.depth} levels deep.`;
      faults.push({ code: 'LIMIT', offset: Math.min(parser.offset, text.length), message });
      return undefined;
    }
    const first = lexeme[0];
    if (first === '&' || first === '!') properties++;
    else if (first !== ' ' && first !== '\t' && first !== '\n' && first !== '\r') properties = 0;
    if (properties > propertyLimit) {
      const message = 'A value has more than one anchor or tag.';
      faults.push({ code: 'SYNTAX', offset: parser.offset - lexeme.length, message });
      return undefined;
    }
    // What comes after that many errors or directives, or in a third document, says nothing new.
    if (errors > errorLimit || documents > 2) return tokens;
  }
  for (const token of parser.end()) take(token);
  return tokens;
}

function sentence(message: string): string {
  const line = message.split('\n')[0]!.trim();
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
