// @ts-expect-error The types of css-tree know nothing of this entry, which leaves out what validates values.
import parseCss from 'css-tree/parser';
import {
  type DefaultTreeAdapterTypes,
  defaultTreeAdapter,
  type ParserError,
  parse,
  parseFragment,
} from 'parse5';
import { type Checker, each, failedAt, ok, type Verdict } from './verdict.ts';

/** Elements whose end may be left out. */
const open = new Set(
  'html head body p li dt dd rt rp optgroup option colgroup caption thead tbody tfoot tr td th svg math path'.split(
    ' ',
  ),
);
const empty = new Set(
  'area base br col embed hr img input link meta param source track wbr frame keygen bgsound basefont image'.split(
    ' ',
  ),
);
/** Mistakes of a tag; the others are about whole pages, which documentation seldom shows. */
const serious =
  /^(eof-in|missing-end-tag-name|unexpected-character-in-attribute|unexpected-character-in-unquoted|unexpected-equals-sign|missing-whitespace-between|invalid-first-character|duplicate-attribute|missing-attribute-value|unexpected-solidus|end-tag-with-attributes)/;

/** HTML, a page or a part of one. */
export const checkHtml: Checker = each((text) => {
  const errors: ParserError[] = [];
  const options = { sourceCodeLocationInfo: true, onParseError: (error: ParserError) => errors.push(error) };
  const whole = /^\s*(<!doctype|<html)/i.test(text);
  const root = whole ? parse(text, options) : parseFragment(text, options);
  const error = errors.find(({ code }) => serious.test(code));
  if (error) return failedAt(text, error.startOffset, `HTML: ${error.code.replaceAll('-', ' ')}`);
  return unclosed(root, text) ?? ok;
});

function unclosed(root: DefaultTreeAdapterTypes.ParentNode, text: string): Verdict | undefined {
  const stack: DefaultTreeAdapterTypes.Node[] = [...root.childNodes].reverse();
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (!defaultTreeAdapter.isElementNode(node)) continue;
    const at = node.sourceCodeLocation;
    const void_ = empty.has(node.tagName) || open.has(node.tagName);
    const closed = at?.endTag !== undefined || !at?.startTag;
    const itself = at?.startTag && text.slice(at.startTag.startOffset, at.startTag.endOffset).endsWith('/>');
    if (!void_ && !closed && !itself)
      return failedAt(text, at.startOffset, `HTML: <${node.tagName}> is not closed`);
    stack.push(...[...node.childNodes].reverse());
  }
  return undefined;
}

/** CSS: rules, or declarations alone. */
export const checkCss: Checker = each((text) => {
  const asRules = firstError(text, 'stylesheet');
  if (asRules === undefined) return ok;
  if (!text.includes('{') && firstError(text, 'declarationList') === undefined) return ok;
  return failedAt(text, asRules.offset, `CSS: ${asRules.message}`);
});

function firstError(text: string, context: string): { offset: number; message: string } | undefined {
  const brackets = unbalanced(text);
  if (brackets !== undefined) return { offset: brackets, message: 'a bracket or string is not closed' };
  let first: { offset: number; message: string } | undefined;
  parseCss(text, {
    context,
    parseValue: true,
    onParseError: ({ offset, message }: { offset: number; message: string }) => {
      first ??= { offset, message };
    },
  });
  return first;
}

/** The parser closes what is open at the end, as browsers do. @returns the offset of the first bracket without partner */
function unbalanced(text: string): number | undefined {
  const opened: { at: number; closing: string }[] = [];
  for (const match of text.matchAll(
    /\/\*[\s\S]*?(?:\*\/|$)|"(?:[^"\\\n]|\\[\s\S])*("?)|'(?:[^'\\\n]|\\[\s\S])*('?)|[()[\]{}]/g,
  )) {
    const [token, double, single] = match;
    if (token.startsWith('/*')) continue;
    if (token.startsWith('"') || token.startsWith("'")) {
      if ((double ?? single) === '') return match.index;
      continue;
    }
    if ('([{'.includes(token)) opened.push({ at: match.index, closing: ')]}'['([{'.indexOf(token)]! });
    else if (opened.pop()?.closing !== token) return match.index;
  }
  return opened[0]?.at;
}
