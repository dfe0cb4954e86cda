import GithubSlugger from 'github-slugger';
import type {
  Code,
  Definition,
  Heading as HeadingNode,
  Image,
  InlineCode,
  Link as LinkNode,
  Nodes,
} from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import type { CodeBlock, InlineCode as CodeSpan, Heading, Link, MarkdownDocument } from './model.ts';

/** Nobody writes deeper than this; the parser gets slow beyond. */
const maxNesting = 60;
/** As long a run of one character as a text may have where the parser looks back for its partner. */
const maxRun = 400;
/** As many marks as a paragraph may have; the time for them grows with their square. */
const maxMarks = 2000;

/**
 * Reads a Markdown file as GitHub does.
 *
 * @returns why it is not read, for what nobody wrote to be read
 */
export function parseMarkdown(text: string): MarkdownDocument | { readonly skipped: 'nested' } {
  if (isHostile(text)) return { skipped: 'nested' };
  try {
    return read(text);
  } catch (error) {
    if (error instanceof RangeError) return { skipped: 'nested' };
    throw error;
  }
}

function isHostile(text: string): boolean {
  let marks = 0;
  for (const line of text.split('\n')) {
    // What begins with one of these is no continuation of the paragraph before.
    if (/^\s*(?:$|[-+*>|#<]|\d+[.)]\s)/.test(line)) marks = 0;
    let depth = 0;
    let run = 0;
    let last = '';
    let leading = true;
    for (const character of line) {
      if (leading && '>-*+'.includes(character)) depth++;
      else if (character !== ' ' && character !== '\t') leading = false;
      run = character === last && '[]*_`<>!(&~|'.includes(character) ? run + 1 : 0;
      last = character;
      if ('*_[]~`<!'.includes(character)) marks++;
      if (run > maxRun || marks > maxMarks) return true;
    }
    if (depth > maxNesting && !/^[\s>*+-]*$/.test(line)) return true;
    if (depth > maxNesting * 4) return true;
  }
  return false;
}

/** Lists that a program keeps, with links that it knows to lead nowhere. */
const generated = /<!-- ALL-CONTRIBUTORS-LIST:START[\s\S]*?(?:<!-- ALL-CONTRIBUTORS-LIST:END|$)/g;

function read(text: string): MarkdownDocument {
  const root = fromMarkdown(withoutMatter(text), {
    extensions: [gfm()],
    mdastExtensions: [gfmFromMarkdown()],
  });
  const blocks: CodeBlock[] = [];
  const links: Link[] = [];
  const headings: Heading[] = [];
  const codes: CodeSpan[] = [];
  const anchors = new Set<string>();
  const slugger = new GithubSlugger();
  const starts = lineStarts(text);

  const heading = (depth: number, title: string, line: number): void => {
    const slug = slugger.slug(title);
    headings.push({ depth, text: title, slug, line });
    anchors.add(slug);
  };

  function visit(node: Nodes): void {
    if (node.type === 'code') blocks.push(...readBlock(node, text, starts));
    else if (node.type === 'link' || node.type === 'image' || node.type === 'definition')
      links.push(readLink(node, text));
    else if (node.type === 'heading') heading(node.depth, plain(node).trim(), node.position!.start.line);
    else if (node.type === 'inlineCode') codes.push(readInline(node, text));
    else if (node.type === 'html') {
      const at = node.position!.start;
      readHtml(node.value, at.offset!, at.line, { links, anchors, codes, heading });
    }
    if ('children' in node) for (const child of node.children) visit(child);
  }
  visit(root);
  const kept = [...text.matchAll(generated)].map(({ index, 0: part }) => ({
    from: index,
    to: index + part.length,
  }));
  const own = links.filter(({ start = -1 }) => !kept.some(({ from, to }) => start >= from && start < to));
  return { text, blocks, links: own, headings, anchors, codes };
}

/** Blanks in place of the YAML or TOML that a file may begin with, which is no Markdown. */
function withoutMatter(text: string): string {
  const [matter = ''] = /^\ufeff?(---|\+\+\+)[ \t]*\r?\n(?:[\s\S]*?\n)??\1[ \t]*(?=\r?\n|$)/.exec(text) ?? [];
  return matter.replace(/[^\r\n]/g, ' ') + text.slice(matter.length);
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Only fenced ones: what is indented says nothing of what it is. */
function readBlock(node: Code, text: string, starts: readonly number[]): CodeBlock[] {
  const { start, end } = node.position!;
  const opening = text.slice(start.offset, starts[start.line] ?? text.length);
  if (!/^(`{3}|~{3})/.test(opening)) return [];
  const lines = node.value.split(/\r?\n/);
  const from = starts[start.line];
  if (from === undefined || (node.value === '' && end.line - start.line < 2)) return [];
  const prefixes = lines.map((line, at) => {
    const begin = starts[start.line + at] ?? text.length;
    const stop = (starts[start.line + at + 1] ?? text.length + 1) - 1;
    const whole = text.slice(begin, stop).replace(/\r$/, '');
    return whole.endsWith(line) ? whole.slice(0, whole.length - line.length) : undefined;
  });
  const longest =
    prefixes.find((prefix, at) => prefix !== undefined && lines[at] !== '') ?? prefixes[0] ?? '';
  const last = starts[start.line + lines.length] ?? text.length + 1;
  const stop = text[last - 2] === '\r' ? last - 2 : last - 1;
  return [
    {
      language: (node.lang ?? '').toLowerCase(),
      meta: node.meta ?? '',
      text: lines.join('\n'),
      line: start.line + 1,
      start: from,
      end: Math.max(from, stop),
      prefix: longest,
    },
  ];
}

function readLink(node: LinkNode | Image | Definition, text: string): Link {
  const { start, end } = node.position!;
  const source = text.slice(start.offset, end.offset);
  // The address is the last thing in it but for a title, which begins with a quote or bracket.
  const title = 'title' in node && node.title ? source.lastIndexOf(node.title) : -1;
  const at = source.lastIndexOf(node.url, title < 0 ? undefined : title - node.url.length);
  return {
    kind: node.type === 'image' ? 'image' : 'link',
    url: node.url,
    start: at < 0 || node.url === '' ? undefined : start.offset! + at,
    line: start.line + source.slice(0, Math.max(0, at)).split('\n').length - 1,
  };
}

function readInline(node: InlineCode, text: string): CodeSpan {
  const { start, end } = node.position!;
  const at = text.slice(start.offset, end.offset).indexOf(node.value);
  return { text: node.value, start: at < 0 ? undefined : start.offset! + at, line: start.line };
}

interface Sink {
  readonly links: Link[];
  readonly anchors: Set<string>;
  readonly codes: CodeSpan[];
  heading(depth: number, title: string, line: number): void;
}

function readHtml(
  html: string,
  offset: number,
  line: number,
  { links, anchors, codes, heading }: Sink,
): void {
  const lineAt = (at: number): number => line + html.slice(0, at).split('\n').length - 1;
  for (const match of html.matchAll(/(?<!`)`([^`\n]{1,200})`(?!`)/g))
    codes.push({ text: match[1]!, start: offset + match.index + 1, line: lineAt(match.index) });
  const bare = html.replace(/<!--[\s\S]*?(?:-->|$)/g, (comment) => comment.replace(/[^\n]/g, ' '));
  for (const match of bare.matchAll(/\b(href|src|id|name)\s*=\s*(["'])([^"'<>]*)\2/gi)) {
    const [whole, name, , value] = match;
    const attribute = name!.toLowerCase();
    if (attribute === 'id' || attribute === 'name') anchors.add(value!);
    else if (value !== '') {
      const start = match.index + whole.length - 1 - value!.length;
      const kind = attribute === 'src' ? 'image' : 'link';
      links.push({ kind, url: value!, start: offset + start, line: lineAt(match.index) });
    }
  }
  for (const match of bare.matchAll(/<h([1-6])\b[^<>]*>([^<]*(?:<(?!\/h)[^<]*)*)<\/h\1>/gi)) {
    const title = match[2]!.replace(/<[^<>]*>/g, '').trim();
    if (title !== '') heading(Number(match[1]), title, lineAt(match.index));
  }
}

/** The text of a heading as GitHub makes its anchor from it: without images and tags. */
function plain(node: HeadingNode | Nodes): string {
  if (node.type === 'text' || node.type === 'inlineCode') return node.value;
  return 'children' in node ? node.children.map(plain).join('') : '';
}
